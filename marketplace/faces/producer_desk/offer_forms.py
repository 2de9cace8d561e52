"""What a producer types of a wholesale offer. Numbers are typed as people write them and read by `terms`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import Length, Optional

from marketplace.faces.storefront.trade_forms import FiguresForm, offered_kinds, offered_storages, offered_units, shown
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.web.forms import LineField, TextField
from marketplace.platform.web.templates import money, words
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.rules import MONTHS, Unit
from marketplace.shop.pricing.rules import Terms
from marketplace.trade.demands.models import Storage
from marketplace.trade.demands.rules import DEMAND_UNITS
from marketplace.trade.offers.models import WholesaleOffer
from marketplace.trade.offers.rules import same_each_month, year_of
from marketplace.trade.offers.services import OfferTerms

WHOLES = ("least_order", "lead_days", "most_payment_days", "most_discount", "most_listing_fee")
TICKS = ("consignment", "exclusive", "invoice", "traceability", "first_time")
YEARS = ("capacity", "committed")


class OfferForm(FiguresForm):
    """One listing's wholesale offer; `capacity_1` to `committed_12` are its months."""

    sku = SelectField(_l("Quy cách bán sỉ"))
    unit = SelectField(
        _l("Đơn vị"),
        choices=offered_units,
        description=_l("Số lượng dưới đây tính theo đơn vị này. “Cái” là một gói, hộp, chai."),
    )
    each_capacity = LineField(
        _l("Mỗi tháng làm được"),
        description=_l("Khi tháng nào trong mùa cũng như nhau. Khác nhau thì để trống và ghi từng tháng bên dưới."),
        validators=[Length(max=15)],
    )
    each_committed = LineField(
        _l("Trong đó đã hứa mỗi tháng"),
        description=_l("Lượng đã ký hợp đồng với nơi khác; phần còn lại mới đem chào."),
        validators=[Length(max=15)],
    )
    least_order = LineField(_l("Đơn ít nhất"), description=_l("Dưới mức này không nhận."), validators=[Length(max=15)])
    lead_days = LineField(_l("Từ lúc đặt đến lúc giao, ngày"), validators=[Length(max=4)])
    storage = SelectField(_l("Hàng phải giữ ở"), choices=offered_storages)
    invoice = BooleanField(_l("Xuất được hóa đơn điện tử"))
    traceability = BooleanField(_l("Bao bì có tem hoặc mã truy xuất đến lô"))
    barcode = LineField(
        _l("Mã vạch trên bao bì (GTIN)"),
        description=_l("Ví dụ 8936012345674. Để trống nếu chưa có."),
        validators=[Length(max=20)],
    )
    most_discount = LineField(
        _l("Chiết khấu nhiều nhất, phần trăm giá lẻ"), description=_l("Để trống là sẽ bàn."), validators=[Length(max=3)]
    )
    most_payment_days = LineField(
        _l("Chờ tiền nhiều nhất, ngày"), description=_l("Để trống là sẽ bàn."), validators=[Length(max=4)]
    )
    most_listing_fee = LineField(
        _l("Phí mở mã chịu được, đồng"),
        description=_l("0 là không chịu phí. Để trống là sẽ bàn."),
        validators=[Length(max=20)],
    )
    consignment = BooleanField(_l("Nhận ký gửi: bán được mới lấy tiền"))
    exclusive = BooleanField(_l("Nhận bán độc quyền cho một nơi trong một vùng"))
    first_time = BooleanField(
        _l("Chưa từng giao hàng cho nơi phân phối nào"), description=_l("Tỉnh xếp lịch gặp cho người mới trước.")
    )
    channels = SelectMultipleField(
        _l("Muốn bán ở"),
        choices=offered_kinds,
        description=_l("Không chọn là nơi nào cũng được."),
        validators=[Optional()],
    )
    note = TextField(_l("Nói thêm với nơi mua"), validators=[Length(max=2000)])
    note_en = TextField(_l("Nói thêm, tiếng Anh"), validators=[Length(max=2000)])

    @classmethod
    def of(cls, listing: Listing, variants: list[Variant], offer: WholesaleOffer | None, usual: Terms) -> "OfferForm":
        """The form, filled with the offer, or with what the listing and the shop's terms say."""
        form = cls(data=_typed(listing, offer) if offer else _begin(listing, usual))
        form.sku.choices = [SelectChoice(v.sku, f"{words(v.label, v.label_en)} ({money(v.price)})") for v in variants]
        if offer and not form.is_submitted():
            form.sku.data = next((v.sku for v in variants if v.id == offer.variant_id), None)
        return form

    def terms(self, season: int) -> OfferTerms:
        """What was typed; raises Invalid with every field that is no number."""
        wrong: dict[str, str] = {}
        read: dict[str, Any] = {name: self.whole(name, wrong) for name in WHOLES}
        for name in YEARS:
            read[name] = self._year(name, season, wrong)
        if wrong:
            raise Invalid(wrong)
        fee = read.pop("most_listing_fee")
        read |= {name: bool(self[name].data) for name in TICKS}
        return OfferTerms(
            sku=self.sku.data or "",
            unit=Unit(self.unit.data),
            storage=Storage(self.storage.data),
            barcode="".join((self.barcode.data or "").split()),
            most_listing_fee=None if fee is None else Money(fee),
            channels=tuple(self.channels.data or ()),
            note=self.note.data or "",
            note_en=self.note_en.data or "",
            **read,
        )

    def months(self, name: str) -> list[Any]:
        """The twelve fields of one year."""
        return [self[f"{name}_{month}"] for month in MONTHS]

    def _year(self, name: str, season: int, wrong: dict[str, str]) -> tuple[int, ...]:
        """The twelve months: the figure for each of the season, else what was typed of each, which is read anyway."""
        each = self.whole(f"each_{name}", wrong)
        months = [self.whole(f"{name}_{month}", wrong) or 0 for month in MONTHS]
        return tuple(months if each is None else year_of(each, season))

    @contextmanager
    def beside_months(self) -> Iterator[None]:
        """Bring what a service refuses of months to where they were typed: each, or the one figure for all."""
        try:
            yield
        except Invalid as invalid:
            raise Invalid({self._place(name): text for name, text in invalid.fields.items()}) from invalid

    def _place(self, name: str) -> str:
        year, _mark, month = name.partition("_")
        if year not in YEARS or (month and not self[f"each_{year}"].data):
            return name
        return f"each_{year}"


