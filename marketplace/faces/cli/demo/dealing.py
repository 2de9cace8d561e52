"""Deals between the demonstration's distributors and producers, in varied stages: through the verbs people use."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from marketplace.faces.cli.demo.makers import acting_for
from marketplace.people.accounts.models import Role
from marketplace.people.accounts.queries import find_user
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import list_public
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.campaigns.queries import meets_then
from marketplace.trade.deals.models import Deal, Origin, PaperKind
from marketplace.trade.deals.rules import QuoteTerms, QuoteTier
from marketplace.trade.deals.services import (
    Judgement,
    MeetingFacts,
    RequestFacts,
    SignedFacts,
    accept_meeting,
    accept_quote,
    confirm_paper,
    end_deal,
    judge_sample,
    note_delivery,
    open_deal,
    propose_meeting,
    receive_sample,
    request_quotes,
    say,
    send_quote,
    send_sample,
    take_charge,
    tell_outcome,
    write_paper,
)
from marketplace.trade.distributors.models import Distributor, Standing
from marketplace.trade.offers.models import OfferState, WholesaleOffer

STEPS = (
    ("enquiry", 16),
    ("requested", 3),
    ("quoted", 2),
    ("countered", 5),
    ("agreed", 4),
    ("sample", 20),
    ("memorandum", 25),
    ("contract", 30),
    ("repeating", 60),
    ("ended", 40),
)
"""How far each deal goes, and how many days ago it began."""
ITS_OWN = frozenset({0, 4, 7, 8})  # those that are `producer@demo.test`'s


class _Road:
    """One deal on its way; every step a day after the one before, none in the future."""

    def __init__(self, deal: Deal, variant: Variant, buyer: Actor, seller: Actor, begun: datetime, now: datetime):
        self.code, self.variant, self.buyer, self.seller = deal.code, variant, buyer, seller
        self.at, self.now = begun, now

    def later(self, **span: float) -> datetime:
        self.at = min(self.at + timedelta(**(span or {"hours": 20})), self.now)
        return self.at

    def request(self) -> None:
        facts = RequestFacts(
            300, Unit.PIECE, True, "Kho Gia Lâm, Hà Nội", day_of(self.now) + timedelta(days=30), "Đóng thùng 20 gói."
        )
        request_quotes(codes=[self.code], facts=facts, by=self.buyer, at=self.later())

    def quote(self, off: int, *, after: int = 0, by: Actor | None = None) -> None:
        price = self.variant.price.amount * (100 - off) // 100_000 * 1_000
        tiers = (QuoteTier(50, Money(price)), QuoteTier(200, Money(price - 1_000)))
        until = day_of(self.now) + timedelta(days=25)
        terms = QuoteTerms(self.variant.sku, tiers, 50, 7, 15, until, "Bên bán giao tới bến xe Lai Châu.")
        send_quote(code=self.code, terms=terms, after=after, by=by or self.seller, at=self.later())

    def agree(self) -> None:
        accept_quote(code=self.code, number=1, by=self.buyer, at=self.later())

    def sample(self) -> None:
        send_sample(
            code=self.code,
            what="6 gói, mỗi loại 2",
            carrier="Bưu điện",
            tracking_number="DEMO0012VN",
            by=self.seller,
            at=self.later(),
        )
        receive_sample(code=self.code, by=self.buyer, at=self.later())
        judged = Judgement(4, "Ngon, đúng vị.", "Chắc, hút chân không tốt.", "Nên in mã vạch to hơn.", "Giá hợp lý.")
        judge_sample(code=self.code, judgement=judged, by=self.buyer, at=self.later())

    def paper(self, kind: PaperKind, number: str, value: int, month: int = 0) -> None:
        day = day_of(self.later())
        facts = SignedFacts(kind, number, day, Money(value), day, day + timedelta(days=365), (month,) * 12)
        paper = write_paper(code=self.code, facts=facts, by=self.seller, at=self.at).code
        confirm_paper(code=self.code, paper=paper, by=self.buyer, at=self.later())

    def met(self) -> None:
        when = self.later()
        facts = MeetingFacts((when + timedelta(hours=30),), 45, True, "https://meet.example.vn/ocop", "Bàn quy cách")
        code = propose_meeting(code=self.code, facts=facts, by=self.buyer, at=when).code
        accept_meeting(
            code=self.code, appointment=code, time=0, elsewhere=meets_then, by=self.seller, at=self.later(hours=2)
        )
        tell_outcome(code=self.code, appointment=code, outcome="held", by=self.buyer, at=self.later(hours=30))


def load_deals(found: Mapping[str, Producer], *, at: datetime) -> None:
    """Ten deals, of the demonstration's own distributor and producer among them, in the open block."""
    pairs = _pairs(found, at)
    for (name, days), (distributor, buyer, producer, seller, variant) in zip(STEPS, pairs, strict=False):
        begun = at - timedelta(days=days)
        deal = open_deal(
            distributor_id=distributor.id,
            producer_id=producer.id,
            listing_id=variant.listing_id,
            origin=Origin.ENQUIRY,
            by=buyer,
            at=begun,
            words="Chúng tôi muốn bán món này; xin cho biết sức làm mỗi tháng và giá sỉ.",
        )
        WALKS[name](_Road(deal, variant, buyer, seller, begun, at))
    province = find_user("province@demo.test")
    first = db.session.scalar(select(Deal.code).order_by(Deal.id).limit(1))
    if province is not None and first is not None:
        take_charge(code=first, by=province.actor(), at=at - timedelta(days=15))


