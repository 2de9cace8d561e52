"""Samples, memoranda, contracts, deliveries: three numbers that are never one; promises given and taken back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.rules import Unit
from marketplace.shop.checkout.services import place_order
from marketplace.shop.fulfilment.services import confirm_part, deliver_part, pack_part, ship_part
from marketplace.trade.deals.jobs import watch_deals
from marketplace.trade.deals.models import DealEvent, DealPaper, EventKind, PaperKind, Sample, Side, Stage
from marketplace.trade.deals.queries import list_events, supplying_pairs
from marketplace.trade.deals.queries.signed import Values, list_deliveries, list_papers, list_samples, values_of
from marketplace.trade.deals.services import (
    ContractRuns,
    Judgement,
    NotNow,
    SignedFacts,
    confirm_paper,
    end_contract,
    end_deal,
    judge_sample,
    note_delivery,
    order_agreed,
    receive_sample,
    send_sample,
    write_paper,
)
from marketplace.trade.deals.services.following import catch_up, unwritten
from marketplace.trade.demands.models import Storage
from marketplace.trade.offers.models import OfferState, WholesaleOffer
from marketplace.trade.offers.services import take_back
from tests.builders import start_checkout
from tests.dealing import DAY, Road, agreed, fresh, make_road

YEAR = DAY + timedelta(days=365)
MEMO = SignedFacts(PaperKind.MEMORANDUM, "01/GN", DAY, Money(500_000_000), DAY, YEAR)
VOLUMES = (300,) * 6 + (100,) * 6
CONTRACT = SignedFacts(PaperKind.CONTRACT, "02/HĐ", DAY, Money(300_000_000), DAY, YEAR, VOLUMES)


def offer_wholesale(road: Road, at: datetime) -> int:
    """The producer's offer of the listing, 1,000 kg a month, 200 promised; answers its row."""
    offer = WholesaleOffer(
        code="CH1",
        listing_id=road.variant.listing_id,
        variant_id=road.variant.id,
        state=OfferState.OPEN,
        unit=Unit.KILOGRAM,
        capacity=[1_000] * 12,
        committed=[200] * 12,
        least_order=50,
        lead_days=7,
        storage=Storage.AMBIENT,
        created_at=at,
        changed_at=at,
    )
    with transaction():
        db.session.add(offer)
    return offer.id


def committed(offer_id: int) -> list[int]:
    db.session.rollback()
    return list(db.session.get_one(WholesaleOffer, offer_id).committed)


def sign(road: Road, facts: SignedFacts, *, at: datetime, confirmed: bool = True) -> str:
    """Written by the producer, confirmed by the buyer; answers the paper's code."""
    with transaction():
        code = write_paper(code=road.code, facts=facts, by=road.seller.actor(), at=at).code
    if confirmed:
        with transaction():
            confirm_paper(code=road.code, paper=code, by=road.buyer.actor(), at=at)
    return code


def values(road: Road) -> Values:
    deal = fresh(road.deal)
    return values_of([deal], on=YEAR)[deal.id]


