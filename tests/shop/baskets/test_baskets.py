"""Baskets of guests and members."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money
from marketplace.shop.baskets import services
from marketplace.shop.baskets.queries import contents, count_units, find_basket, waits_to_join
from marketplace.shop.baskets.rules import EMPTY, Contents, Trouble
from marketplace.shop.baskets.services import (
    BasketFull,
    NotEnough,
    OutsideLimits,
    accept_prices,
    add_to_basket,
    join_baskets,
    save_for_later,
    set_quantity,
    take_up_again,
)
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.services import set_price
from marketplace.shop.inventory.services import count_stock
from marketplace.shop.pricing.queries import terms_of
from marketplace.shop.pricing.rules import USUAL, Terms
from marketplace.shop.pricing.services import set_terms
from tests.builders import BY, fill_basket, make_offer, make_producer, make_user
from tests.conftest import AT


def inside(token: str, by: Actor = GUEST, days: int = 0) -> Contents:
    return contents(find_basket(token, by=by), at=AT + timedelta(days=days))


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
    assert contents(None, at=AT) == EMPTY


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
        accept_prices(at=at, basket_id=inside(token).basket_id or 0)
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


def test_put_aside_it_is_neither_counted_nor_ordered_and_comes_back(app: Flask, at: datetime) -> None:
    a, b = make_offer("A", at=at, price=1000), make_offer("B", at=at, price=2000)
    token = fill_basket((a, 3), (b, 1), at=at)
    with transaction():
        save_for_later(token=token, sku=a.sku, by=GUEST, at=at)
    found = inside(token)
    assert (quantities(token), [(x.variant.sku, x.quantity) for x in found.saved]) == ({b.sku: 1}, [(a.sku, 3)])
    assert (found.goods_total, count_units(find_basket(token, by=GUEST))) == (Money(2000), 1)
    with transaction():
        take_up_again(token=token, sku=a.sku, by=GUEST, at=at)
    assert (quantities(token), inside(token).saved) == ({a.sku: 3, b.sku: 1}, ())


def test_anything_on_sale_may_be_put_aside_and_nothing_else(app: Flask, at: datetime) -> None:
    a, hidden = make_offer("A", at=at), make_offer("B", at=at, days_ago=3 * 366)
    token = new_token()
    with transaction():
        save_for_later(token=token, sku=a.sku, by=GUEST, at=at)
    with pytest.raises(NotFound), transaction():
        save_for_later(token=token, sku=hidden.sku, by=GUEST, at=at)
    with pytest.raises(NotFound), transaction():
        take_up_again(token=token, sku=hidden.sku, by=GUEST, at=at)
    with pytest.raises(NotFound), transaction():
        take_up_again(token=new_token(), sku=a.sku, by=GUEST, at=at)
    assert [(x.variant.sku, x.quantity) for x in inside(token).saved] == [(a.sku, 1)]
    with transaction():
        add_to_basket(token=token, sku=a.sku, quantity=2, by=GUEST, at=at)
    assert (quantities(token), inside(token).saved) == ({a.sku: 2}, ())


def test_what_is_put_aside_counts_towards_the_most_a_basket_holds(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_LINES", 1)
    a, b = make_offer("A", at=at), make_offer("B", at=at)
    token = fill_basket((a, 1), at=at)
    with pytest.raises(BasketFull), transaction():
        save_for_later(token=token, sku=b.sku, by=GUEST, at=at)


@pytest.mark.parametrize(
    ("guest_saved", "own_saved", "wanted", "saved"),
    [(False, False, 5, 0), (True, False, 3, 0), (False, True, 2, 0), (True, True, 0, 2)],
)
def test_baskets_join_with_what_is_put_aside(
    app: Flask, at: datetime, guest_saved: bool, own_saved: bool, wanted: int, saved: int
) -> None:
    buyer, a = make_user(at=at).actor(), make_offer("A", at=at)
    token, own = fill_basket((a, 2), at=at), fill_basket((a, 3), at=at, by=buyer)
    with transaction():
        if guest_saved:
            save_for_later(token=token, sku=a.sku, by=GUEST, at=at)
        if own_saved:
            save_for_later(token=own, sku=a.sku, by=buyer, at=at)
    with transaction():
        join_baskets(token=token, by=buyer, at=at)
    found = inside(token, by=buyer)
    assert (sum(x.quantity for x in found.lines), sum(x.quantity for x in found.saved)) == (wanted, saved)


def limit(variant: Variant, least: int, most: int | None) -> None:
    with transaction():
        row = db.session.get_one(Variant, variant.id)
        row.least_quantity, row.most_quantity = least, most


def test_the_makers_limits_hold(app: Flask, at: datetime) -> None:
    a = make_offer("A", at=at, stock=50)
    limit(a, 3, 6)
    token = new_token()
    for quantity in (1, 7):
        with pytest.raises(OutsideLimits), transaction():
            add_to_basket(token=token, sku=a.sku, quantity=quantity, by=GUEST, at=at)
    assert find_basket(token, by=GUEST) is None
    token = fill_basket((a, 4), at=at)
    with pytest.raises(OutsideLimits) as refused, transaction():
        add_to_basket(token=token, sku=a.sku, quantity=3, by=GUEST, at=at)
    assert refused.value.facts == {"label": "gói", "least": 3, "most": 6, "held": 4}
    with pytest.raises(OutsideLimits), transaction():
        set_quantity(token=token, sku=a.sku, quantity=2, by=GUEST, at=at)
    assert quantities(token) == {a.sku: 4}
    limit(a, 5, None)
    assert inside(token).lines[0].trouble is Trouble.TOO_FEW
    limit(a, 1, 3)
    assert inside(token).lines[0].trouble is Trouble.TOO_MANY
    assert inside(token).troubled


def test_the_least_order_of_a_producer(app: Flask, at: datetime) -> None:
    seller = make_user(Role.PRODUCER, at=at)
    a = make_offer("A", at=at, price=30_000, producer=make_producer(at=at, user=seller))
    token = fill_basket((a, 1), at=at)
    assert not inside(token).troubled
    with transaction():
        set_terms(terms=Terms(Money(100_000), (2, 4)), by=seller.actor(), at=at)
    with transaction():
        set_terms(terms=Terms(Money(100_000), (2, 4)), by=seller.actor(), at=at)  # once more changes nothing
    group = inside(token).groups[0]
    assert (group.missing, group.terms.ready_days, inside(token).troubled) == (Money(70_000), (2, 4), True)
    with transaction():
        set_quantity(token=token, sku=a.sku, quantity=4, by=GUEST, at=at)
    assert (inside(token).groups[0].missing, inside(token).troubled) == (Money(0), False)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(Money(-1), (1, 2)), "minimum_order"),
        (Terms(Money(50_000_001), (1, 2)), "minimum_order"),
        (Terms(Money(0), (3, 2)), "ready_until"),
        (Terms(Money(0), (0, 61)), "ready_until"),
    ],
)
def test_terms_are_checked(app: Flask, at: datetime, terms: Terms, field: str) -> None:
    seller = make_user(Role.PRODUCER, at=at)
    producer = make_producer(at=at, user=seller)
    with pytest.raises(Invalid) as refused, transaction():
        set_terms(terms=terms, by=seller.actor(), at=at)
    assert list(refused.value.fields) == [field]
    with pytest.raises(Forbidden), transaction():
        set_terms(terms=USUAL, by=GUEST, at=at)
    assert terms_of([producer.id]) == {producer.id: USUAL}
