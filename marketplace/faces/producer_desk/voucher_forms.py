"""What a giver of vouchers types, and what a producer types of a flash sale; times are Vietnam's."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectChoice, SelectField

from marketplace.faces.producer_desk.forms import read_price
from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, read_dong, ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import Form, LineField
from marketplace.platform.web.templates import money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.pricing.services import SaleFacts
from marketplace.shop.pricing.totals import VoucherKind
from marketplace.shop.vouchers.services import VoucherFacts

MINUTES = "%Y-%m-%dT%H:%M"
MINUTE = timedelta(minutes=1)
Read = TypeVar("Read")
KINDS = {
    VoucherKind.AMOUNT: _l("Giảm một số tiền"),
    VoucherKind.PERCENT: _l("Giảm phần trăm"),
    VoucherKind.FREE_DELIVERY: _l("Miễn phí giao hàng"),
}


class MomentField(DateTimeLocalField):  # type: ignore[misc] # WTForms carries no types
    """A day and time; what is none is None, for the form to tell with all else."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        with suppress(ValueError):
            super().process_formdata(valuelist)


class SpanForm(Form):
    """Something that runs for a while. What cannot be read is kept in `unread`, by field, and told with all else."""

    starts_at = MomentField(_l("Bắt đầu lúc"), format=MINUTES)
    ends_at = MomentField(_l("Kết thúc lúc"), format=MINUTES)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.unread: dict[str, str] = {}

    def span(self, at: datetime) -> tuple[datetime, datetime]:
        """From when to when; for a time that was not read a stand-in that goes with the other."""
        start, end = (field.data and field.data.replace(tzinfo=VIETNAM) for field in (self.starts_at, self.ends_at))
        for name, moment in (("starts_at", start), ("ends_at", end)):
            if moment is None:
                self.unread[name] = N_("Nhập ngày và giờ.")
        start = start or (end or at) - MINUTE
        return start, end or max(start, at) + MINUTE

    def read(self, name: str, reader: Callable[[str, str], Read]) -> Read | None:
        """A number typed in a field; None where it is empty, or could not be read."""
        typed = self[name].data or ""
        try:
            return reader(typed, name) if typed else None
        except Invalid as invalid:
            self.unread |= invalid.fields
            return None


def usual_span(at: datetime, days: int) -> dict[str, datetime]:
    """The times a new form proposes: from this minute, for so many days."""
    start = at.astimezone(VIETNAM).replace(second=0, microsecond=0)
    return {"starts_at": start, "ends_at": start + timedelta(days=days)}


def read_whole(typed: str, field: str) -> int:
    """A whole number as people write it; raises Invalid on `field`."""
    digits = ungroup(typed)
    if digits is None or len(digits) > 8:
        raise Invalid({field: N_("Nhập bằng chữ số.")})
    return int(digits)


def read_amount(typed: str, field: str) -> Money:
    """An amount of dong as people write it; raises Invalid on `field`."""
    amount = read_dong(typed)
    if amount is None:
        raise Invalid({field: N_("Nhập số tiền bằng chữ số, ví dụ 50.000.")})
    return amount


class VoucherForm(SpanForm):
    """A new voucher. Numbers are typed as people write them; empty limits are none."""

    code = LineField(
        _l("Mã"),
        description=_l("Chữ và số, không phân biệt hoa thường, dấu. Ví dụ TET2026."),
    )
    name = LineField(
        _l("Tên"),
        description=_l("Người mua thấy tên này trên đơn."),
    )
    kind = SelectField(_l("Cách giảm"), choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()])
    amount = LineField(_l("Số tiền giảm, đồng"), description=_l("Khi giảm một số tiền."))
    percent = LineField(_l("Phần trăm giảm"), description=_l("Khi giảm phần trăm."))
    cap = LineField(
        _l("Giảm nhiều nhất, đồng"), description=_l("Cho phần trăm và phí giao. Để trống là không chặn trên.")
    )
    minimum_goods = LineField(_l("Tiền hàng từ, đồng"), description=_l("Để trống là đơn nào cũng dùng được."))
    most_uses = LineField(_l("Tất cả được dùng mấy lượt"), description=_l("Để trống là không giới hạn."))
    most_each = LineField(_l("Mỗi người mấy lượt"), description=_l("Tính theo số điện thoại và tài khoản."))

    def facts(self, at: datetime) -> VoucherFacts:
        """What was typed; what could not be read is in `unread`, with a stand-in here."""
        starts_at, ends_at = self.span(at)
        return VoucherFacts(
            code=self.code.data,
            name=self.name.data,
            kind=VoucherKind(self.kind.data),
            starts_at=starts_at,
            ends_at=ends_at,
            amount=self.read("amount", read_amount),
            percent=self.read("percent", read_whole),
            cap=self.read("cap", read_amount),
            minimum_goods=self.read("minimum_goods", read_amount) or Money(0),
            most_uses=self.read("most_uses", read_whole),
            most_each=self.read("most_each", read_whole),
        )


class SaleForm(SpanForm):
    """A new flash sale."""

    sku = SelectField(_l("Món"))
    price = LineField(_l("Giá chớp nhoáng, đồng"))
    units = LineField(
        _l("Bán nhiều nhất mấy món"),
        description=_l("Hết số này thì trở lại giá thường. Để trống là không giới hạn."),
    )

    def offer(self, goods: Iterable[tuple[str, Variant]]) -> None:
        """Let the producer choose among these variants, each with the name of its listing."""
        self.sku.choices = [SelectChoice(v.sku, f"{name}, {v.label} ({money(v.price)})") for name, v in goods]

    def facts(self, at: datetime) -> SaleFacts:
        """What was typed; what could not be read is in `unread`, with a stand-in here."""
        price = self.read("price", read_price)
        if price is None:
            self.unread.setdefault("price", N_("Nhập giá."))
        return SaleFacts(price or Money(0), *self.span(at), self.read("units", read_whole))
