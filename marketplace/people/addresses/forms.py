"""Who receives goods, and where, by today's units: what the address book and the checkout ask alike."""

from collections.abc import Callable, Mapping

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.people.accounts.rules import read_phone
from marketplace.people.addresses.services import AddressFacts
from marketplace.people.places.queries import list_communes, list_provinces
from marketplace.platform.core.errors import Invalid
from marketplace.platform.web.forms import Form, LineField

Reader = Callable[[str], str]


class PlaceForm(Form):
    """Recipient, phone, province, commune, street."""

    recipient = LineField(_l("Tên người nhận"), validators=[DataRequired(_l("Nhập tên người nhận")), Length(max=120)])
    phone = LineField(
        _l("Số điện thoại"),
        description=_l("Người giao hàng gọi số này. Ví dụ 0912 345 678."),
        validators=[DataRequired(_l("Nhập số điện thoại đủ 10 chữ số")), Length(max=20)],
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

    def offer_places(self) -> None:
        """Fill the two selects: every province, and the communes of the one chosen."""
        provinces = [SelectChoice(p.code, p.name) for p in list_provinces()]
        self.province_code.choices = [SelectChoice("", _l("Chọn tỉnh…")), *provinces]
        communes = list_communes(self.province_code.data) if self.province_code.data else []
        named = [SelectChoice(c.code, c.name) for c in communes]
        self.commune_code.choices = [SelectChoice("", _l("Chọn xã, phường…")), *named]

    def read(self, readers: Mapping[str, Reader]) -> dict[str, str]:
        """What some fields' texts mean; raises Invalid with every field that will not do."""
        errors: dict[str, str] = {}
        read: dict[str, str] = {}
        for name, reader in readers.items():
            try:
                read[name] = reader(self[name].data)
            except Invalid as invalid:
                errors |= invalid.fields
        if errors:
            raise Invalid(errors)
        return read


class SavedAddressForm(PlaceForm):
    """One entry of the address book."""

    label = LineField(
        _l("Tên gọi (không bắt buộc)"), description=_l("Ví dụ: Nhà, Cơ quan."), validators=[Optional(), Length(max=60)]
    )
    is_default = BooleanField(_l("Dùng làm địa chỉ mặc định"))

    def facts(self) -> AddressFacts:
        """What was typed, checked; raises Invalid with every field that will not do."""
        return AddressFacts(
            label=self.label.data or "",
            recipient=self.recipient.data,
            phone=self.read({"phone": read_phone})["phone"],
            province_code=self.province_code.data,
            commune_code=self.commune_code.data,
            street=self.street.data,
        )
