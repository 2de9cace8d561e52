"""Memoranda and contracts: written down by one side, in force once the other confirms; deliveries outside the shop."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.trade.deals.models import Deal, DealPaper, Delivery, EventKind, PaperKind, Side, Stage
from marketplace.trade.deals.queries.signed import get_paper, orders_of
from marketplace.trade.deals.services.steps import NotNow, held_deal, read_words, step
from marketplace.trade.demands.rules import MOST_AMOUNT
from marketplace.trade.offers.queries import find_offer
from marketplace.trade.offers.services import promise, take_back

NOTHING = Money(0)
MOST_VALUE = Money(1_000_000_000_000)
NO_VOLUMES = (0,) * 12
KINDS = {
    PaperKind.MEMORANDUM: (EventKind.MEMORANDUM, Stage.MEMORANDUM),
    PaperKind.CONTRACT: (EventKind.CONTRACT, Stage.CONTRACT),
}


@dataclass(frozen=True)
class SignedFacts:
    """What a memorandum or contract says. `volumes`: each month's, January first, in the offer's unit."""

    kind: PaperKind
    number: str
    signed_on: date | None
    value: Money
    starts_on: date | None
    ends_on: date | None
    volumes: tuple[int, ...] = NO_VOLUMES


def write_paper(*, code: str, facts: SignedFacts, by: Actor, at: datetime) -> DealPaper:
    """Write down what was signed; it counts once the other side has confirmed it. Raises Invalid by field."""
    deal, side = held_deal(code, by=by)
    _check(facts, day_of(at))
    contract = facts.kind is PaperKind.CONTRACT and any(facts.volumes)
    offer = find_offer(deal.listing_id) if contract and deal.listing_id is not None else None
    row = DealPaper(
        code=random_code(8),
        deal_id=deal.id,
        kind=facts.kind,
        number=read_words(facts.number)[:60],
        signed_on=facts.signed_on,
        value=facts.value,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        volumes=list(facts.volumes) if contract else list(NO_VOLUMES),
        offer_id=offer.id if offer is not None else None,
        written_by=side,
        written_at=at,
    )
    db.session.add(row)
    db.session.flush()
    step(deal, KINDS[facts.kind][0], side, by=by, at=at, words=row.number, turn=side.other)
    return row


def _check(facts: SignedFacts, today: date) -> None:
    wrong = {}
    if not facts.number.strip():
        wrong["paper_number"] = N_("Ghi số văn bản.")
    if facts.signed_on is None or facts.signed_on > today:
        wrong["signed_on"] = N_("Chọn ngày ký, không sau hôm nay.")
    if not NOTHING <= facts.value <= MOST_VALUE:
        wrong["value"] = N_("Giá trị từ 0 đến một nghìn tỷ đồng.")
    if facts.starts_on is None:
        wrong["starts_on"] = N_("Chọn ngày bắt đầu.")
    elif facts.ends_on is None or facts.ends_on < facts.starts_on:
        wrong["ends_on"] = N_("Ngày cuối phải sau ngày đầu.")
    assert len(facts.volumes) == 12, "a contract's volumes are of every month"
    for month, volume in enumerate(facts.volumes, start=1):
        if not 0 <= volume <= MOST_AMOUNT:
            wrong[f"volume_{month}"] = N_("Nhập một số nguyên từ 0.")
    if wrong:
        raise Invalid(wrong)


def confirm_paper(*, code: str, paper: str, by: Actor, at: datetime) -> None:
    """The other side than the one that wrote it says that it is so: from now on it counts, once.

    A contract's volumes are added to what the producer's offer has promised.
    """
    deal, side = held_deal(code, by=by)
    row = get_paper(deal.id, paper, hold=True)
    open_ = update(DealPaper).where(
        DealPaper.id == row.id, DealPaper.confirmed_at.is_(None), DealPaper.written_by != side
    )
    if rows_changed(open_.values(confirmed_at=at)) != 1:
        raise NotNow
    if row.offer_id is not None:
        promise(offer_id=row.offer_id, volumes=row.volumes, at=at)
    kind, reached = KINDS[row.kind]
    step(deal, kind, side, by=by, at=at, words=row.number, reached=reached, turn=Side.BUYER)


def end_contract(*, code: str, paper: str, reason: str, by: Actor, at: datetime) -> None:
    """End a contract that runs, or will, before its term, saying why; its volumes are taken back from the offer."""
    deal, side = held_deal(code, by=by)
    words = read_words(reason, name="ended_reason", least=N_("Ghi lý do; bên kia đọc được."))[:500]
    row = get_paper(deal.id, paper, hold=True)
    running = row.kind is PaperKind.CONTRACT and row.confirmed_at is not None and row.ended_on is None
    if not running or row.ends_on < day_of(at):
        raise NotNow
    row.ended_on, row.ended_reason = day_of(at), words
    release(row, at=at)
    step(deal, EventKind.CONTRACT_ENDED, side, by=by, at=at, words=words)


def release(row: DealPaper, *, at: datetime) -> None:
    """Take a contract's volumes back from its offer, once."""
    mine = update(DealPaper).where(DealPaper.id == row.id, DealPaper.released_at.is_(None))
    if rows_changed(mine.values(released_at=at)) == 1 and row.offer_id is not None:
        take_back(offer_id=row.offer_id, volumes=row.volumes, at=at)


def note_delivery(*, code: str, on: date | None, value: Money, note: str, by: Actor, at: datetime) -> Delivery:
    """Write down goods delivered outside the marketplace's orders: the first one begins deliveries, others repeat."""
    deal, side = held_deal(code, by=by)
    wrong = {}
    if on is None or on > day_of(at):
        wrong["delivered_on"] = N_("Chọn ngày giao, không sau hôm nay.")
    if not NOTHING < value <= MOST_VALUE:
        wrong["value"] = N_("Nhập giá trị lớn hơn 0.")
    if wrong:
        raise Invalid(wrong)
    reached = next_delivery(deal)
    row = Delivery(
        deal_id=deal.id,
        delivered_on=on,
        value=value,
        note=read_words(note, name="note")[:500],
        written_by=side,
        written_at=at,
    )
    db.session.add(row)
    step(deal, EventKind.DELIVERED, side, by=by, at=at, words=row.note, reached=reached, turn=None)
    return row


def next_delivery(deal: Deal) -> Stage:
    """Which stage one more delivery brings a deal to."""
    before = select(func.count(Delivery.id)).where(Delivery.deal_id == deal.id)
    known = (db.session.scalar(before) or 0) + sum(order.arrived for order in orders_of([deal.code]).get(deal.code, []))
    return Stage.REPEATING if known else Stage.DELIVERING