def _pairs(found: Mapping[str, Producer], at: datetime) -> list[tuple[Distributor, Actor, Producer, Actor, Variant]]:
    """Ten pairs: the first four of `distributor@demo.test` with `producer@demo.test` and others."""
    own = _buyers()
    shown = _goods(found, at)
    if not shown or not own:
        return []
    buyers = [own[0 if n < 4 else (n - 3) % len(own)] for n in range(len(STEPS))]
    goods = [shown[0 if n in ITS_OWN else n % len(shown)] for n in range(len(STEPS))]
    return [(*buyer, *each) for buyer, each in zip(buyers, goods, strict=True)]


def _buyers() -> list[tuple[Distributor, Actor]]:
    rows = db.session.scalars(
        select(Distributor).where(Distributor.standing == Standing.VERIFIED).order_by(Distributor.id)
    )
    return [
        (row, Actor(name=row.contact_name, role=Role.DISTRIBUTOR, organisation_id=row.organisation_id)) for row in rows
    ]


def _goods(found: Mapping[str, Producer], at: datetime) -> list[tuple[Producer, Actor, Variant]]:
    """One wholesale offer of each producer, the demonstration's own first."""
    query = select(WholesaleOffer, Variant).join(Variant, Variant.id == WholesaleOffer.variant_id)
    offered = {
        offer.listing_id: variant
        for offer, variant in db.session.execute(query.where(WholesaleOffer.state == OfferState.OPEN))
    }
    began = day_of(at) - timedelta(days=max(days for _name, days in STEPS))
    before = {each.listing.id for each in list_public(sorted(offered), on=began)}
    public = [each for each in list_public(sorted(offered), on=day_of(at)) if each.listing.id in before]
    goods: dict[int, tuple[Producer, Actor, Variant]] = {}
    for listing in public:
        producer = listing.producer
        goods.setdefault(producer.id, (producer, acting_for(producer), offered[listing.listing.id]))
    first = [producer.id for producer in found.values()]
    return sorted(goods.values(), key=lambda row: first.index(row[0].id) if row[0].id in first else len(first))


def _to_quote(road: _Road) -> None:
    road.request()
    road.quote(18)


def _to_agreement(road: _Road) -> None:
    _to_quote(road)
    road.agree()


def _countered(road: _Road) -> None:
    _to_quote(road)
    road.quote(24, after=1, by=road.buyer)


def _with_sample(road: _Road) -> None:
    _to_agreement(road)
    road.sample()


def _with_memorandum(road: _Road) -> None:
    road.met()
    _with_sample(road)
    road.paper(PaperKind.MEMORANDUM, "07/BBGN", 480_000_000)


def _with_contract(road: _Road) -> None:
    _with_sample(road)
    road.paper(PaperKind.CONTRACT, "12/HĐMB", 320_000_000, 10)


def _repeating(road: _Road) -> None:
    _with_contract(road)
    for value in (24_000_000, 31_500_000):
        on = day_of(road.later(days=8))
        note_delivery(code=road.code, on=on, value=Money(value), note="Xe tải", by=road.seller, at=road.at)


def _ended(road: _Road) -> None:
    _to_quote(road)
    say(code=road.code, words="Giá cao hơn mức chúng tôi bán được.", by=road.buyer, at=road.later())
    end_deal(code=road.code, reason="Không khớp giá; hẹn mùa sau.", by=road.buyer, at=road.later())


WALKS: dict[str, Callable[[_Road], None]] = {
    "enquiry": lambda _road: None,
    "requested": _Road.request,
    "quoted": _to_quote,
    "countered": _countered,
    "agreed": _to_agreement,
    "sample": _with_sample,
    "memorandum": _with_memorandum,
    "contract": _with_contract,
    "repeating": _repeating,
    "ended": _ended,
}
