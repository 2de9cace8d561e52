"""What people type about the second step."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, Length, StopValidation

from marketplace.platform.web.forms import Form, LineField


def _code_or_touch(form: Any, field: Any) -> None:
    if not field.data and not form.touch.data:
        raise StopValidation(_l("Nhập mã xác minh"))


class CodeForm(Form):
    """A code of the device, or one on paper; or what a key answered."""

    code = LineField(
        _l("Mã xác minh"),
        description=_l("Sáu chữ số trong ứng dụng, hoặc một mã dự phòng trên giấy."),
        validators=[_code_or_touch, Length(max=40)],
    )
    touch = HiddenField()


class PasswordAndCodeForm(CodeForm):
    """The password, and a code or a touch."""

    password = PasswordField(_l("Mật khẩu"), validators=[DataRequired(_l("Nhập mật khẩu")), Length(max=1024)])


class KeyNameForm(Form):
    """What a person calls a key."""

    name = LineField(
        _l("Tên khóa"),
        description=_l("Để phân biệt khi có nhiều khóa, ví dụ Khóa ở cơ quan."),
        validators=[Length(max=60)],
    )


class NewKeyForm(KeyNameForm):
    """A new key, as the browser brought it."""

    touch = HiddenField(validators=[DataRequired()])
