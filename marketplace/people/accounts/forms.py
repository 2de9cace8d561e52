"""What people type on the account pages."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.people.accounts.models import Role
from marketplace.platform.web.forms import Form, LineField


class SignInForm(Form):
    """E-mail and password; `next` is where to go on."""

    email = LineField(_l("Địa chỉ thư"), validators=[DataRequired(_l("Nhập địa chỉ thư")), Length(max=254)])
    password = PasswordField(_l("Mật khẩu"), validators=[DataRequired(_l("Nhập mật khẩu")), Length(max=1024)])
    next = HiddenField()


class RegisterForm(Form):
    """A new account; the organisation's fields matter to producers and distributors."""

    role = RadioField(
        _l("Bạn là ai?"),
        choices=[
            SelectChoice(Role.BUYER.value, _l("Người mua")),
            SelectChoice(Role.PRODUCER.value, _l("Nơi làm ra sản phẩm")),
            SelectChoice(Role.DISTRIBUTOR.value, _l("Nhà phân phối")),
        ],
        default=Role.BUYER.value,
        validators=[DataRequired(_l("Chọn một vai trò."))],
    )
    name = LineField(_l("Tên của bạn"), validators=[DataRequired(_l("Nhập tên của bạn")), Length(max=120)])
    email = LineField(
        _l("Địa chỉ thư"),
        description=_l("Thư về đơn hàng gửi tới đây."),
        validators=[DataRequired(_l("Nhập địa chỉ thư")), Length(max=254)],
    )
    phone = LineField(
        _l("Số điện thoại"), description=_l("Ví dụ 0912 345 678."), validators=[Optional(), Length(max=20)]
    )
    password = PasswordField(
        _l("Mật khẩu"),
        description=_l("Ít nhất 8 ký tự. Một câu dài dễ nhớ thì tốt hơn một từ lạ."),
        validators=[DataRequired(_l("Nhập mật khẩu")), Length(max=1024)],
    )
    next = HiddenField()
    organisation_name = LineField(_l("Tên cơ sở, hợp tác xã hoặc công ty"), validators=[Optional(), Length(max=200)])
    producer_kind = SelectField(_l("Loại cơ sở"), validate_choice=False)
    commune_code = SelectField(_l("Xã, phường nơi làm"), validate_choice=False)


def _email(label: object) -> LineField:
    return LineField(label, validators=[DataRequired(_l("Nhập địa chỉ thư")), Length(max=254)])


def _password(label: object, description: object = "") -> PasswordField:
    return PasswordField(
        label, description=description, validators=[DataRequired(_l("Nhập mật khẩu")), Length(max=1024)]
    )


def _new_password(label: object) -> PasswordField:
    return _password(label, _l("Ít nhất 8 ký tự. Một câu dài dễ nhớ thì tốt hơn một từ lạ."))


class EmptyForm(Form):
    """Nothing but the button and the form's token."""


class EmailForm(Form):
    """An address to write to."""

    email = _email(_l("Địa chỉ thư"))


class PasswordForm(Form):
    """The password, once more."""

    password = _password(_l("Mật khẩu"))


class NewPasswordForm(Form):
    """A new password."""

    password = _new_password(_l("Mật khẩu mới"))


class ChangePasswordForm(NewPasswordForm):
    """A new password, by somebody who knows the old one."""

    old_password = _password(_l("Mật khẩu hiện nay"))


class NewEmailForm(Form):
    """A new address, by somebody who knows the password."""

    email = _email(_l("Địa chỉ thư mới"))
    password = _password(_l("Mật khẩu hiện nay"))


class JoinForm(Form):
    """Who joins an organisation without an account."""

    name = LineField(_l("Tên của bạn"), validators=[DataRequired(_l("Nhập tên của bạn")), Length(max=120)])
    password = _new_password(_l("Mật khẩu"))


class ProfileForm(Form):
    """A person's own facts."""

    name = LineField(_l("Tên của bạn"), validators=[DataRequired(_l("Nhập tên của bạn")), Length(max=120)])
    phone = LineField(
        _l("Số điện thoại"), description=_l("Ví dụ 0912 345 678."), validators=[Optional(), Length(max=20)]
    )
    language = RadioField(
        _l("Ngôn ngữ của trang và thư gửi bạn"),
        choices=[SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")],
        default="vi",
    )
