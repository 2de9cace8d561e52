"""Baskets of guests and members."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.baskets import services
from marketplace.shop.baskets.queries import EMPTY, Contents, Trouble, contents, count_units, find_basket, waits_to_join
from marketplace.shop.baskets.services import (
    BasketFull,
    NotEnough,
    accept_prices,
    add_to_basket,
    join_baskets,
    set_quantity,
)
from marketplace.shop.catalog.services import set_price
from marketplace.shop.inventory.services import count_stock
from tests.builders import BY, fill_basket, make_offer, make_producer, make_user
from tests.conftest import TODAY


def inside(token: str, by: Actor = GUEST, days: int = 0) -> Contents:
    return contents(find_basket(token, by=by), on=TODAY + timedelta(days=days))


def quantities(token: str, by: Actor = GUEST) -> dict[str, int]:
    return {line.variant.sku: line.quantity for line in inside(token, by).lines}


def test_grouped_by_producer_one_line_a_variant(app: Flask, at: datetime) -> None:
    one, two = make_producer("Một", at=at), make_producer("Hai", at=at)
    a, b, c = (make_offer(n, at=at, producer=p, price=1000) for n, p in (("A", one), ("B", two), ("C", one)))
    token = fill_basket((a, 1), (b, 2), (c, 3), (a, 4), at=at)
    found = inside(token)
    assert [(g.producer.name, [(x.variant.id, x.quantity) for x in g.lines]) for g in found.groups] == [
        ("Một", [(a.id, 5), (c.id, 3)]),
        ("Hai", [(b.id, 2)]),
    ]
    assert found.goods_total == Money(10_000)
    assert found.groups[0].weight_g == 4000
    assert count_units(find_basket(token, by=GUEST)) == 10
    assert count_units(None) == 0
    assert contents(None, on=TODAY) == EMPTY


def test_not_more_than_there_is(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at, stock=3)
    token = fill_basket((variant, 2), at=at)
    with pytest.raises(NotEnough) as refused, transaction():
        add_to_basket(token=token, sku=variant.sku, quantity=2, by=GUEST, at=at)
    assert refused.value.facts == {"on_hand": 3, "held": 2, "label": "gói"}
    with pytest.raises(NotEnough), transaction():
        set_quantity(token=token, sku=variant.sku, quantity=4, by=GUEST, at=at)
    assert quantities(token) == {variant.sku: 2}


@pytest.mark.parametrize("quantity", [0, -1, 1000])
def test_odd_quantities_are_refused(app: Flask, at: datetime, quantity: int) -> None:
    variant = make_offer(at=at)
    token = fill_basket((variant, 1), at=at)
    with pytest.raises(Invalid), transaction():
        add_to_basket(token=token, sku=variant.sku, quantity=quantity, by=GUEST, at=at)
    if quantity != 0:
        with pytest.raises(Invalid), transaction():
            set_quantity(token=token, sku=variant.sku, quantity=quantity, by=GUEST, at=at)
    assert quantities(token) == {variant.sku: 1}


def test_changing_and_taking_out(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at, stock=9)
    token = fill_basket((variant, 2), at=at)
    for quantity, expected in ((5, {variant.sku: 5}), (3, {variant.sku: 3}), (0, {}), (4, {})):
        with transaction():
            set_quantity(token=token, sku=variant.sku, quantity=quantity, by=GUEST, at=at)
        assert quantities(token) == expected
    with transaction():
        set_quantity(token="nobody's", sku=variant.sku, quantity=1, by=GUEST, at=at)
    assert find_basket("nobody's", by=GUEST) is None


def test_what_is_not_on_sale_cannot_be_put_in(app: Flask, at: datetime) -> None:
    lapsed = make_offer(at=at, days_ago=1200)
    for sku in (lapsed.sku, "NOPE"):
        with pytest.raises(NotFound), transaction():
            add_to_basket(token="t", sku=sku, quantity=1, by=GUEST, at=at)
    assert find_basket("t", by=GUEST) is None


def test_trouble_is_told(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    variant = make_offer(at=at, producer=producer, stock=5)
    token = fill_basket((variant, 3), at=at)
    assert not inside(token).troubled
    for counts, counted, seen, trouble in ((1, 2, 5, Trouble.SHORT), (2, 0, 2, Trouble.SOLD_OUT)):
        with transaction():
            count_stock(sku=variant.sku, counted=counted, seen=seen, counts=counts, by=BY, at=at)
        (line,) = inside(token).lines
        assert line.trouble is trouble
        assert inside(token).troubled
    later = inside(token, days=1200)
    assert (later.groups, [line.trouble for line in later.gone]) == ((), [Trouble.GONE])


def test_a_change_of_price_is_told_once(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at, price=1000)
    token = fill_basket((variant, 1), at=at)
    with transaction():
        set_price(sku=variant.sku, price=Money(1500), by=BY, at=at)
    (line,) = inside(token).lines
    assert (line.price_changed, line.price_seen, line.total) == (True, Money(1000), Money(1500))
    with transaction():
        accept_prices(basket_id=inside(token).basket_id or 0)
    assert not inside(token).lines[0].price_changed


def test_a_full_basket(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_LINES", 1)
    producer = make_producer(at=at)
    a, b = make_offer("A", at=at, producer=producer), make_offer("B", at=at, producer=producer)
    token = fill_basket((a, 1), at=at)
    with pytest.raises(BasketFull), transaction():
        add_to_basket(token=token, sku=b.sku, quantity=1, by=GUEST, at=at)


def test_a_guests_basket_joins_the_members(app: Flask, at: datetime) -> None:
    member = make_user(at=at).actor()
    producer = make_producer(at=at)
    a, b, c = (make_offer(n, at=at, producer=producer) for n in "ABC")
    old = fill_basket((a, 1), (b, 2), at=at, by=member)
    new = fill_basket((b, 3), (c, 4), at=at)
    assert waits_to_join(new, by=member)
    assert not waits_to_join(new, by=GUEST)
    with transaction():
        join_baskets(token=new, by=member, at=at)
    assert quantities(new, member) == {a.sku: 1, b.sku: 5, c.sku: 4}
    assert find_basket(old, by=GUEST) is None
    assert quantities("", member) == {a.sku: 1, b.sku: 5, c.sku: 4}
    assert not waits_to_join(new, by=member)


def test_somebody_elses_basket_is_not_shown(app: Flask, at: datetime) -> None:
    member, other = make_user(at=at).actor(), make_user(at=at).actor()
    variant = make_offer(at=at)
    token = fill_basket((variant, 1), at=at, by=member)
    assert find_basket(token, by=other) is None
    assert find_basket(token, by=GUEST) is None
    guests = fill_basket((variant, 2), at=at)
    with transaction():
        join_baskets(token=guests, by=GUEST, at=at)
    assert quantities(guests) == {variant.sku: 2}
    assert quantities(token, member) == {variant.sku: 1}
