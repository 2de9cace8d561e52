"""What an order costs: parts sum to the whole, to the dong, whatever the goods and vouchers."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.money import Money, total
from marketplace.shop.pricing.totals import PartFacts, PartTotals, Promise, Totals, VoucherKind, totals

AMOUNT, PERCENT, FREE = VoucherKind
DONG = st.integers(0, 10**9).map(Money)
LINES = st.lists(st.tuples(st.integers(1, 10**7).map(Money), st.integers(1, 999)), max_size=5).map(tuple)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[PartFacts], list[Promise]]:
    senders = draw(st.lists(st.integers(1, 9), unique=True, max_size=5))
    givers = draw(st.lists(st.sampled_from([None, *range(1, 12)]), unique=True, max_size=6))
    promises = [
        Promise(
            f"C{giver}",
            draw(st.sampled_from(VoucherKind)),
            giver,
            amount=draw(DONG),
            percent=draw(st.integers(1, 100)),
            cap=draw(st.none() | DONG),
        )
        for giver in givers
    ]
    return [PartFacts(sender, draw(LINES), draw(DONG)) for sender in senders], promises


@given(orders())
def test_parts_sum_to_the_whole_and_nothing_is_negative(order: tuple[list[PartFacts], list[Promise]]) -> None:
    parts, promises = order
    found = totals(parts, promises)
    assert [part.producer_id for part in found.parts] == [part.producer_id for part in parts]
    assert [part.goods for part in found.parts] == [part.goods for part in parts]
    assert [part.shipping for part in found.parts] == [part.delivery for part in parts]
    assert total(part.total for part in found.parts) == found.total == found.goods + found.shipping - found.discount
    assert total(each.amount for each in found.reductions) == found.discount
    for part in found.parts:
        assert Money(0) <= part.own_discount <= part.goods
        assert min(part.gift, part.total) >= Money(0)
    for promise in promises:
        off = found.taken_off(promise.code)
        assert promise.kind is not AMOUNT or off <= (promise.amount or Money(0))
        assert promise.kind is AMOUNT or promise.cap is None or off <= promise.cap
        if promise.producer_id is not None:
            theirs = [part.own_discount for part in found.parts if part.producer_id == promise.producer_id]
            assert off == total(theirs)


@given(orders())
def test_the_order_of_vouchers_does_not_matter(order: tuple[list[PartFacts], list[Promise]]) -> None:
    parts, promises = order
    found = totals(parts, promises)
    assert all(totals(parts, other) == found for other in list(permutations(promises))[:24])


def test_two_vouchers_of_one_giver_are_a_mistake() -> None:
    for giver in (None, 1):
        with pytest.raises(ValueError, match="one giver"):
            totals([], [Promise(code, AMOUNT, giver, Money(1)) for code in "AB"])


ONE, TWO = PartFacts(1, ((Money(50_000), 2),), Money(30_000)), PartFacts(2, ((Money(33_333), 1),), Money(20_000))


@pytest.mark.parametrize(
    ("promises", "wanted"),
    [
        ([], [(0, 0), (0, 0)]),
        ([Promise("A", AMOUNT, 1, Money(10_000))], [(10_000, 0), (0, 0)]),
        ([Promise("A", AMOUNT, 1, Money(900_000))], [(100_000, 0), (0, 0)]),
        ([Promise("A", AMOUNT, 3, Money(10_000))], [(0, 0), (0, 0)]),
        ([Promise("A", PERCENT, 2, percent=15)], [(0, 0), (4_999, 0)]),
        ([Promise("A", PERCENT, 2, percent=15, cap=Money(4_000))], [(0, 0), (4_000, 0)]),
        ([Promise("A", FREE, 1)], [(30_000, 0), (0, 0)]),
        ([Promise("A", FREE, 1, cap=Money(25_000))], [(25_000, 0), (0, 0)]),
        ([Promise("P", FREE)], [(0, 30_000), (0, 20_000)]),
        ([Promise("P", FREE, cap=Money(40_001))], [(0, 24_001), (0, 16_000)]),
        ([Promise("P", AMOUNT, amount=Money(10_000))], [(0, 7_500), (0, 2_500)]),
        ([Promise("P", AMOUNT, amount=Money(9**12))], [(0, 100_000), (0, 33_333)]),
        ([Promise("A", FREE, 1), Promise("P", FREE)], [(30_000, 0), (0, 20_000)]),
        ([Promise("A", AMOUNT, 1, Money(100_000)), Promise("P", PERCENT, percent=10)], [(100_000, 0), (0, 3_333)]),
    ],
)
def test_who_gives_what(promises: list[Promise], wanted: list[tuple[int, int]]) -> None:
    found = totals([ONE, TWO], promises)
    assert [(part.own_discount.amount, part.gift.amount) for part in found.parts] == wanted


def test_free_delivery_of_goods_worth_less_than_it() -> None:
    cheap = PartFacts(1, ((Money(1_000), 1),), Money(30_000))
    (part,) = totals([cheap], [Promise("A", FREE, 1)]).parts
    assert part == PartTotals(1, Money(1_000), Money(30_000), own_discount=Money(1_000))
    assert totals([], [Promise("P", FREE)]) == Totals((), totals([], [Promise("P", FREE)]).reductions)