def test_a_memorandum_is_no_revenue_and_a_contract_promises(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    offer = offer_wholesale(road, at)
    sign(road, MEMO, at=at)
    assert fresh(road.deal).stage is Stage.MEMORANDUM
    code = sign(road, CONTRACT, at=at, confirmed=False)
    assert (values(road).contracts, committed(offer), fresh(road.deal).stage) == (
        Money(0),
        [200] * 12,
        Stage.MEMORANDUM,
    )
    for by in (road.seller, road.seller):
        with pytest.raises(NotNow), transaction():
            confirm_paper(code=road.code, paper=code, by=by.actor(), at=at)
    with transaction():
        confirm_paper(code=road.code, paper=code, by=road.buyer.actor(), at=at)
    with pytest.raises(NotNow), transaction():
        confirm_paper(code=road.code, paper=code, by=road.buyer.actor(), at=at)
    assert committed(offer) == [500] * 6 + [300] * 6
    with transaction():
        note_delivery(code=road.code, on=DAY, value=Money(7_000_000), note="", by=road.buyer.actor(), at=at)
    assert values(road) == Values(Money(500_000_000), Money(300_000_000), Money(7_000_000))
    assert fresh(road.deal).stage is Stage.DELIVERING
    pair = (road.distributor.id, road.producer.id)
    for on, runs in (
        (DAY, {pair}),
        (YEAR, {pair}),
        (YEAR + timedelta(days=1), set()),
        (DAY - timedelta(days=1), set()),
    ):
        assert supplying_pairs([pair[0]], [pair[1]], on) == runs
    assert supplying_pairs([pair[0]], [], DAY) == set()


def test_an_ended_contract_gives_its_promise_back_once(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    offer = offer_wholesale(road, at)
    memo, code = sign(road, MEMO, at=at), sign(road, CONTRACT, at=at)
    with pytest.raises(Invalid), transaction():
        end_contract(code=road.code, paper=code, reason=" ", by=road.buyer.actor(), at=at)
    with transaction():
        end_contract(code=road.code, paper=code, reason="Đổi hướng", by=road.buyer.actor(), at=at)
    assert committed(offer) == [200] * 12
    late = at + timedelta(days=400)
    for paper, when in ((code, at), (memo, at), (code, late)):
        with pytest.raises(NotNow), transaction():
            end_contract(code=road.code, paper=paper, reason="x", by=road.buyer.actor(), at=when)
    watch_deals(late)
    assert committed(offer) == [200] * 12
    pair = (road.distributor.id, road.producer.id)
    assert supplying_pairs([pair[0]], [pair[1]], DAY) == {pair}  # its last day is today
    assert supplying_pairs([pair[0]], [pair[1]], DAY + timedelta(days=1)) == set()
    assert values(road).contracts == Money(300_000_000)  # what was contracted stays told
    with pytest.raises(NotFound), transaction():
        end_contract(code=road.code, paper="XXXXXXXX", reason="x", by=road.buyer.actor(), at=at)


def test_a_contract_whose_term_is_over_gives_it_back_too(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    offer = offer_wholesale(road, at)
    sign(road, CONTRACT, at=at)
    watch_deals(at + timedelta(days=365))
    assert committed(offer) == [500] * 6 + [300] * 6
    assert watch_deals(at + timedelta(days=366)) == 1
    assert committed(offer) == [200] * 12
    assert watch_deals(at + timedelta(days=367)) == 0
    with transaction():
        take_back(offer_id=offer, volumes=[300] * 12, at=at)  # never below nothing
    assert committed(offer) == [0] * 12
    with transaction():
        take_back(offer_id=0, volumes=[1] * 12, at=at)  # an offer that is gone


def test_a_contract_without_an_offer_promises_nothing(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    code = sign(road, CONTRACT, at=at)
    with transaction():
        end_contract(code=road.code, paper=code, reason="x", by=road.seller.actor(), at=at)
    (row,) = list_papers(fresh(road.deal), by=road.buyer.actor())
    assert (row.offer_id, row.runs(DAY + timedelta(days=1))) == (None, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": " "}, "paper_number"),
        ({"signed_on": None}, "signed_on"),
        ({"signed_on": DAY + timedelta(days=1)}, "signed_on"),
        ({"value": Money(-1)}, "value"),
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": DAY - timedelta(days=1)}, "ends_on"),
        ({"volumes": (0,) * 11 + (-1,)}, "volume_12"),
    ],
)
def test_what_a_paper_must_say(app: Flask, at: datetime, change: dict[str, object], field: str) -> None:
    road = make_road(at=at)
    facts = replace(CONTRACT, **change)  # type: ignore[arg-type] # each case names one field with a value of its kind
    with pytest.raises(Invalid) as refused, transaction():
        write_paper(code=road.code, facts=facts, by=road.seller.actor(), at=at)
    assert list(refused.value.fields) == [field]
    assert db.session.scalar(select(func.count(DealPaper.id))) == 0


def test_deliveries_begin_and_repeat(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    tomorrow = DAY + timedelta(days=1)
    for on, value in ((None, 5), (tomorrow, 5), (DAY, 0)):
        with pytest.raises(Invalid), transaction():
            note_delivery(code=road.code, on=on, value=Money(value), note="", by=road.seller.actor(), at=at)
    for stage in (Stage.DELIVERING, Stage.REPEATING, Stage.REPEATING):
        with transaction():
            note_delivery(code=road.code, on=DAY, value=Money(9), note="Xe tải", by=road.seller.actor(), at=at)
        assert fresh(road.deal).stage is stage
    assert [each.value for each in list_deliveries(fresh(road.deal), by=road.buyer.actor())] == [Money(9)] * 3


def test_orders_are_followed_once(app: Flask, at: datetime) -> None:
    """An order placed at the deal's price is written down; delivered, it counts and moves the deal on."""
    road = make_road(at=at)
    agreed(road, at=at)
    numbers = []
    for _ in range(2):
        token, by = new_token(), road.buyer.actor()
        with transaction():
            order_agreed(code=road.code, quantity=100, token=token, by=by, at=at)
        key, fingerprint = start_checkout(token, at=at, by=by)
        with transaction():
            order = place_order(key=key, fingerprint=fingerprint, language="vi", by=by, at=at)
        numbers.append(order.number)
    assert (watch_deals(at), watch_deals(at)) == (2, 0)
    deal = fresh(road.deal)
    assert (deal.stage, deal.turn) == (Stage.AGREED, Side.PRODUCER)
    assert values(road).delivered == Money(0)
    for number, stage in zip(numbers, (Stage.DELIVERING, Stage.REPEATING), strict=True):
        by = road.seller.actor()
        with transaction():
            confirm_part(number=number, position=1, by=by, at=at)
            pack_part(number=number, position=1, by=by, at=at)
            ship_part(number=number, position=1, carrier="Bưu điện", tracking_number="", by=by, at=at)
            deliver_part(number=number, position=1, by=by, at=at)
        assert (watch_deals(at), watch_deals(at)) == (1, 0)
        assert fresh(road.deal).stage is stage
    assert values(road).delivered == Money(8_000_000)
    moved, tomorrow = fresh(road.deal).moved_at, at + timedelta(days=1)
    assert (unwritten([road.code]), watch_deals(tomorrow)) == ({}, 0)  # without news no deal is touched
    assert fresh(road.deal).moved_at == moved
    told = [event.words for event in list_events(fresh(road.deal), by=road.buyer.actor()) if event.words in numbers]
    assert sorted(told) == sorted(numbers * 2)
    with transaction():
        note_delivery(code=road.code, on=DAY, value=Money(1), note="", by=road.seller.actor(), at=at)
    with transaction():
        end_deal(code=road.code, reason="Xong", by=road.buyer.actor(), at=at)
    assert watch_deals(at) == 0


def test_an_order_of_an_ended_deal_is_not_followed(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, at=at)
    token, by = new_token(), road.buyer.actor()
    with transaction():
        order_agreed(code=road.code, quantity=100, token=token, by=by, at=at)
    key, fingerprint = start_checkout(token, at=at, by=by)
    with transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=by, at=at)
    with transaction():
        end_deal(code=road.code, reason="Xong", by=by, at=at)
    with transaction():
        assert catch_up(code=road.code, by=system("x"), at=at) == 0
    assert db.session.scalar(select(func.count(DealEvent.id)).where(DealEvent.kind == EventKind.ORDERED)) == 0


def test_a_sample_is_sent_received_and_judged(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    buyer, seller = road.buyer.actor(), road.seller.actor()

    def sample(what: str = "5 gói", carrier: str = "Bưu điện") -> None:
        with transaction():
            send_sample(code=road.code, what=what, carrier=carrier, tracking_number="VN1", by=seller, at=at)

    for what, carrier in ((" ", "Bưu điện"), ("5 gói", " ")):
        with pytest.raises(Invalid):
            sample(what, carrier)
    with pytest.raises(Forbidden), transaction():
        send_sample(code=road.code, what="x", carrier="x", tracking_number="", by=buyer, at=at)
    with pytest.raises(NotNow), transaction():
        receive_sample(code=road.code, by=buyer, at=at)
    judged = Judgement(4, taste="Dai", packaging="Chắc", label="Thiếu mã vạch", price="Hơi cao")
    with pytest.raises(NotNow), transaction():
        judge_sample(code=road.code, judgement=judged, by=buyer, at=at)
    sample()
    assert (fresh(road.deal).stage, fresh(road.deal).turn) == (Stage.SAMPLE, Side.BUYER)
    with pytest.raises(NotNow):
        sample()
    with pytest.raises(NotNow), transaction():
        judge_sample(code=road.code, judgement=judged, by=buyer, at=at)
    with transaction():
        receive_sample(code=road.code, by=buyer, at=at)
    with pytest.raises(NotNow), transaction():
        receive_sample(code=road.code, by=buyer, at=at)
    for rating in (None, 0, 6):
        with pytest.raises(Invalid), transaction():
            judge_sample(code=road.code, judgement=replace(judged, rating=rating), by=buyer, at=at)
    with transaction():
        judge_sample(code=road.code, judgement=judged, by=buyer, at=at)
    with pytest.raises(NotNow), transaction():
        judge_sample(code=road.code, judgement=judged, by=buyer, at=at)
    (row,) = list_samples(fresh(road.deal), by=seller)
    assert (row.rating, row.taste, row.label, row.received_on) == (4, "Dai", "Thiếu mã vạch", DAY)
    sample("Mẫu hai")
    assert db.session.scalar(select(func.count(Sample.id))) == 2


def test_a_deal_does_not_end_over_a_running_contract(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    code = sign(road, CONTRACT, at=at)
    with pytest.raises(ContractRuns), transaction():
        end_deal(code=road.code, reason="Thôi", by=road.seller.actor(), at=at)
    assert fresh(road.deal).open
    with transaction():
        end_contract(code=road.code, paper=code, reason="Đổi hướng", by=road.seller.actor(), at=at)
    with transaction():
        end_deal(code=road.code, reason="Thôi", by=road.seller.actor(), at=at)
    assert not fresh(road.deal).open
