"""What a demand may say: every field by itself, and that it asks nothing impossible. Pure but for the places."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import all_sets, product_set
from marketplace.shop.catalog.rules import WHOLE_YEAR, Packaging, Unit, months_of
from marketplace.trade.demands.models import Criterion, Storage
from marketplace.trade.demands.rules import DEMAND_UNITS, MOST_AMOUNT, known_papers, measured_in

NOTHING = Money(0)


@dataclass(frozen=True)
class DemandTerms:
    """What a distributor asks. None and empty are not asked; `unit` None is not said yet. See `models.Demand`."""

    title: str
    sets: tuple[str, ...]
    unit: Unit | None
    volume_from: int | None
    wanted_from: date | None
    volume_until: int | None = None
    note: str = ""
    least_stars: int = 3
    papers: tuple[str, ...] = ()
    invoice: bool = False
    barcode: bool = False
    traceability: bool = False
    price_ceiling: Money | None = None
    order_size: int | None = None
    packagings: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # `system:code`
    storages: tuple[str, ...] = ()
    transit_days: int | None = None
    shelf_life_days: int | None = None
    shelf_life_left: int | None = None
    listing_fee: Money | None = None
    discount: int | None = None
    payment_days: int | None = None
    consignment: bool = False
    exclusive: bool = False
    season: int = WHOLE_YEAR
    insisted: frozenset[str] = field(default_factory=frozenset)
    delivery_province_code: str = ""
    wanted_until: date | None = None


def check_terms(terms: DemandTerms, *, today: date) -> None:
    """Raises Invalid with a sentence for every field that will not do."""
    wrong: dict[str, str] = {}
    for part in (_what, _amounts, _days, _goods, _money, _insisted):
        for name, sentence in part(terms):
            wrong.setdefault(name, sentence)
    if terms.wanted_until is not None and terms.wanted_until < today:
        wrong.setdefault("wanted_until", N_("Ngày này đã qua; không nơi làm nào kịp nữa."))
    if wrong:
        raise Invalid(wrong)


Wrong = Iterator[tuple[str, str]]


def _what(terms: DemandTerms) -> Wrong:
    if not terms.title:
        yield "title", N_("Đặt tên cho nhu cầu, ví dụ “Miến dong cho 12 siêu thị”.")
    known = {each.code for each in all_sets()}
    if not terms.sets:
        yield "sets", N_("Chọn ít nhất một bộ sản phẩm.")
    elif not set(terms.sets) <= known:
        yield "sets", N_("Chọn các bộ sản phẩm trong danh sách.")
    elif any(product_set(code).service for code in terms.sets):
        yield "sets", N_("Dịch vụ du lịch không giao theo tháng nên không thành nhu cầu; hãy liên hệ nơi làm.")
    elif terms.unit in DEMAND_UNITS and not set(terms.sets) <= measured_in(terms.unit):
        yield "unit", N_("Có bộ sản phẩm không đo bằng đơn vị này nên không so được. Đổi đơn vị, hoặc tách nhu cầu.")
    if terms.least_stars not in (3, 4, 5):
        yield "least_stars", N_("Số sao từ 3 đến 5.")
    if len(known_papers(terms.papers)) != len(set(terms.papers)):
        yield "papers", N_("Chọn các giấy trong danh sách.")


def _amounts(terms: DemandTerms) -> Wrong:
    if terms.unit not in DEMAND_UNITS:
        said = terms.price_ceiling is not None
        yield "unit", N_("Chọn đơn vị để biết giá trần tính cho bao nhiêu.") if said else N_("Chọn đơn vị.")
    if terms.volume_from is None:
        yield "volume_from", N_("Nhập lượng cần mỗi tháng.")
    for name in ("volume_from", "volume_until", "order_size"):
        amount = getattr(terms, name)
        if amount is not None and not 1 <= amount <= MOST_AMOUNT:
            yield name, N_("Nhập một số nguyên, từ 1.")
    if terms.volume_from and terms.volume_until is not None and terms.volume_until < terms.volume_from:
        yield "volume_until", N_("Số “đến” phải bằng hoặc lớn hơn số “từ”.")
    most = terms.volume_until or terms.volume_from
    if most and terms.volume_until and terms.order_size and terms.order_size > most:
        yield "order_size", N_("Một lần đặt lớn hơn cả tháng cần; sửa một trong hai số.")


def _days(terms: DemandTerms) -> Wrong:
    if terms.wanted_from is None:
        yield "wanted_from", N_("Chọn ngày bắt đầu cần.")
        return
    if not 0 <= terms.season <= 4094:
        yield "season", N_("Chọn các tháng trong danh sách.")
        return
    if terms.wanted_until is None:
        return
    if terms.wanted_until < terms.wanted_from:
        yield "wanted_until", N_("Ngày cuối phải sau ngày đầu.")
    elif not months_of(terms.season) & _months_between(terms.wanted_from, terms.wanted_until):
        yield "season", N_("Không tháng nào bạn chọn nằm trong khoảng ngày cần hàng.")


def _months_between(start: date, end: date) -> frozenset[int]:
    span = (end.year - start.year) * 12 + end.month - start.month
    return frozenset((start.month - 1 + n) % 12 + 1 for n in range(min(span, 11) + 1))


def _goods(terms: DemandTerms) -> Wrong:
    if not set(terms.packagings) <= set(Packaging):
        yield "packagings", N_("Chọn các kiểu đóng gói trong danh sách.")
    if not set(terms.storages) <= set(Storage):
        yield "storages", N_("Chọn các cách giữ hàng trong danh sách.")
    if terms.transit_days is not None and not 0 <= terms.transit_days <= 60:
        yield "transit_days", N_("Số ngày từ 0 đến 60.")
    if terms.shelf_life_days is not None and not 1 <= terms.shelf_life_days <= 3650:
        yield "shelf_life_days", N_("Số ngày từ 1 đến 3650.")
    if terms.shelf_life_left is not None and not 1 <= terms.shelf_life_left <= 100:
        yield "shelf_life_left", N_("Phần trăm từ 1 đến 100.")
    elif terms.shelf_life_left == 100 and terms.transit_days:
        yield "shelf_life_left", N_("Hàng đi đường mất ngày thì không thể còn nguyên hạn dùng.")


def _money(terms: DemandTerms) -> Wrong:
    if terms.price_ceiling is not None and terms.price_ceiling <= NOTHING:
        yield "price_ceiling", N_("Giá trần phải lớn hơn 0.")
    if terms.listing_fee is not None and terms.listing_fee < NOTHING:
        yield "listing_fee", N_("Phí mở mã từ 0.")
    if terms.discount is not None and not 0 <= terms.discount <= 60:
        yield "discount", N_("Chiết khấu từ 0 đến 60%.")
    if terms.payment_days is not None and not 0 <= terms.payment_days <= 180:
        yield "payment_days", N_("Số ngày từ 0 đến 180.")


def filled(terms: DemandTerms, criterion: Criterion) -> bool:
    """Whether the demand says something of a criterion, so that it may insist on it."""
    said: dict[Criterion, object] = {
        Criterion.PAPERS: terms.papers,
        Criterion.INVOICE: terms.invoice,
        Criterion.BARCODE: terms.barcode,
        Criterion.TRACEABILITY: terms.traceability,
        Criterion.PRICE: terms.price_ceiling is not None,
        Criterion.ORDER_SIZE: terms.order_size is not None,
        Criterion.PACKAGING: terms.packagings,
        Criterion.PLACES: terms.places,
        Criterion.STORAGE: terms.storages,
        Criterion.TRANSIT: terms.transit_days is not None,
        Criterion.SHELF_LIFE: terms.shelf_life_days is not None or terms.shelf_life_left is not None,
        Criterion.LISTING_FEE: terms.listing_fee is not None,
        Criterion.DISCOUNT: terms.discount is not None,
        Criterion.PAYMENT: terms.payment_days is not None,
        Criterion.CONSIGNMENT: terms.consignment,
        Criterion.EXCLUSIVITY: terms.exclusive,
    }
    return bool(said.get(criterion, True))  # stars, volume and season are always said


def _insisted(terms: DemandTerms) -> Wrong:
    for code in sorted(terms.insisted):
        if code not in set(Criterion):
            yield "insisted", N_("Chọn các điều bắt buộc trong danh sách.")
        elif not filled(terms, Criterion(code)):
            yield f"hard_{code}", N_("Đã chọn bắt buộc thì phải nói rõ điều này; hoặc chọn ưu tiên.")
