"""A demand's checklist for one own offer: what is met and by what, what is not, and where to get it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from marketplace.faces.storefront.gate_words import figure, gate_label, paper_where
from marketplace.platform.core.words import N_
from marketplace.platform.web.templates import dmy
from marketplace.trade.demands.models import Demand
from marketplace.trade.demands.rules import wanted_paper
from marketplace.trade.matching.facts import Between, demand_facts
from marketplace.trade.matching.gates import NOT_TO_BE_MENDED, Gate, GateCode, gates
from marketplace.trade.offers.facts import OfferFacts, OfferPaper

G = GateCode
FIGURES = frozenset({G.VOLUME, G.PRICE, G.ORDER_SIZE, G.PACKAGING, G.SHELF_LIFE, G.SHELF_LIFE_LEFT})
PLACES = {  # where the producer says it, by what is asked
    **dict.fromkeys((G.CERTIFICATE, G.STARS), "/producer/dossiers"),
    G.PAPERS: "/producer/papers",
    G.PRICE: "/producer/stock/{sku}",
    **dict.fromkeys((G.SHELF_LIFE, G.SHELF_LIFE_LEFT, G.SEASON), "/producer/listings/{slug}/label"),
    G.PACKAGING: "/producer/listings/{slug}",
    **dict.fromkeys((G.TRANSIT, G.REACH), "/producer/listings/{slug}/terms"),
}
OFFER_PAGE = "/producer/offers/{slug}"
ADVICE = {
    G.CERTIFICATE: N_("Chứng nhận hết hạn trước ngày cần hàng: nộp hồ sơ đánh giá lại."),
    G.STARS: N_("Nâng hạng bằng một hồ sơ mới ở đợt đánh giá tới."),
    G.INVOICE: N_("Đăng ký hóa đơn điện tử với cơ quan thuế, rồi đánh dấu ở lời chào bán sỉ."),
    G.BARCODE: N_("Đăng ký mã số mã vạch với GS1 Việt Nam, rồi ghi mã vào lời chào."),
    G.TRACEABILITY: N_("Dùng tem truy xuất, hoặc ghi lô bằng mã QR trên bao bì; hỏi cán bộ tỉnh."),
    G.VOLUME: N_("Ghi lại sức làm từng tháng, hoặc góp hàng cùng cơ sở khác."),
    G.ORDER_SIZE: N_("Hạ đơn ít nhất trong lời chào bán sỉ, nếu kham được."),
    G.PRICE: N_("Thêm mức giá sỉ cho lượng này."),
    G.PACKAGING: N_("Thêm một quy cách đóng gói nơi mua cần."),
    G.SEASON: N_("Xem lại mùa vụ trên trang bán và số từng tháng trong lời chào."),
    G.PLACES: N_("Nơi này chỉ lấy hàng từ vùng đã chọn."),
    G.STORAGE: N_("Nơi này không giữ được hàng kiểu này; sửa nếu lời chào ghi nhầm."),
    G.TRANSIT: N_("Hàng đi lâu hơn mức trang bán cho phép; thử bao bì giữ được lâu hơn."),
    G.REACH: N_("Ngoài bán kính giao của trang bán; sửa nếu gửi xa hơn được."),
    G.SHELF_LIFE: N_("Ghi hạn dùng trên nhãn; phiếu kiểm nghiệm chứng minh hạn dài hơn."),
    G.SHELF_LIFE_LEFT: N_("Giao sớm sau ngày làm; ghi hạn dùng trên nhãn."),
}
USUAL_ADVICE = N_("Sửa điều kiện trong lời chào bán sỉ, nếu bạn chấp nhận được.")


class Standing(StrEnum):
    MET = "met"
    OPEN = "open"  # left open: to be talked about
    UNKNOWN = "unknown"  # nothing was said
    MISSING = "missing"


@dataclass(frozen=True)
class Check:
    """One thing a demand asks, for one offer: how it stands, by which evidence, and what to do where it is not met."""

    label: str
    standing: Standing
    hard: bool
    wanted: str
    there: str
    advice: str = ""
    link: str = ""


def readiness(demand: Demand, offer: OfferFacts, *, on: date) -> list[Check]:
    """The checklist on the day of supply: what excludes and is missing comes first, then what only weighs."""
    found = [
        _check(gate, demand, offer, on)
        for gate in gates(demand_facts(demand), offer, Between(), on=on)
        if gate.code not in NOT_TO_BE_MENDED  # whose business is not the goods'
    ]
    order = {Standing.MISSING: 0, Standing.UNKNOWN: 1, Standing.OPEN: 2, Standing.MET: 3}
    return sorted(found, key=lambda check: (order[check.standing], not check.hard))


def blocking(checks: list[Check]) -> int:
    """How many of them exclude the offer."""
    return sum(check.hard and check.standing in (Standing.MISSING, Standing.UNKNOWN) for check in checks)


def _check(gate: Gate, demand: Demand, offer: OfferFacts, on: date) -> Check:
    if gate.passed:
        standing = Standing.OPEN if gate.left_open else Standing.MET
    else:
        standing = Standing.UNKNOWN if gate.code in FIGURES and gate.there is None else Standing.MISSING
    wanted, there = _figures(gate, demand, offer, on)
    missing = standing in (Standing.MISSING, Standing.UNKNOWN)
    place = "" if gate.code is G.PLACES else PLACES.get(gate.code, OFFER_PAGE)
    return Check(
        label=gate_label(gate.key),
        standing=standing,
        hard=gate.hard,
        wanted=wanted,
        there=there,
        advice=_advice(gate) if missing else "",
        link=place.format(sku=offer.sku, slug=offer.listing_slug) if missing else "",
    )


def _advice(gate: Gate) -> str:
    if gate.code is G.PAPERS:
        return paper_where(gate.subject)
    return str(_(ADVICE.get(gate.code, USUAL_ADVICE)))


def _figures(gate: Gate, demand: Demand, offer: OfferFacts, on: date) -> tuple[str, str]:
    """What is wanted and what there is, in words."""
    if gate.code is G.CERTIFICATE:
        there = _("%(code)s, %(n)d sao, hạn %(day)s", code=offer.certificate_code, n=offer.stars,
                  day=dmy(offer.certificate_expires_on))  # fmt: skip
        return _("còn hạn ngày %(day)s", day=dmy(on)), there
    if gate.code is G.PAPERS:
        return _("còn hạn ngày %(day)s", day=dmy(on)), _paper_words(gate, offer)
    if gate.code is G.BARCODE:
        return "", offer.barcode
    wanted, there = gate.wanted, gate.there
    return figure(gate.code, wanted, demand.unit), figure(gate.code, there, demand.unit)


def _paper_words(gate: Gate, offer: OfferFacts) -> str:
    kinds = wanted_paper(gate.subject).kinds
    held = [paper for paper in (*offer.papers, *offer.lapsed_papers) if paper.kind in kinds]
    if not held:
        return ""
    best: OfferPaper = max(held, key=lambda paper: paper.valid_until or date.max)
    number = best.number or best.code
    if best.valid_until is None:
        return number
    return str(_("%(number)s, hạn %(day)s", number=number, day=dmy(best.valid_until)))
