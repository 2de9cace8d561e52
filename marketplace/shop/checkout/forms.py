"""What a buyer types at checkout."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.people.accounts.rules import read_email, read_phone
from marketplace.people.addresses.forms import PlaceForm
from marketplace.people.addresses.services import AddressFacts
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import Form, LineField, TextField
from marketplace.shop.checkout.rules import read_tax_code
from marketplace.shop.checkout.services import Address, Extras, Invoice, Receiver

INVOICE_FIELDS = {  # what is said where it is missing
    "invoice_name": N_("Nhập tên ghi trên hóa đơn"),
    "invoice_tax_code": N_("Nhập mã số thuế"),
    "invoice_address": N_("Nhập địa chỉ ghi trên hóa đơn"),
    "invoice_email": N_("Nhập địa chỉ thư nhận hóa đơn"),
}


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


class PickupForm(Form):
    """Who fetches the goods, and at which point."""

    point = RadioField(_l("Nhận tại"), validate_choice=False)
    recipient = LineField(_l("Tên người nhận"), validators=[DataRequired(_l("Nhập tên người nhận")), Length(max=120)])
    phone = LineField(
        _l("Số điện thoại"),
        description=_l("Điểm nhận gọi số này khi cần. Ví dụ 0912 345 678."),
        validators=[DataRequired(_l("Nhập số điện thoại đủ 10 chữ số")), Length(max=20)],
    )
    email = LineField(
        _l("Địa chỉ thư"),
        description=_l("Mã nhận hàng gửi tới đây khi hàng đến điểm."),
        validators=[DataRequired(_l("Nhập địa chỉ thư")), Length(max=254)],
    )
    note = TextField(_l("Lời nhắn cho nơi bán (không bắt buộc)"), validators=[Optional(), Length(max=500)])

    def receiver(self) -> Receiver:
        """What was typed, checked; raises Invalid with every field that will not do."""
        errors: dict[str, str] = {}
        read = {"phone": "", "email": ""}
        for name, reader in (("phone", read_phone), ("email", read_email)):
            try:
                read[name] = reader(self[name].data)
            except Invalid as invalid:
                errors |= invalid.fields
        if errors:
            raise Invalid(errors)
        return Receiver(self.recipient.data, read["phone"], read["email"], self.note.data or "")


class ExtrasForm(Form):
    """A note for a gift; an invoice, with all its facts where any is given."""

    gift_note = TextField(
        _l("Lời chúc gửi kèm quà"),
        description=_l("Nơi bán viết tay lời này và không để giá trong kiện hàng. Để trống nếu không phải quà."),
        validators=[Optional(), Length(max=300)],
    )
    invoice = BooleanField(_l("Tôi cần hóa đơn"))
    invoice_name = LineField(_l("Tên đơn vị hoặc người mua"), validators=[Optional(), Length(max=200)])
    invoice_tax_code = LineField(_l("Mã số thuế"), validators=[Optional(), Length(max=20)])
    invoice_address = LineField(_l("Địa chỉ trên hóa đơn"), validators=[Optional(), Length(max=300)])
    invoice_email = LineField(_l("Gửi hóa đơn tới thư"), validators=[Optional(), Length(max=254)])

    def extras(self) -> Extras:
        """What was asked for, checked; raises Invalid with every field that will not do."""
        note = self.gift_note.data or ""
        return Extras(note, self._invoice() if self.invoice.data else None)

    def _invoice(self) -> Invoice:
        errors = {name: missing for name, missing in INVOICE_FIELDS.items() if not self[name].data}
        tax_code = email = ""
        try:
            tax_code = read_tax_code(self.invoice_tax_code.data or "")
        except Invalid as invalid:
            errors = invalid.fields | errors
        try:
            email = read_email(self.invoice_email.data or "")
        except Invalid as invalid:
            errors = {"invoice_email": invalid.fields["email"]} | errors
        if errors:
            raise Invalid(errors)
        return Invoice(self.invoice_name.data, tax_code, self.invoice_address.data, email)
