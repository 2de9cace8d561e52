"""What a guest types to ask a service's maker."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from marketplace.people.accounts.rules import read_email, read_phone
from marketplace.platform.core.ids import new_token
from marketplace.platform.web.forms import Form, LineField, TextField
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import money
from marketplace.shop.bookings.rules import MOST_PEOPLE
from marketplace.shop.bookings.services import Asked
from marketplace.shop.catalog.models import Variant


class AskForm(Form):
    """One form for both: with a date it requests a booking, without it asks."""

    key = HiddenField(validators=[DataRequired(), Length(max=64)])
    sku = SelectField(_l("Gói"))
    starts_on = DateField(
        _l("Ngày đến"), description=_l("Chưa rõ ngày thì để trống, chỉ hỏi."), validators=[Optional()]
    )
    ends_on = DateField(_l("Ngày cuối (nếu nhiều ngày)"), validators=[Optional()])
    people = IntegerField(
        _l("Số khách"), validators=[Optional(), NumberRange(1, MOST_PEOPLE, _l("Nhập số khách, từ 1 đến 500."))]
    )
    name = LineField(_l("Tên bạn"), validators=[DataRequired(_l("Nhập tên của bạn")), Length(max=120)])
    phone = LineField(_l("Số điện thoại"), validators=[DataRequired(_l("Nhập số điện thoại đủ 10 chữ số"))])
    email = LineField(_l("Địa chỉ thư"), validators=[DataRequired(_l("Nhập địa chỉ thư")), Length(max=254)])
    message = TextField(_l("Lời nhắn"), validators=[Length(max=2000, message=_l("Nhiều nhất 2.000 ký tự."))])

    def asked(self, slug: str) -> Asked:
        """What was typed; raises Invalid on `email` or `phone`."""
        return Asked(
            listing_slug=slug,
            name=self.name.data,
            phone=read_phone(self.phone.data),
            email=read_email(self.email.data),
            message=self.message.data or "",
            sku=self.sku.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            people=self.people.data,
            language=language(),
        )


def ask_form(variants: Sequence[Variant]) -> Any:
    """The form with what may be asked for; a fresh one carries a key of its own."""
    form = AskForm()
    english = language() == "en"
    form.sku.choices = [
        SelectChoice(v.sku, f"{(v.label_en if english else '') or v.label}, {money(v.price)}") for v in variants
    ]
    if not form.key.data:
        form.key.data = new_token()
    form.sku.validate_choice = False  # the service says it in our words
    return form
