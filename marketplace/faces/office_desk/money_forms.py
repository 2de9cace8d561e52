"""What officers type about money."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.platform.core.money import Money, read_dong
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import DayField, Form, LineField
from marketplace.shop.payments.models import RefundReason
from marketplace.shop.payouts.services.carriers import RemittanceFacts


class AmountField(LineField):
    """Dong as people type them: 95000, 95.000, 95.000đ. What is none is zero, which every service refuses."""

    @property
    def money(self) -> Money:
        return read_dong(self.data or "") or Money(0)


class RateField(LineField):
    """A percentage as people type it, 2,5 or 2.5, at most two places. What is none is below zero, which is refused."""

    @property
    def bp(self) -> int:
        whole, _mark, part = (self.data or "").rstrip(" %").replace(",", ".").partition(".")
        figures = whole + part.ljust(2, "0")
        good = figures.isascii() and figures.isdecimal() and 0 < len(whole) < 4 and len(part) <= 2
        return int(figures) if good else -1


class CommissionForm(Form):
    """What the platform keeps, of whom, from which day, by which decision."""

    producer = SelectField(_l("Của ai"))
    rate = RateField(_l("Tỷ lệ (%)"), description=_l("Của tiền hàng, từ 0 đến 50. Ví dụ 2,5."))
    valid_from = DayField(_l("Từ ngày"), description=_l("Hôm nay hoặc sau. Đơn đã đặt giữ tỷ lệ lúc đặt."))
    reason = LineField(_l("Lý do"), description=_l("Ví dụ số quyết định."))

    @property
    def unread(self) -> dict[str, str]:
        """What could not be read, by field; the service tells the rest."""
        return {} if self.valid_from.data else {"valid_from": N_("Nhập ngày như 31/12/2026.")}

    def offer(self, producers: Sequence[tuple[str, str]]) -> None:
        """Producers to choose from; none is everybody."""
        everybody = SelectChoice("", _l("Mọi nơi bán chưa có tỷ lệ riêng"))
        self.producer.choices = [everybody, *(SelectChoice(slug, name) for slug, name in producers)]


class GiveBackForm(Form):
    """How much of a delivered part goes back, and why."""

    amount = AmountField(_l("Số tiền hoàn (₫)"), [InputRequired(), Length(max=20)])
    reason = SelectField(
        _l("Vì sao"),
        choices=[
            SelectChoice(RefundReason.RETURNED.value, _l("Hàng trả lại")),
            SelectChoice(RefundReason.GOODWILL.value, _l("Hoàn thiện chí")),
        ],
    )
    note = LineField(_l("Lý do"), [InputRequired(), Length(max=200)])

    def facts(self) -> dict[str, Any]:
        return {"amount": self.amount.money, "reason": RefundReason(self.reason.data), "note": self.note.data}


class BankForm(Form):
    """The number of the bank's transfer."""

    bank_reference = LineField(_l("Số giao dịch của ngân hàng"), [InputRequired(), Length(max=80)])


class TroubleForm(Form):
    """What the bank said of a payment that it could not make."""

    trouble = LineField(_l("Ngân hàng báo gì"), [InputRequired(), Length(max=200)])


class RemittanceForm(Form):
    """Cash that a carrier paid in, and the parts it covers."""

    amount = AmountField(_l("Số tiền nhận được (₫)"), [InputRequired(), Length(max=20)])
    bank_reference = LineField(_l("Số giao dịch của ngân hàng"), [InputRequired(), Length(max=80)])
    received_on = DateField(_l("Ngày nhận"), [InputRequired()], format=["%d/%m/%Y", "%Y-%m-%d"])
    parts = SelectMultipleField(_l("Các phần đơn lần nộp này trả"), [Optional()])

    def offer(self, numbers: Sequence[tuple[str, str]]) -> None:
        self.parts.choices = [SelectChoice(value, label) for value, label in numbers]

    def facts(self, carrier: str) -> RemittanceFacts:
        return RemittanceFacts(
            carrier, self.amount.money, self.bank_reference.data, self.received_on.data, tuple(self.parts.data or ())
        )
