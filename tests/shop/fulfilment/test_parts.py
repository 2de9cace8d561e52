"""A part's road: the producer's verbs, the buyer's cancelling, stock and cash that follow."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.catalog.models import Variant
from marketplace.shop.fulfilment import services as fulfilment
from marketplace.shop.fulfilment.jobs import complete
from marketplace.shop.fulfilment.queries import parcels_of
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.orders.models import TRANSITIONS, Order, OrderPart, PartEvent, PartState
from marketplace.shop.orders.queries import (
    count_parts_by_state,
    get_order,
    get_part,
    list_latest_parts,
    list_of_buyer,
    list_parts,
)
from marketplace.shop.orders.services import PartMoved, TooLateToCancel, cancel_order, move_part
from tests.builders import make_offer, make_order, make_producer, make_user


@pytest.fixture
def seller(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at, email="seller@example.com")


@pytest.fixture
def goods(app: Flask, at: datetime, seller: User) -> Variant:
    return make_offer(at=at, producer=make_producer(at=at, user=seller))


def do(verb: str, order: Order, by: Actor, at: datetime, **facts: str) -> None:
    with transaction():
        getattr(fulfilment, verb)(number=order.number, position=1, by=by, at=at, **facts)


def state(order: Order) -> PartState:
    return get_order(order.number).parts[0].state


def test_the_road_to_the_door(app: Flask, at: datetime, seller: User, goods: Variant) -> None:
    order, by = make_order((goods, 2), at=at), seller.actor()
    for verb, expected in (("confirm_part", "confirmed"), ("pack_part", "packed")):
        do(verb, order, by, at)
        assert state(order) == expected
    do("ship_part", order, by, at, carrier="Bưu điện", tracking_number="VN1")
    do("deliver_part", order, by, at)
    part = get_part(order.number, 1, by=by)
    assert (part.state, part.cash_collected) == (PartState.DELIVERED, part.total)
    assert parcels_of([part.id])[part.id].tracking_number == "VN1"
    assert [e.state for e in part.events] == ["placed", "confirmed", "packed", "shipped", "delivered"]
    told = db.session.scalars(select(OutgoingMail.subject).where(OutgoingMail.to_address == order.email)).all()
    assert len(told) == 4
    assert on_hand([goods.id]) == {goods.id: 8}


def test_a_delivered_part_is_completed_after_a_week(app: Flask, at: datetime, seller: User, goods: Variant) -> None:
    order, by = make_order((goods, 1), at=at), seller.actor()
    do("confirm_part", order, by, at)
    do("ship_part", order, by, at, carrier="tự giao", tracking_number="")
    do("deliver_part", order, by, at)
    paid = get_order(order.number)
    assert (paid.due.amount, paid.collected) == (0, paid.total)
    handlers, lease = {"orders.complete": complete}, timedelta(minutes=1)
    assert run_due(at + timedelta(days=6), handlers=handlers, lease=lease) == 0
    assert run_due(at + timedelta(days=7), handlers=handlers, lease=lease) == 1
    assert state(order) is PartState.COMPLETED
    complete({"number": order.number, "position": 1}, at)
    assert state(order) is PartState.COMPLETED
    assert db.session.scalars(select(Job.finished_at)).one() is not None


def test_declining_gives_the_stock_back_with_a_reason(app: Flask, at: datetime, seller: User, goods: Variant) -> None:
    order, by = make_order((goods, 3), at=at), seller.actor()
    with pytest.raises(Invalid):
        do("decline_part", order, by, at, reason="  ")
    assert (state(order), on_hand([goods.id])) == (PartState.PLACED, {goods.id: 7})
    do("decline_part", order, by, at, reason="Mưa lũ, xe không vào được")
    assert (state(order), on_hand([goods.id])) == (PartState.DECLINED, {goods.id: 10})
    assert get_order(order.number).due.amount == 0
    letter = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert letter is not None
    assert "Mưa lũ, xe không vào được" in letter.text


def test_undelivered_goods_come_home(app: Flask, at: datetime, seller: User, goods: Variant) -> None:
    order, by = make_order((goods, 3), at=at), seller.actor()
    do("confirm_part", order, by, at)
    with pytest.raises(Invalid):
        do("ship_part", order, by, at, carrier=" ", tracking_number="")
    do("ship_part", order, by, at, carrier="Bưu điện", tracking_number="")
    with pytest.raises(Invalid):
        do("report_undelivered", order, by, at, reason="")
    do("report_undelivered", order, by, at, reason="Không nghe máy")
    assert on_hand([goods.id]) == {goods.id: 7}
    do("take_back", order, by, at)
    assert (state(order), on_hand([goods.id])) == (PartState.RETURNED, {goods.id: 10})


def test_nobody_else_touches_a_part(app: Flask, at: datetime, seller: User, goods: Variant) -> None:
    order = make_order((goods, 1), at=at)
    others = [make_user(role, at=at).actor() for role in (Role.PRODUCER, Role.BUYER, Role.PROVINCE_OFFICER, Role.ADMIN)]
    colleague_as_buyer = Actor(user_id=1, role="buyer", organisation_id=seller.organisation_id)
    for by in (GUEST, *others, colleague_as_buyer):
        with pytest.raises(NotFound):
            do("confirm_part", order, by, at)
    assert state(order) is PartState.PLACED
    assert db.session.scalar(select(func.count()).select_from(PartEvent)) == 1


@pytest.mark.parametrize("before", list(PartState))
def test_only_the_moves_of_the_table(app: Flask, at: datetime, goods: Variant, before: PartState) -> None:
    for after in PartState:
        order = make_order((goods, 1), at=at)
        with transaction():
            db.session.get_one(OrderPart, order.parts[0].id).state = before
        part, units = get_order(order.number).parts[0], on_hand([goods.id])
        if after in TRANSITIONS[before]:
            with transaction():
                move_part(part=part, order_number=order.number, to=after, by=GUEST, at=at)
            assert state(order) is after
        else:
            with pytest.raises(PartMoved), transaction():
                move_part(part=part, order_number=order.number, to=after, by=GUEST, at=at)
            assert (state(order), on_hand([goods.id])) == (before, units)


def test_the_buyer_cancels_what_is_not_packed(app: Flask, at: datetime, seller: User, goods: Variant) -> None:
    other = make_offer("Khác", at=at, producer=make_producer("Khác", at=at))
    order = make_order((goods, 2), (other, 1), at=at)
    do("confirm_part", order, seller.actor(), at)
    do("pack_part", order, seller.actor(), at)
    with transaction():
        cancelled = cancel_order(number=order.number, by=GUEST, at=at)
    assert [p.position for p in cancelled] == [2]
    assert [p.state for p in get_order(order.number).parts] == ["packed", "cancelled"]
    assert on_hand([goods.id, other.id]) == {goods.id: 8, other.id: 10}
    with pytest.raises(TooLateToCancel), transaction():
        cancel_order(number=order.number, by=GUEST, at=at)


def test_the_desk_reads_own_parts(app: Flask, at: datetime, seller: User, goods: Variant) -> None:
    buyer = make_user(at=at).actor()
    order = make_order((goods, 1), at=at, by=buyer)
    make_order((make_offer("Khác", at=at, producer=make_producer("Khác", at=at)), 1), at=at)
    by = seller.actor()
    assert [p.order.number for p in list_parts(by=by)] == [order.number]
    assert list_parts(by=by, states=frozenset({PartState.SHIPPED})) == []
    assert count_parts_by_state(by=by) == {PartState.PLACED: 1}
    assert list_parts(by=GUEST) == []
    later = make_order((goods, 1), at=at + timedelta(hours=1))
    pages = [list_latest_parts(by=by, page=page, per_page=1) for page in (1, 2, 3)]
    assert [[p.order.number for p in found] for found in pages] == [[later.number], [order.number], []]
    assert [o.number for o in list_of_buyer(buyer.user_id or 0)] == [order.number]
    with pytest.raises(NotFound):
        get_order("nope")
