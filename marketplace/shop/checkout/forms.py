"""What a buyer types at checkout."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.people.accounts.rules import read_email, read_phone
from marketplace.people.places.queries import list_communes, list_provinces
from marketplace.platform.core.errors import Invalid
from marketplace.platform.web.forms import LineField, TextField
from marketplace.shop.checkout.services import Address


class AddressForm(FlaskForm):  # type: ignore[misc] # Flask-WTF carries no types
    """Who receives the goods, and where, by today's units."""

    recipient = LineField(_l("Tên người nhận"), validators=[DataRequired(_l("Nhập tên người nhận")), Length(max=120)])
    phone = LineField(
        _l("Số điện thoại"),
        description=_l("Người giao hàng gọi số này. Ví dụ 0912 345 678."),
        validators=[DataRequired(_l("Nhập số điện thoại đủ 10 chữ số")), Length(max=20)],
    )
    email = LineField(
        _l("Địa chỉ thư"),
        description=_l("Xác nhận đơn và đường dẫn theo dõi gửi tới đây."),
        validators=[DataRequired(_l("Nhập địa chỉ thư")), Length(max=254)],
    )
    province_code = SelectField(
        _l("Tỉnh, thành phố"), validate_choice=False, validators=[DataRequired(_l("Chọn tỉnh"))]
    )
    commune_code = SelectField(
        _l("Xã, phường"), validate_choice=False, validators=[DataRequired(_l("Chọn xã hoặc phường"))]
    )
    street = LineField(
        _l("Số nhà, đường, thôn"),
        validators=[DataRequired(_l("Nhập số nhà, đường hoặc thôn bản")), Length(max=200)],
    )
    note = TextField(_l("Lời nhắn cho nơi bán (không bắt buộc)"), validators=[Optional(), Length(max=500)])

    def offer_places(self) -> None:
        """Fill the two selects: every province, and the communes of the one chosen."""
        provinces = [SelectChoice(p.code, p.name) for p in list_provinces()]
        self.province_code.choices = [SelectChoice("", _l("Chọn tỉnh…")), *provinces]
        communes = list_communes(self.province_code.data) if self.province_code.data else []
        named = [SelectChoice(c.code, c.name) for c in communes]
        self.commune_code.choices = [SelectChoice("", _l("Chọn xã, phường…")), *named]

    def address(self) -> Address:
        """What was typed, checked; raises Invalid with every field that will not do."""
        errors: dict[str, str] = {}
        read: dict[str, str] = {}
        for name, reader in (("phone", read_phone), ("email", read_email)):
            try:
                read[name] = reader(self[name].data)
            except Invalid as invalid:
                errors |= invalid.fields
        if errors:
            raise Invalid(errors)
        return Address(
            recipient=self.recipient.data,
            phone=read["phone"],
            email=read["email"],
            province_code=self.province_code.data,
            commune_code=self.commune_code.data,
            street=self.street.data,
            note=self.note.data or "",
        )
