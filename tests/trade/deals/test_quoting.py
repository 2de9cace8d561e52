"""Requests, quotations in versions, counter-offers, answers: what holds, and what changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound, Refusal
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.deals.models import DealRequest, Quotation, QuoteRequest, QuoteState, Side, Stage
from marketplace.trade.deals.queries import list_quotes, list_requests, newest_quotes, quoted_goods
from marketplace.trade.deals.rules import QuoteTerms, QuoteTier, price_for
from marketplace.trade.deals.services import (
    NotNow,
    NotVerified,
    PartySuspended,
    RequestFacts,
    accept_quote,
    decline_quote,
    request_quotes,
    send_quote,
)
from marketplace.trade.distributors.models import Distributor, Standing
from tests.builders import make_offer, make_producer, make_user
from tests.dealing import DAY, Road, fresh, make_distributor, make_road, quote, terms
from tests.trade.deals.test_talking import letters, make_demand, open_again

ASKED = RequestFacts(500, Unit.KILOGRAM, True, "Kho Sóc Sơn, Hà Nội", DAY + timedelta(days=30), "Gói 500 g.")


def states(road: Road) -> list[tuple[int, Side, QuoteState]]:
    rows = db.session.scalars(select(Quotation).where(Quotation.deal_id == road.deal.id).order_by(Quotation.number))
    return [(row.number, row.side, row.state) for row in rows]


def test_one_request_goes_to_several_producers_and_once(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    other = make_producer("Nơi khác", at=at)
    goods = make_offer("Miến khác", at=at, producer=other)
    second = open_again(Road(road.buyer, road.distributor, road.seller, other, goods, road.deal), road.buyer.actor())
    with transaction():
        row = request_quotes(codes=[second.code, road.code, road.code], facts=ASKED, by=road.buyer.actor(), at=at)
    for deal in (fresh(road.deal), fresh(second)):
        assert (deal.stage, deal.turn) == (Stage.REQUESTED, Side.PRODUCER)
    assert db.session.scalar(select(func.count()).select_from(DealRequest)) == 2
    assert (road.seller.email, f"Thương vụ {road.code}: Siêu thị Thử xin báo giá.") in letters()
    with transaction():
        again = request_quotes(codes=[road.code, second.code], facts=ASKED, by=road.buyer.actor(), at=at)
    assert again.code == row.code
    with transaction():
        request_quotes(codes=[road.code], facts=replace(ASKED, quantity=900), by=road.buyer.actor(), at=at)
    (newest, first) = list_requests(fresh(road.deal), by=road.seller.actor())
    assert (newest.quantity, first.quantity, first.delivery_place) == (900, 500, "Kho Sóc Sơn, Hà Nội")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": None}, "quantity"),
        ({"quantity": 0}, "quantity"),
        ({"unit": None}, "unit"),
        ({"delivery_place": " "}, "delivery_place"),
        ({"wanted_on": None}, "wanted_on"),
        ({"wanted_on": DAY - timedelta(days=1)}, "wanted_on"),
    ],
)
def test_what_a_request_must_say(app: Flask, at: datetime, change: dict[str, object], field: str) -> None:
    road = make_road(at=at)
    facts = replace(ASKED, **change)  # type: ignore[arg-type] # each case names one field with a value of its kind
    with pytest.raises(Invalid) as refused, transaction():
        request_quotes(codes=[road.code], facts=facts, by=road.buyer.actor(), at=at)
    assert list(refused.value.fields) == [field]
    assert db.session.scalar(select(func.count(QuoteRequest.id))) == 0


def test_who_may_not_request(app: Flask, at: datetime) -> None:
    road, stranger = make_road(at=at), make_distributor(at=at)[0].actor()
    with pytest.raises(Forbidden), transaction():
        request_quotes(codes=[road.code], facts=ASKED, by=road.seller.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        request_quotes(codes=[road.code], facts=ASKED, by=stranger, at=at)
    with pytest.raises(NotFound), transaction():
        request_quotes(codes=[], facts=ASKED, by=road.buyer.actor(), at=at)
    with transaction():
        row = db.session.get_one(Distributor, road.distributor.id)
        row.standing, row.remark = Standing.SUSPENDED, "x"
    with pytest.raises(NotVerified), transaction():
        request_quotes(codes=[road.code], facts=ASKED, by=road.buyer.actor(), at=at)
    assert db.session.scalar(select(func.count(QuoteRequest.id))) == 0


def suspend_buyer(road: Road) -> None:
    row = db.session.get_one(Distributor, road.distributor.id)
    row.standing, row.remark = Standing.SUSPENDED, "x"


def suspend_seller(road: Road) -> None:
    db.session.get_one(Producer, road.deal.producer_id).verified_at = None


@pytest.mark.parametrize("suspend", [suspend_buyer, suspend_seller])
def test_a_party_that_is_suspended_agrees_on_nothing(app: Flask, at: datetime, suspend: Callable[[Road], None]) -> None:
    road = make_road(at=at)
    quote(road, at=at)
    with transaction():
        suspend(road)
    with pytest.raises(PartySuspended), transaction():
        accept_quote(code=road.code, number=1, by=road.buyer.actor(), at=at)
    for price, by in ((38_000, road.buyer), (39_000, None)):
        with pytest.raises(PartySuspended):
            quote(road, (100, price), at=at, after=1, by=by)
    assert states(road) == [(1, Side.PRODUCER, QuoteState.SENT)]
    with transaction():
        decline_quote(code=road.code, number=1, reason="Tạm ngừng", by=road.buyer.actor(), at=at)
    assert states(road) == [(1, Side.PRODUCER, QuoteState.DECLINED)]


def test_versions_supersede_and_the_newest_is_accepted(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    buyer, seller = road.buyer.actor(), road.seller.actor()
    quote(road, at=at)
    assert (fresh(road.deal).stage, fresh(road.deal).turn) == (Stage.QUOTED, Side.BUYER)
    quote(road, (100, 38_000), at=at, after=1, by=road.buyer)
    assert fresh(road.deal).turn is Side.PRODUCER
    assert states(road) == [(1, Side.PRODUCER, QuoteState.SUPERSEDED), (2, Side.BUYER, QuoteState.SENT)]
    for number, by in ((1, buyer), (2, buyer), (3, seller)):
        with pytest.raises(NotNow), transaction():
            accept_quote(code=road.code, number=number, by=by, at=at)
    with transaction():
        accept_quote(code=road.code, number=2, by=seller, at=at)
    deal = fresh(road.deal)
    assert (deal.stage, deal.turn) == (Stage.AGREED, Side.BUYER)
    assert states(road)[1] == (2, Side.BUYER, QuoteState.ACCEPTED)
    for verb in (accept_quote, lambda **facts: decline_quote(reason="x", **facts)):
        with pytest.raises(NotNow), transaction():
            verb(code=road.code, number=2, by=seller, at=at)
    assert letters()[-1] == (road.buyer.email, f"Thương vụ {road.code}: Lò miến đồng ý báo giá của bạn.")


def test_declined_with_a_reason_and_sent_anew(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    quote(road, at=at)
    with pytest.raises(Invalid), transaction():
        decline_quote(code=road.code, number=1, reason=" ", by=road.buyer.actor(), at=at)
    with transaction():
        decline_quote(code=road.code, number=1, reason="Giá cao", by=road.buyer.actor(), at=at)
    (row,) = list_quotes(fresh(road.deal), by=road.seller.actor())
    assert (row.state, row.answer, fresh(road.deal).turn) == (QuoteState.DECLINED, "Giá cao", Side.PRODUCER)
    quote(road, (100, 35_000), at=at, after=1)
    assert states(road) == [(1, Side.PRODUCER, QuoteState.DECLINED), (2, Side.PRODUCER, QuoteState.SENT)]
    assert newest_quotes([road.deal.id])[road.deal.id].number == 2


def test_a_day_late_it_has_lapsed_without_a_write(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    quote(road, at=at)
    (row,) = list_quotes(fresh(road.deal), by=road.buyer.actor())
    last = row.valid_until
    assert (row.waits(last), row.lapsed(last)) == (True, False)
    assert (row.waits(last + timedelta(days=1)), row.lapsed(last + timedelta(days=1))) == (False, True)
    with pytest.raises(NotNow), transaction():
        accept_quote(code=road.code, number=1, by=road.buyer.actor(), at=at + timedelta(days=21))
    assert states(road) == [(1, Side.PRODUCER, QuoteState.SENT)]
    with transaction():
        accept_quote(code=road.code, number=1, by=road.buyer.actor(), at=at + timedelta(days=20))


def test_on_what_nobody_may_quote(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    stranger = make_user(Role.PRODUCER, at=at)
    other = make_offer("Gạo", at=at, producer=road.producer)
    tries: list[tuple[type[Refusal], Callable[[], object]]] = [
        (NotNow, lambda: quote(road, at=at, by=road.buyer)),  # a counter-offer to nothing
        (NotNow, lambda: quote(road, at=at, after=1)),  # seen what there is not
        (NotFound, lambda: quote(road, at=at, by=stranger)),
        (NotFound, lambda: quote(replace(road, variant=other), at=at)),  # goods of another listing
    ]
    for refusal, attempt in tries:
        with pytest.raises(refusal):
            attempt()
    assert states(road) == []


def test_a_deal_about_a_demand_is_quoted_on_any_goods(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    other = make_offer("Gạo", at=at, producer=road.producer)
    demand = make_demand(road.distributor, at=at)
    deal = open_again(road, road.seller.actor(), listing_id=None, demand_id=demand.id)
    assert [each.sku for each in quoted_goods(fresh(deal))] == [other.sku, road.variant.sku]
    assert [each.sku for each in quoted_goods(fresh(road.deal))] == [road.variant.sku]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tiers": ()}, "tiers"),
        ({"tiers": (QuoteTier(0, Money(9)),)}, "from_1"),
        ({"tiers": (QuoteTier(100, Money(0)),)}, "price_1"),
        ({"tiers": (QuoteTier(100, Money(9)), QuoteTier(100, Money(8)))}, "from_2"),
        ({"tiers": (QuoteTier(100, Money(9)), QuoteTier(200, Money(9)))}, "price_2"),
        ({"least_order": 0}, "least_order"),
        ({"least_order": 50}, "least_order"),
        ({"lead_days": 366}, "lead_days"),
        ({"payment_days": 181}, "payment_days"),
        ({"valid_until": None}, "valid_until"),
        ({"valid_until": DAY - timedelta(days=1)}, "valid_until"),
    ],
)
def test_what_a_quotation_must_say(app: Flask, at: datetime, change: dict[str, object], field: str) -> None:
    road = make_road(at=at)
    typed: QuoteTerms = replace(terms(road.variant), **change)  # type: ignore[arg-type] # as above
    with pytest.raises(Invalid) as refused, transaction():
        send_quote(code=road.code, terms=typed, after=0, by=road.seller.actor(), at=at)
    assert list(refused.value.fields) == [field]
    assert states(road) == []


def test_the_price_of_a_quantity() -> None:
    tiers = (QuoteTier(100, Money(40)), QuoteTier(500, Money(36)))
    assert [price_for(tiers, n).amount for n in (1, 100, 499, 500, 9_000)] == [40, 40, 40, 36, 36]
