"""Requests for quotation; quotations and counter-offers in versions; accepting and declining the newest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Update, update

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.deals.models import (
    DealRequest,
    EventKind,
    Quotation,
    QuotationTier,
    QuoteRequest,
    QuoteState,
    Side,
    Stage,
)
from marketplace.trade.deals.queries import get_quoted, last_number, list_requests
from marketplace.trade.deals.rules import LONGEST_WORDS, QuoteTerms, check_terms
from marketplace.trade.deals.services.steps import NotNow, check_parties, held_deal, read_words, step
from marketplace.trade.deals.services.talking import NotVerified
from marketplace.trade.demands.rules import DEMAND_UNITS, MOST_AMOUNT

MOST_AT_ONCE = 20


@dataclass(frozen=True)
class RequestFacts:
    """What a price is asked for. None is not said yet."""

    quantity: int | None
    unit: Unit | None
    monthly: bool
    delivery_place: str
    wanted_on: date | None
    note: str = ""


def request_quotes(*, codes: Sequence[str], facts: RequestFacts, by: Actor, at: datetime) -> QuoteRequest:
    """Ask the producers of these own deals for a quotation, all with the same words; they never change afterwards.

    The same asked again on the first of them answers the request there is.
    """
    chosen = sorted(set(codes))[:MOST_AT_ONCE]
    deals = [held_deal(code, by=by, side=Side.BUYER)[0] for code in chosen]
    if not deals:
        raise NotFound
    if not deals[0].distributor.verified:
        raise NotVerified
    _check_request(facts, day_of(at))
    place, note = read_words(facts.delivery_place)[:300], read_words(facts.note, name="note")
    row = QuoteRequest(
        code=random_code(8),
        distributor_id=deals[0].distributor_id,
        quantity=facts.quantity,
        unit=facts.unit,
        monthly=facts.monthly,
        delivery_place=place,
        wanted_on=facts.wanted_on,
        note=note,
        sent_by=by.name,
        sent_at=at,
    )
    before = list_requests(deals[0], by=by)
    if before and _same(before[0]) == _same(row):
        return before[0]
    db.session.add(row)
    db.session.flush()
    for deal in deals:
        db.session.add(DealRequest(deal_id=deal.id, request_id=row.id))
        words = note[:LONGEST_WORDS]
        step(
            deal,
            EventKind.REQUESTED,
            Side.BUYER,
            by=by,
            at=at,
            words=words,
            reached=Stage.REQUESTED,
            turn=Side.PRODUCER,
        )
    return row


def _same(row: QuoteRequest) -> tuple[object, ...]:
    return row.quantity, row.unit, row.monthly, row.delivery_place, row.wanted_on, row.note


def _check_request(facts: RequestFacts, today: date) -> None:
    wrong = {}
    if facts.quantity is None or not 1 <= facts.quantity <= MOST_AMOUNT:
        wrong["quantity"] = N_("Nhập một số nguyên, từ 1.")
    if facts.unit not in DEMAND_UNITS:
        wrong["unit"] = N_("Chọn đơn vị.")
    if not facts.delivery_place.strip():
        wrong["delivery_place"] = N_("Ghi nơi giao hàng.")
    if facts.wanted_on is None or facts.wanted_on < today:
        wrong["wanted_on"] = N_("Chọn một ngày từ hôm nay.")
    if wrong:
        raise Invalid(wrong)


def send_quote(*, code: str, terms: QuoteTerms, after: int, by: Actor, at: datetime) -> Quotation:
    """Send the next version: the producer's quotation, or the buyer's counter-offer to one that there is.

    `after` is the newest version that the sender saw: NotNow where there is another by now. What waited before is
    superseded. A version never changes once it was sent. PartySuspended while either of the two is.
    """
    deal, side = held_deal(code, by=by)
    check_parties(deal)
    if last_number(deal.id) != after or (side is Side.BUYER and after == 0):
        raise NotNow
    check_terms(terms, today=day_of(at))
    variant = get_quoted(terms.sku, deal)
    supersede(deal.id)
    row = Quotation(
        deal_id=deal.id,
        number=after + 1,
        side=side,
        state=QuoteState.SENT,
        variant_id=variant.id,
        least_order=terms.least_order,
        lead_days=terms.lead_days,
        payment_days=terms.payment_days,
        delivery_terms=read_words(terms.delivery_terms)[:500],
        valid_until=terms.valid_until,
        note=read_words(terms.note, name="note"),
        sent_by=by.name,
        sent_at=at,
    )
    db.session.add(row)
    db.session.flush()
    for tier in terms.tiers:
        db.session.add(QuotationTier(quotation_id=row.id, from_quantity=tier.from_quantity, price=tier.price))
    kind = EventKind.QUOTED if side is Side.PRODUCER else EventKind.COUNTERED
    step(deal, kind, side, by=by, at=at, words=row.note, reached=Stage.QUOTED, turn=side.other)
    return row


def supersede(deal_id: int) -> None:
    """Whatever waits for an answer on a deal does so no longer."""
    waiting = update(Quotation).where(Quotation.deal_id == deal_id, Quotation.state == QuoteState.SENT)
    rows_changed(waiting.values(state=QuoteState.SUPERSEDED))


def accept_quote(*, code: str, number: int, by: Actor, at: datetime) -> None:
    """Agree to the other side's newest version while it is valid, else NotNow; PartySuspended while either is."""
    deal, side = held_deal(code, by=by)
    check_parties(deal)
    _answer(deal.id, number, side, QuoteState.ACCEPTED, by=by, at=at)
    step(deal, EventKind.ACCEPTED, side, by=by, at=at, words="", reached=Stage.AGREED, turn=Side.BUYER)


def decline_quote(*, code: str, number: int, reason: str, by: Actor, at: datetime) -> None:
    """Say no to the other side's newest version, and why; it may send another."""
    deal, side = held_deal(code, by=by)
    words = read_words(reason, name="reason", least=N_("Ghi lý do; bên kia đọc được."))[:500]
    _answer(deal.id, number, side, QuoteState.DECLINED, by=by, at=at, words=words)
    step(deal, EventKind.DECLINED, side, by=by, at=at, words=words, turn=side.other)


def _answer(deal_id: int, number: int, side: Side, to: QuoteState, *, by: Actor, at: datetime, words: str = "") -> None:
    answered = still_waiting(deal_id, number, side, on=day_of(at))
    if rows_changed(answered.values(state=to, answered_at=at, answered_by=by.name, answer=words)) != 1:
        raise NotNow


def still_waiting(deal_id: int, number: int, side: Side, *, on: date) -> Update:
    """The one version that may be answered by a side on a day: what is superseded, answered or lapsed is not met."""
    return update(Quotation).where(
        Quotation.deal_id == deal_id,
        Quotation.number == number,
        Quotation.side != side,
        Quotation.state == QuoteState.SENT,
        Quotation.valid_until >= on,
    )
