"""What a giver of vouchers types, and what a producer types of a flash sale; times are Vietnam's."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.faces.producer_desk.forms import read_price
from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import Form, LineField
from marketplace.platform.web.templates import money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.pricing.services import SaleFacts
from marketplace.shop.pricing.totals import VoucherKind
from marketplace.shop.vouchers.services import VoucherFacts

MINUTES = "%Y-%m-%dT%H:%M"
KINDS = {
    VoucherKind.AMOUNT: _l("Giảm một số tiền"),
    VoucherKind.PERCENT: _l("Giảm phần trăm"),
    VoucherKind.FREE_DELIVERY: _l("Miễn phí giao hàng"),
}


class SpanForm(Form):
    """Something that runs for a while."""

    starts_at = DateTimeLocalField(
        _l("Bắt đầu lúc"), format=MINUTES, validators=[DataRequired(_l("Nhập ngày và giờ."))]
    )
    ends_at = DateTimeLocalField(_l("Kết thúc lúc"), format=MINUTES, validators=[DataRequired(_l("Nhập ngày và giờ."))])

    def span(self) -> tuple[datetime, datetime]:
        """From when to when."""
        return self.starts_at.data.replace(tzinfo=VIETNAM), self.ends_at.data.replace(tzinfo=VIETNAM)

    def read_all(self, readers: dict[str, Callable[[str, str], Any]]) -> dict[str, Any]:
        """Each of these fields read, empty ones as None; raises Invalid with every field that will not do."""
        read: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, reader in readers.items():
            typed = self[name].data or ""
            try:
                read[name] = reader(typed, name) if typed else None
            except Invalid as invalid:
                wrong |= invalid.fields
        if wrong:
            raise Invalid(wrong)
        return read


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


class VoucherForm(SpanForm):
    """A new voucher. Numbers are typed as people write them; empty limits are none."""

    code = LineField(
        _l("Mã"),
        description=_l("Chữ và số, không phân biệt hoa thường, dấu. Ví dụ TET2026."),
        validators=[DataRequired(_l("Nhập mã.")), Length(max=40)],
    )
    name = LineField(
        _l("Tên"),
        description=_l("Người mua thấy tên này trên đơn."),
        validators=[DataRequired(_l("Nhập tên.")), Length(max=120)],
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

    def facts(self) -> VoucherFacts:
        """What was typed; raises Invalid with every field that is no number."""
        price, whole = read_price, read_whole
        read = self.read_all(
            {
                "amount": price,
                "percent": whole,
                "cap": price,
                "minimum_goods": price,
                "most_uses": whole,
                "most_each": whole,
            }
        )
        starts_at, ends_at = self.span()
        least = read.pop("minimum_goods") or Money(0)
        return VoucherFacts(
            code=self.code.data,
            name=self.name.data,
            kind=VoucherKind(self.kind.data),
            starts_at=starts_at,
            ends_at=ends_at,
            minimum_goods=least,
            **read,
        )


class SaleForm(SpanForm):
    """A new flash sale."""

    sku = SelectField(_l("Món"))
    price = LineField(_l("Giá chớp nhoáng, đồng"), validators=[DataRequired(_l("Nhập giá."))])
    units = LineField(
        _l("Bán nhiều nhất mấy món"),
        description=_l("Hết số này thì trở lại giá thường. Để trống là không giới hạn."),
        validators=[Optional()],
    )

    def offer(self, goods: Iterable[tuple[str, Variant]]) -> None:
        """Let the producer choose among these variants, each with the name of its listing."""
        self.sku.choices = [SelectChoice(v.sku, f"{name}, {v.label} ({money(v.price)})") for name, v in goods]

    def facts(self) -> SaleFacts:
        """What was typed; raises Invalid with every field that is no number."""
        read = self.read_all({"price": read_price, "units": read_whole})
        return SaleFacts(read["price"], *self.span(), read["units"])
