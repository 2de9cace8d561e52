"""Reading what was signed, sent and delivered on a deal, and its three values."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money, total
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartState
from marketplace.shop.pricing.models import AgreedPrice
from marketplace.trade.deals.models import Deal, DealPaper, Delivery, PaperKind, Sample
from marketplace.trade.deals.policies import reads_within

ARRIVED = frozenset({PartState.DELIVERED, PartState.COMPLETED})
NOTHING = Money(0)


@dataclass(frozen=True)
class DealOrder:
    """An order placed at an agreed price, as far as the deal knows it."""

    number: str
    position: int
    state: PartState
    quantity: int
    value: Money
    buyer_id: int | None  # who placed it: the order's own page is theirs, its address and payment with it

    @property
    def arrived(self) -> bool:
        """Whether its goods were delivered."""
        return self.state in ARRIVED


@dataclass(frozen=True)
class Values:
    """What came of a deal: three numbers that are never added up."""

    memoranda: Money
    contracts: Money
    delivered: Money


def list_papers(deal: Deal, *, by: Actor) -> list[DealPaper]:
    """Memoranda and contracts of a deal, newest first; nothing to whom they are not open."""
    if not reads_within(by, deal):
        return []
    query = select(DealPaper).where(DealPaper.deal_id == deal.id)
    return list(db.session.scalars(query.order_by(DealPaper.id.desc())))


def get_paper(deal_id: int, code: str, *, hold: bool = False) -> DealPaper:
    """One of a deal's papers, or NotFound (ask first whether the deal is open to the actor)."""
    query = select(DealPaper).where(DealPaper.deal_id == deal_id, DealPaper.code == code)
    found: DealPaper | None = db.session.scalar(held(query, DealPaper) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_samples(deal: Deal, *, by: Actor) -> list[Sample]:
    """Samples sent on a deal, newest first; nothing to whom they are not open."""
    if not reads_within(by, deal):
        return []
    return list(db.session.scalars(select(Sample).where(Sample.deal_id == deal.id).order_by(Sample.id.desc())))


def newest_sample(deal_id: int) -> Sample | None:
    """The sample sent last."""
    return db.session.scalar(select(Sample).where(Sample.deal_id == deal_id).order_by(Sample.id.desc()).limit(1))


def list_deliveries(deal: Deal, *, by: Actor) -> list[Delivery]:
    """Deliveries outside the marketplace, newest first; nothing to whom they are not open."""
    if not reads_within(by, deal):
        return []
    query = select(Delivery).where(Delivery.deal_id == deal.id)
    return list(db.session.scalars(query.order_by(Delivery.delivered_on.desc(), Delivery.id.desc())))


def list_orders(deal: Deal, *, by: Actor) -> list[DealOrder]:
    """The orders placed at the deal's agreed prices, newest first; nothing to whom they are not open."""
    return orders_of([deal.code]).get(deal.code, []) if reads_within(by, deal) else []


def orders_of(codes: Collection[str]) -> dict[str, list[DealOrder]]:
    """The orders of each of these deals, newest first."""
    query = (
        select(AgreedPrice.reference, Order.number, OrderPart.position, OrderPart.state, Order.buyer_id, OrderLine)
        .join(OrderLine, OrderLine.agreed_id == AgreedPrice.id)
        .join(OrderPart, OrderPart.id == OrderLine.part_id)
        .join(Order, Order.id == OrderPart.order_id)
        .where(AgreedPrice.reference.in_(list(codes)))
        .order_by(Order.id.desc())
    )
    found: dict[str, list[DealOrder]] = {}
    for reference, number, position, state, buyer_id, line in db.session.execute(query):
        order = DealOrder(number, position, state, line.quantity, line.line_total, buyer_id)
        found.setdefault(reference, []).append(order)
    return found


def values_of(deals: Collection[Deal], *, on: date) -> dict[int, Values]:
    """What was put in memoranda, contracted, and delivered on each of these deals: confirmed papers, ended ones too."""
    ids = [deal.id for deal in deals]
    papers: dict[tuple[int, PaperKind], Money] = {}
    signed = select(DealPaper).where(DealPaper.deal_id.in_(ids), DealPaper.confirmed_at.is_not(None))
    for paper in db.session.scalars(signed.where(DealPaper.signed_on <= on).order_by(DealPaper.id)):
        key = (paper.deal_id, paper.kind)
        papers[key] = papers.get(key, NOTHING) + paper.value
    outside = select(Delivery.deal_id, func.sum(Delivery.value)).where(Delivery.deal_id.in_(ids))
    typed = {row[0]: row[1] for row in db.session.execute(outside.group_by(Delivery.deal_id))}
    orders = orders_of([deal.code for deal in deals])
    return {
        deal.id: Values(
            papers.get((deal.id, PaperKind.MEMORANDUM), NOTHING),
            papers.get((deal.id, PaperKind.CONTRACT), NOTHING),
            typed.get(deal.id, NOTHING) + total(order.value for order in orders.get(deal.code, []) if order.arrived),
        )
        for deal in deals
    }


def last_day_of_contract(deal_id: int, *, on: date) -> date | None:
    """The last day of a contract that runs on a day, the latest of several."""
    query = select(DealPaper).where(DealPaper.deal_id == deal_id, DealPaper.kind == PaperKind.CONTRACT)
    running = [paper.ends_on for paper in db.session.scalars(query) if paper.runs(on)]
    return max(running, default=None)


def has_live_contract(deal_id: int, *, on: date) -> bool:
    """Whether a confirmed contract of a deal runs on a day, or will run, and was not ended."""
    query = select(DealPaper.id).where(
        DealPaper.deal_id == deal_id,
        DealPaper.kind == PaperKind.CONTRACT,
        DealPaper.confirmed_at.is_not(None),
        DealPaper.ended_on.is_(None),
        DealPaper.ends_on >= on,
    )
    return db.session.scalar(query.limit(1)) is not None
