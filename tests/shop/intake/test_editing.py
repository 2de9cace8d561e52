"""Cells of one's own goods: those changed are saved, whole or not at all, and nobody's change is overwritten."""

from datetime import datetime

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.services import set_price
from marketplace.shop.intake.editing import CHANGED, EMPTIED, GONE, CellsRefused, Edit, edit_goods
from marketplace.shop.intake.queries import standing_of
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.inventory.services import BatchFacts, SeveralBatches, receive_batch, set_low_mark, take
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.pricing.services import set_tiers
from tests.builders import BY, make_offer, make_producer, make_user


@pytest.fixture
def owner(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at)


@pytest.fixture
def goods(owner: User, at: datetime) -> tuple[Variant, Variant]:
    producer = make_producer(at=at, user=owner)
    return make_offer("Miến", at=at, producer=producer), make_offer("Trà", at=at, producer=producer)


def standing(variant: Variant) -> dict[str, int | None]:
    db.session.rollback()
    found = {**standing_of(db.session.get_one(Variant, variant.id)), "counted": on_hand([variant.id])[variant.id]}
    db.session.expunge_all()
    db.session.rollback()
    return found


def edit(owner: User, at: datetime, *edits: Edit) -> int:
    with transaction():
        return edit_goods(edits=edits, by=owner.actor(), at=at)


def refused(owner: User, at: datetime, *edits: Edit) -> dict[tuple[str, str], str]:
    with pytest.raises(CellsRefused) as refusal:
        edit(owner, at, *edits)
    return {cell: sentence % facts for cell, (sentence, facts) in refusal.value.cells.items()}


NEW = {
    "price": (50_000, 55_000),
    "counted": (10, 12),
    "low_at": (None, 3),
    "least_quantity": (1, 2),
    "most_quantity": (None, 20),
    "weight_g": (500, 520),
}


def test_cells_of_several_goods(owner: User, goods: tuple[Variant, Variant], at: datetime) -> None:
    a, b = goods
    assert edit(owner, at, Edit(b.sku, 1, {"price": (50_000, 60_000)}), Edit(a.sku, 1, NEW)) == 7
    assert standing(a) == {"active": 1, **{name: new for name, (_, new) in NEW.items()}}
    assert (standing(b)["price"], standing(b)["weight_g"]) == (60_000, 500)
    assert edit(owner, at, Edit(a.sku, 2, {"least_quantity": (2, None), "low_at": (3, None)})) == 2
    assert (standing(a)["least_quantity"], standing(a)["low_at"], standing(a)["most_quantity"]) == (1, None, 20)


def test_one_bad_cell_keeps_all_back(owner: User, goods: tuple[Variant, Variant], at: datetime) -> None:
    a, b = goods
    before = standing(a), standing(b)
    wrong = {"price": (50_000, 0), "weight_g": (500, None), "most_quantity": (None, 1000), "counted": (10, None)}
    told = refused(owner, at, Edit(a.sku, 1, NEW), Edit(b.sku, 1, wrong))
    assert set(told) == {(b.sku, "price"), (b.sku, "weight_g"), (b.sku, "counted")}
    assert told[b.sku, "price"] == "Giá từ 1 đồng đến 1 tỉ đồng."
    assert (standing(a), standing(b)) == before
    told = refused(owner, at, Edit(b.sku, 1, {"most_quantity": (None, 1000), "low_at": (None, -1)}))
    assert set(told) == {(b.sku, "most_quantity"), (b.sku, "low_at")}


def test_what_another_changed_is_told_and_kept(owner: User, goods: tuple[Variant, Variant], at: datetime) -> None:
    a, b = goods
    with transaction():
        set_price(sku=a.sku, price=Money(52_000), by=BY, at=at)
        set_low_mark(sku=b.sku, low_at=4, by=BY, at=at)
    told = refused(
        owner, at, Edit(a.sku, 1, {"price": (50_000, 55_000)}), Edit(b.sku, 1, {"low_at": (5, 6), "price": (50_000, 1)})
    )
    assert told == {
        (a.sku, "price"): CHANGED % {"now": 52_000},
        (b.sku, "low_at"): CHANGED % {"now": 4},
    }
    assert (standing(a)["price"], standing(b)["low_at"], standing(b)["price"]) == (52_000, 4, 50_000)
    with transaction():
        set_low_mark(sku=b.sku, low_at=None, by=BY, at=at)
    assert refused(owner, at, Edit(b.sku, 1, {"low_at": (4, 6)})) == {(b.sku, "low_at"): EMPTIED}


def test_units_are_corrected_not_set(owner: User, goods: tuple[Variant, Variant], at: datetime) -> None:
    a, b = goods
    with transaction():
        take({a.id: 4}, reference="N", by=BY, at=at)
    edit(owner, at, Edit(a.sku, 1, {"counted": (10, 12)}))
    assert standing(a)["counted"] == 8
    assert refused(owner, at, Edit(a.sku, 1, {"counted": (8, 9)})) == {
        (a.sku, "counted"): "Kho vừa thay đổi trong lúc bạn sửa. Hãy xem số mới rồi sửa lại."
    }
    with transaction():
        receive_batch(sku=b.sku, facts=BatchFacts(5, "L"), counts=1, by=BY, at=at)
    assert refused(owner, at, Edit(b.sku, 2, {"counted": (15, 9)})) == {(b.sku, "counted"): SeveralBatches.message}
    assert standing(b)["counted"] == 15


def test_off_the_page_and_back(owner: User, goods: tuple[Variant, Variant], at: datetime) -> None:
    a, _ = goods
    cells = {"active": (1, 0)}
    assert refused(owner, at, Edit(a.sku, 1, cells)) == {
        (a.sku, "active"): "Trang đang hiện cần ít nhất một quy cách. Hãy tạm ngừng bán trước."
    }
    with transaction():
        db.session.get_one(Variant, a.id).active = False
    edit(owner, at, Edit(a.sku, 1, {"active": (0, 1)}))
    assert standing(a)["active"] == 1


def test_a_wholesale_price_stays_below(owner: User, goods: tuple[Variant, Variant], at: datetime) -> None:
    a, _ = goods
    with transaction():
        set_tiers(sku=a.sku, tiers=[Tier(10, Money(45_000))], by=BY, at=at)
    assert list(refused(owner, at, Edit(a.sku, 1, {"price": (50_000, 45_000)}))) == [(a.sku, "price")]
    assert standing(a)["price"] == 50_000


def test_only_ones_own(owner: User, goods: tuple[Variant, Variant], at: datetime) -> None:
    foreign = make_offer("Khác", at=at)
    told = refused(owner, at, Edit(foreign.sku, 1, {"price": (50_000, 1)}), Edit(goods[0].sku, 1, NEW))
    assert told == {(foreign.sku, "price"): GONE}
    assert (standing(foreign)["price"], standing(goods[0])["price"]) == (50_000, 50_000)


def test_retired_meanwhile(owner: User, goods: tuple[Variant, Variant], at: datetime) -> None:
    a, _ = goods
    with transaction():
        db.session.get_one(Variant, a.id).active = False
    told = refused(owner, at, Edit(a.sku, 1, {"active": (1, 0), "price": (50_000, 51_000)}))
    assert told == {(a.sku, "active"): CHANGED % {"now": 0}}
    told = refused(owner, at, Edit(a.sku, 1, {"price": (50_000, 51_000)}))
    assert list(told) == [(a.sku, "price")]
