"""What a buyer types at checkout."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.people.accounts.rules import read_email, read_phone
from marketplace.people.addresses.forms import PlaceForm
from marketplace.people.addresses.services import AddressFacts
from marketplace.platform.web.forms import LineField, TextField
from marketplace.shop.checkout.services import Address


class AddressForm(PlaceForm):
    """Who receives the goods, and where, by today's units; where to write; a note; whether to keep the address."""

    email = LineField(
        _l("Địa chỉ thư"),
        description=_l("Xác nhận đơn và đường dẫn theo dõi gửi tới đây."),
        validators=[DataRequired(_l("Nhập địa chỉ thư")), Length(max=254)],
    )
    note = TextField(_l("Lời nhắn cho nơi bán (không bắt buộc)"), validators=[Optional(), Length(max=500)])
    keep = BooleanField(_l("Lưu vào sổ địa chỉ"))

    def address(self) -> Address:
        """What was typed, checked; raises Invalid with every field that will not do."""
        return Address(
            recipient=self.recipient.data,
            province_code=self.province_code.data,
            commune_code=self.commune_code.data,
            street=self.street.data,
            note=self.note.data or "",
            **self.read({"phone": read_phone, "email": read_email}),
        )

    def saved(self) -> AddressFacts:
        """The same for the address book."""
        return AddressFacts(
            recipient=self.recipient.data,
            phone=self.read({"phone": read_phone})["phone"],
            province_code=self.province_code.data,
            commune_code=self.commune_code.data,
            street=self.street.data,
        )
