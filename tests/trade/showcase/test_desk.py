"""A point's own desk: what comes and goes adds up, never below zero; a form sent twice counts once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.trade.showcase.models import MoveKind, PointMove, ShowcasePoint
from marketplace.trade.showcase.queries import (
    SoldOn,
    count_moves,
    goods_shown,
    keeps_points,
    list_goods,
    list_moves,
    list_own,
    list_stock,
    sold_by_day,
    undone,
)
from marketplace.trade.showcase.services import (
    MoveFacts,
    NotSoMany,
    UndoneAlready,
    WrittenAlready,
    hide_good,
    record_move,
    show_good,
    undo_move,
)
from tests.builders import make_offer, make_user
from tests.showing import make_keeper, make_point, write_move

RECEIVED, SOLD, RETURNED, SPOILED = MoveKind.RECEIVED, MoveKind.SOLD, MoveKind.RETURNED, MoveKind.SPOILED


@pytest.fixture
def keeper(app: Flask, at: datetime) -> User:
    return make_keeper(at=at)


@pytest.fixture
def point(keeper: User, at: datetime) -> ShowcasePoint:
    return make_point(at=at, keeper=keeper)


@pytest.fixture
def goods(app: Flask, at: datetime) -> Variant:
    return make_offer(at=at)


def held(point: ShowcasePoint) -> list[int]:
    return [row.units for row in list_stock(point.id)]


def test_stock_is_the_sum_of_its_moves(point: ShowcasePoint, keeper: User, goods: Variant, at: datetime) -> None:
    yesterday = at.date() - timedelta(days=1)
    write_move(point, keeper, goods, RECEIVED, 20, at=at)
    write_move(point, keeper, goods, SOLD, 3, at=at, day=yesterday)
    write_move(point, keeper, goods, SOLD, 4, at=at)
    write_move(point, keeper, goods, SOLD, 1, at=at, unit_price=Money(0))
    write_move(point, keeper, goods, RETURNED, 5, at=at)
    write_move(point, keeper, goods, SPOILED, 1, at=at)
    write_move(point, keeper, goods, RECEIVED, 2, at=at)
    assert held(point) == [8]
    sold = sold_by_day(point.id, first=yesterday, last=at.date())
    assert sold == [SoldOn(at.date(), 5, Money(160_000)), SoldOn(yesterday, 3, Money(120_000))]
    assert goods_shown([point.id], on=at.date())[point.id][0].listing.id == goods.listing_id
    actions = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == keeper.id)))
    assert actions.count("showcase.sold") == 3
    assert actions.count("showcase.displayed") == 1


def test_more_than_there_is_cannot_go(point: ShowcasePoint, keeper: User, goods: Variant, at: datetime) -> None:
    with pytest.raises(NotSoMany):
        write_move(point, keeper, goods, SOLD, 1, at=at)
    write_move(point, keeper, goods, RECEIVED, 2, at=at)
    for kind in (SOLD, RETURNED, SPOILED):
        with pytest.raises(NotSoMany):
            write_move(point, keeper, goods, kind, 3, at=at)
    assert (held(point), count_moves(point.id)) == ([2], 1)


def test_a_form_sent_twice_counts_once(point: ShowcasePoint, keeper: User, goods: Variant, at: datetime) -> None:
    first = write_move(point, keeper, goods, RECEIVED, 5, at=at, key="same")
    again = write_move(point, keeper, goods, RECEIVED, 5, at=at, key="same")
    assert (first.code, held(point)) == (again.code, [5])


@pytest.mark.parametrize(
    "other",
    [
        {"units": 3},
        {"units": 0},
        {"units": 999_999},
        {"kind": SPOILED},
        {"day": date(2026, 11, 20)},
        {"unit_price": Money(1)},
        {"note": "khác"},
    ],
)
def test_the_same_form_with_other_content_is_a_conflict(
    point: ShowcasePoint, keeper: User, goods: Variant, at: datetime, other: dict[str, Any]
) -> None:
    write_move(point, keeper, goods, RECEIVED, 9, at=at)
    said: dict[str, Any] = {"kind": SOLD, "units": 1, "key": "same", "note": "quầy"}
    assert write_move(point, keeper, goods, at=at, **said).code == write_move(point, keeper, goods, at=at, **said).code
    with pytest.raises(WrittenAlready):
        write_move(point, keeper, goods, at=at, **{**said, **other})
    assert (held(point), count_moves(point.id)) == ([8], 2)


def test_the_same_form_at_another_point_is_a_conflict(
    point: ShowcasePoint, keeper: User, goods: Variant, at: datetime
) -> None:
    there = make_point(at=at, keeper=keeper, name="Điểm kia")
    write_move(point, keeper, goods, RECEIVED, 5, at=at, key="same")
    with pytest.raises(WrittenAlready):
        write_move(there, keeper, goods, RECEIVED, 5, at=at, key="same")
    assert (held(point), held(there), list_goods(there.id)) == ([5], [], [])


def test_a_mistake_is_undone_once(point: ShowcasePoint, keeper: User, goods: Variant, at: datetime) -> None:
    came = write_move(point, keeper, goods, RECEIVED, 5, at=at)
    sale = write_move(point, keeper, goods, SOLD, 2, at=at)
    facts: dict[str, Any] = {"slug": point.slug, "by": keeper.actor(), "at": at}
    with pytest.raises(NotSoMany), transaction():  # two of the five are gone
        undo_move(code=came.code, reason="Nhầm", **facts)
    with pytest.raises(Invalid), transaction():
        undo_move(code=sale.code, reason=" ", **facts)
    with transaction():
        back = undo_move(code=sale.code, reason="Nhầm", **facts)
    assert (held(point), sold_by_day(point.id, first=date(2026, 1, 1), last=at.date())) == ([5], [])
    for code in (sale.code, back.code):
        with pytest.raises(UndoneAlready), transaction():
            undo_move(code=code, reason="Nhầm", **facts)
    with pytest.raises(NotFound), transaction():
        undo_move(code="DX00000000", reason="Nhầm", **facts)
    with transaction():
        undo_move(code=came.code, reason="Nhầm", **facts)
    moves = list_moves(point.id)
    assert (held(point), undone(each.id for each in moves)) == ([0], {came.id, sale.id})
    assert [each.kind.value for each in moves] == ["undone", "undone", "sold", "received"]


def test_moves_are_listed_by_day(point: ShowcasePoint, keeper: User, goods: Variant, at: datetime) -> None:
    days = [date(2026, 11, n) for n in (21, 23, 17, 21)]
    for n, day in enumerate(days, start=1):
        write_move(point, keeper, goods, RECEIVED, n, at=at, day=day)
    assert [(move.day.day, move.units) for move in list_moves(point.id)] == [(23, 2), (21, 4), (21, 1), (17, 3)]
    assert [move.units for move in list_moves(point.id, page=2, per_page=2)] == [1, 3]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"kind": MoveKind.UNDONE}, "kind"),
        ({"units": 0}, "units"),
        ({"units": 100_001}, "units"),
        ({"day": date(2026, 11, 24)}, "day"),
        ({"kind": SOLD}, "unit_price"),
        ({"kind": SOLD, "unit_price": Money(2_000_000_000)}, "unit_price"),
        ({"note": "x" * 201}, "note"),
        ({"sku": "KHONG-CO"}, "sku"),
    ],
)
def test_what_cannot_be_is_told_by_field(
    point: ShowcasePoint, keeper: User, goods: Variant, at: datetime, said: dict[str, object], wrong: str
) -> None:
    given: dict[str, Any] = {"sku": goods.sku, "kind": RECEIVED, "units": 1, "day": at.date(), **said}
    facts = MoveFacts(**given)
    with pytest.raises(Invalid) as refused, transaction():
        record_move(slug=point.slug, key="k", facts=facts, by=keeper.actor(), at=at)
    assert set(refused.value.fields) == {wrong}
    assert db.session.scalar(select(PointMove.id)) is None


def test_goods_on_display_by_its_own_people(point: ShowcasePoint, keeper: User, goods: Variant, at: datetime) -> None:
    with transaction():
        show_good(slug=point.slug, listing=goods.listing.slug, by=keeper.actor(), at=at)
    assert [each.listing_id for each in list_goods(point.id)] == [goods.listing_id]
    with transaction():
        hide_good(slug=point.slug, listing=goods.listing.slug, by=keeper.actor(), at=at)
    assert list_goods(point.id) == []


def test_the_desk_is_its_own_peoples(point: ShowcasePoint, keeper: User, goods: Variant, at: datetime) -> None:
    other, buyer = make_keeper(at=at, email="other@example.com"), make_user(Role.BUYER, at=at)
    assert ([each.slug for each in list_own(keeper.actor())], list_own(other.actor())) == ([point.slug], [])
    assert [keeps_points(each.actor()) for each in (keeper, other, buyer)] == [True, False, False]
    with pytest.raises(NotFound):
        write_move(point, other, goods, RECEIVED, 1, at=at)
    with pytest.raises(Forbidden):
        write_move(point, buyer, goods, RECEIVED, 1, at=at)
    draft = make_point(at=at, keeper=keeper, opened=False)
    with pytest.raises(NotFound):
        write_move(draft, keeper, goods, RECEIVED, 1, at=at)
    assert held(point) == held(draft) == []