def _month_label(month: int) -> Any:
    return _l("Tháng %(n)d", n=month)


for _name in YEARS:
    for _month in MONTHS:
        setattr(OfferForm, f"{_name}_{_month}", LineField(_month_label(_month), validators=[Length(max=15)]))


def _typed(listing: Listing, offer: WholesaleOffer) -> dict[str, Any]:
    typed: dict[str, Any] = {name: shown(getattr(offer, name)) for name in WHOLES}
    typed |= {name: getattr(offer, name) for name in (*TICKS, "barcode", "channels", "note", "note_en")}
    typed |= {"unit": offer.unit.value, "storage": offer.storage.value}
    for name in YEARS:
        year = getattr(offer, name)
        each = same_each_month(year, listing.season)
        typed[f"each_{name}"] = shown(each)
        if each is None:
            typed |= {f"{name}_{month}": str(year[month - 1]) for month in MONTHS}
    return typed


def _begin(listing: Listing, usual: Terms) -> dict[str, Any]:
    """Capacity, unit and lead time are those that the listing and the shop's terms say already."""
    unit = listing.capacity_unit if listing.capacity_unit in DEMAND_UNITS else None
    return {
        "unit": (unit or Unit.KILOGRAM).value,
        "each_capacity": shown(listing.capacity_per_month if unit else None),
        "each_committed": "0",
        "lead_days": str(usual.ready_days[1]),
        "storage": Storage.AMBIENT.value,
        "first_time": True,
    }
