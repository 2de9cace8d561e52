"""Which credit is which payout, and what a payout means in accounts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.money import Money
from marketplace.shop.ledger import rules as money
from marketplace.shop.payments.providers.interface import LineKind
from marketplace.shop.settlements.rules import (
    EARLY,
    LATE,
    Contents,
    Credit,
    Expected,
    arrival_moves,
    line_moves,
    near,
    pair,
    speaks_of,
)

ON = date(2026, 11, 23)
DAY = timedelta(days=1)


def payout(name: str = "po_1", amount: int = 90_000, on: date = ON, currency: str = "VND") -> Expected:
    return Expected(name, Money(amount, currency), on, "Stripe")


def credit(name: str = "CK1", amount: int = 90_000, on: date = ON, note: str = "IBFT STRIPE PAYMENTS UK") -> Credit:
    return Credit(name, Money(amount), on, note)


def test_a_note_speaks_of_a_payout_within_some_days_or_by_its_name() -> None:
    for on, told in ((ON - EARLY, True), (ON + LATE, True), (ON - EARLY - DAY, False), (ON + LATE + DAY, False)):
        assert speaks_of(payout(), credit(on=on)) is told
    assert speaks_of(payout("po_1Ab"), credit(note="ref PO 1AB", on=ON + 90 * DAY))
    assert not speaks_of(payout(), credit(note="luong thang 11"))


def test_the_banks_number_decides_where_it_is_known() -> None:
    known = Expected("R1", Money(1), ON, "", "FT77")
    told = Credit("CK1", Money(1), ON + 300 * DAY, "", ("99", "ft77"))
    assert speaks_of(known, told)
    assert not speaks_of(known, Credit("CK2", Money(1), ON, "FT77", ("FT770",)))


def test_of_several_the_nearest_day_and_each_once() -> None:
    expected = [payout("po_1"), payout("po_2", on=ON + 2 * DAY), payout("po_3", on=ON + 4 * DAY)]
    came = [credit("CK1", on=ON + DAY), credit("CK2", on=ON + 3 * DAY), credit("CK3", amount=1)]
    assert pair(expected, came) == {"po_1": "CK1", "po_2": "CK2"}
    assert pair(expected, []) == {}


def test_another_currency_only_where_neither_could_be_another() -> None:
    dollars = payout(amount=350, currency="USD")
    assert pair([dollars], [credit()]) == {"po_1": "CK1"}
    assert pair([dollars], [credit(), credit("CK2", amount=1)]) == {}
    assert pair([dollars, payout("po_2", 700, currency="USD")], [credit()]) == {}


def test_what_differs_is_only_told_where_it_is_plain() -> None:
    assert near([payout()], [credit(amount=80_000)]) == {"po_1": "CK1"}
    assert near([payout()], [credit(amount=80_000), credit("CK2", amount=70_000)]) == {}


AMOUNTS = st.integers(1, 10**12)


@given(AMOUNTS, AMOUNTS, st.integers(0, 10**9), AMOUNTS)
def test_a_foreign_payout_leaves_nothing_with_the_provider(asked: int, net: int, fee: int, credited: int) -> None:
    there = money.provider("stripe")
    moves = arrival_moves(Contents(Money(asked), net, fee, "USD"), Money(credited), there)
    sums = money.balances(moves)
    assert sums["provider:stripe"] == -asked
    assert sums["unmatched"] == credited
    assert sum(sums.values()) == 0
    assert abs(sums.get("provider_fees", 0) * net - fee * credited) <= net / 2, "fees at the payout's own worth"


@given(AMOUNTS, AMOUNTS)
def test_in_dong_what_is_missing_is_a_fee(net: int, kept: int) -> None:
    there = money.provider("stripe")
    moves = arrival_moves(Contents(Money(net), net + kept, 0, "VND"), Money(net), there)
    assert money.balances(moves) == {"unmatched": net, "provider_fees": kept, "provider:stripe": -net - kept}


def test_a_line_of_no_order() -> None:
    there = money.provider("stripe")
    for kind, net, wanted in (
        (LineKind.FEE, -7, {"provider_fees": 7, "provider:stripe": -7}),
        (LineKind.FEE, 7, {"provider_fees": -7, "provider:stripe": 7}),
        (LineKind.OTHER, -7, {"unmatched": 7, "provider:stripe": -7}),
        (LineKind.OTHER, 7, {"unmatched": -7, "provider:stripe": 7}),
    ):
        assert money.balances(line_moves(kind, Money(net), there)) == wanted
