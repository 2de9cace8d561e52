"""Stock: always the sum of its movements, never below zero."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.shop.catalog.models import Variant
from marketplace.shop.inventory.models import StockMovement
from marketplace.shop.inventory.queries import list_movements, on_hand
from marketplace.shop.inventory.services import NotCounted, OutOfStock, StockMoved, count_stock, put_back, take
from tests.builders import BY, make_listing, make_offer, make_producer, make_product, make_user


def held(variant: Variant) -> int:
    units = on_hand([variant.id]).get(variant.id, 0)
    moved = db.session.scalar(select(func.sum(StockMovement.delta)).where(StockMovement.variant_id == variant.id))
    assert units == (moved or 0)
    return units


def test_taking_is_all_or_none(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    much, little = (
        make_offer("Nhiều", at=at, producer=producer, stock=10),
        make_offer("Ít", at=at, producer=producer, stock=1),
    )
    with pytest.raises(OutOfStock) as refused, transaction():
        take({much.id: 3, little.id: 2}, reference="A", by=BY, at=at)
    assert refused.value.facts == {"variant_id": little.id}
    assert (held(much), held(little)) == (10, 1)
    with transaction():
        take({much.id: 3, little.id: 1}, reference="A", by=BY, at=at)
    assert (held(much), held(little)) == (7, 0)
    with transaction():
        put_back({much.id: 3}, sold_as="A", reference="A", by=BY, at=at)
    assert held(much) == 10
    assert [(m.delta, m.kind) for m in list_movements(much.id)] == [(3, "returned"), (-3, "sold"), (10, "counted")]


def test_a_count_corrects_what_was_seen_not_what_is(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at, stock=10)
    with transaction():
        take({variant.id: 4}, reference="A", by=BY, at=at)
    with transaction():
        count_stock(sku=variant.sku, counted=12, seen=10, counts=1, by=BY, at=at)
    assert held(variant) == 8
    with pytest.raises(StockMoved), transaction():
        count_stock(sku=variant.sku, counted=0, seen=10, counts=2, by=BY, at=at)
    assert held(variant) == 8
    with transaction():
        count_stock(sku=variant.sku, counted=8, seen=8, counts=2, by=BY, at=at)
    assert held(variant) == 8


def test_the_same_count_twice_counts_once(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at, stock=35)
    with transaction():
        count_stock(sku=variant.sku, counted=40, seen=35, counts=1, by=BY, at=at)
    for counted, seen in ((40, 35), (1_000_000, 0)):
        with pytest.raises(StockMoved), transaction():
            count_stock(sku=variant.sku, counted=counted, seen=seen, counts=1, by=BY, at=at)
    with pytest.raises(StockMoved), transaction():  # more than can be held
        count_stock(sku=variant.sku, counted=1_000_000, seen=0, counts=2, by=BY, at=at)
    assert held(variant) == 40
    assert [m.delta for m in list_movements(variant.id)] == [5, 35]


def test_counting_is_bounded_and_ones_own(app: Flask, at: datetime) -> None:
    user, other = make_user(Role.PRODUCER, at=at), make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer(at=at, user=user))
    for counted in (-1, 1_000_001):
        with pytest.raises(Invalid), transaction():
            count_stock(sku=variant.sku, counted=counted, seen=10, counts=1, by=user.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        count_stock(sku=variant.sku, counted=1, seen=10, counts=1, by=other.actor(), at=at)
    assert held(variant) == 10


def test_a_service_has_no_stock(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at, set_code="VI.1")
    _, variant = make_listing(product, at=at, weight_g=None)
    with pytest.raises(NotCounted), transaction():
        count_stock(sku=variant.sku, counted=1, seen=0, counts=0, by=BY, at=at)
