"""What a unit costs by how many are bought."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.shop.pricing.rules import Tier, check_tiers, price_at

RETAIL = Money(50_000)
TIERS = (Tier(10, Money(45_000)), Tier(50, Money(42_000)))


@pytest.mark.parametrize(
    ("quantity", "unit", "reached", "ahead"),
    [(1, 50_000, None, 10), (9, 50_000, None, 10), (10, 45_000, 10, 50), (49, 45_000, 10, 50), (50, 42_000, 50, None)],
)
def test_the_highest_tier_reached(quantity: int, unit: int, reached: int | None, ahead: int | None) -> None:
    priced = price_at(RETAIL, TIERS, quantity)
    tier, following = priced.tier, priced.following
    assert (priced.unit, tier and tier.from_quantity, following and following.from_quantity) == (
        Money(unit),
        reached,
        ahead,
    )


def test_a_tier_that_is_not_below_the_retail_price_gives_nothing() -> None:
    priced = price_at(Money(44_000), TIERS, 20)
    assert (priced.unit, priced.tier, priced.following) == (Money(44_000), None, TIERS[1])
    assert price_at(Money(42_000), TIERS, 900).unit == Money(42_000)


def test_percent_is_never_more_than_it_is() -> None:
    assert Tier(10, Money(45_000)).percent_off(RETAIL) == 10
    assert Tier(10, Money(45_001)).percent_off(RETAIL) == 9


@given(st.lists(st.tuples(st.integers(2, 999), st.integers(1, 49_999)), max_size=6), st.integers(1, 999))
def test_more_never_costs_more_each(rows: list[tuple[int, int]], quantity: int) -> None:
    quantities = sorted({q for q, _ in rows})
    prices = sorted({p for _, p in rows}, reverse=True)
    tiers = [Tier(q, Money(p)) for q, p in zip(quantities, prices, strict=False)]
    check_tiers(tiers, retail=RETAIL)
    assert price_at(RETAIL, tiers, quantity + 1).unit <= price_at(RETAIL, tiers, quantity).unit <= RETAIL


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        ([(10, 50_000)], ["price_1"]),
        ([(10, 0)], ["price_1"]),
        ([(1, 45_000)], ["from_1"]),
        ([(1000, 45_000)], ["from_1"]),
        ([(10, 45_000), (10, 44_000)], ["from_2"]),
        ([(10, 45_000), (20, 45_000)], ["price_2"]),
        ([(10, 45_000), (9, 46_000), (1, 60_000)], ["from_3", "price_3", "from_2", "price_2"]),
        ([(n, 50_000 - n) for n in range(2, 9)], ["tiers"]),
    ],
)
def test_what_cannot_be(rows: list[tuple[int, int]], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        check_tiers([Tier(q, Money(p)) for q, p in rows], retail=RETAIL)
    assert sorted(refused.value.fields) == sorted(fields)
