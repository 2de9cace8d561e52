"""Which orders a note names, and what comes of a transfer: as tables, and for any note."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.ids import ALPHABET
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import TransferSource, TransferState
from marketplace.shop.bank.rules import Claim, Incoming, Verdict, judge, order_numbers, plan, same_transfer
from marketplace.shop.payments.models import PaymentState

AT = datetime(2026, 11, 23, 5, 0, 30, tzinfo=UTC)
ONE, TWO = "2611-ABC123", "2611-0K1MN9"


def came(note: str, amount: int = 100_000, **changes: Any) -> Incoming:
    facts: dict[str, Any] = {
        "account": "0011",
        "reference": "FT1",
        "amount": Money(amount),
        "booked_at": AT,
        "timed": True,
    }
    facts |= {"note": note, "payer": "", "payer_account": "", "source": TransferSource.FEED} | changes
    return Incoming(**facts)


@pytest.mark.parametrize(
    "note",
    [
        "2611ABC123",
        "2611-ABC123",
        "2611abc123",
        "2611 ABC123",
        "2611 ABC 123",
        "26 11 A B C123",
        "26IIABC123",
        "26llabcl23",
        "MBVCB.3278907687.2611ABC123.CT tu 0123499999 NGUYEN VAN A toi 0011 CHO PHIEN",
        "IBFT 2611ABC123-CHUYEN TIEN-OQCH0005xKl1",
        "CT2611ABC123FT",
        "trả tiền đơn 2611ABC123 ạ",
        "TRA TIEN 2611ABC\n123",
    ],
)
def test_the_code_is_found_whatever_stands_around_it(note: str) -> None:
    assert ONE in order_numbers(note)


@pytest.mark.parametrize(
    "note", ["", "chuyen tien", "2613ABC123", "2600ABC123", "2611ABC12", "2611ABCU23", "2611-ABC-12"]
)
def test_there_is_no_code(note: str) -> None:
    assert order_numbers(note) == []


def test_a_whole_word_comes_before_a_piece_of_a_run() -> None:
    assert order_numbers("00261112ABC123 2611ABC123")[0] == ONE


def test_both_codes_are_found() -> None:
    found = order_numbers("2611ABC123 2611OKLMN9")
    assert [number for number in found if number in (ONE, TWO)] == [ONE, TWO]


@given(
    st.text(ALPHABET, min_size=6, max_size=6),
    st.integers(1, 12),
    st.text("abcdefghij .,-/", max_size=40),
    st.text("abcdefghij .,-/", max_size=40),
    st.sets(st.integers(1, 9), max_size=4),
    st.booleans(),
)
def test_any_code_is_found_between_any_words(
    tail: str, month: int, before: str, after: str, spaces: set[int], lower: bool
) -> None:
    code = f"26{month:02}{tail}"
    split = "".join(f" {letter}" if n in spaces else letter for n, letter in enumerate(code))
    note = f"{before}{split.lower() if lower else split}{after}"
    assert f"{code[:4]}-{code[4:]}" in order_numbers(note)


def claim(number: str = ONE, state: str = "awaiting", missing: int = 100_000) -> Claim:
    return Claim(number, PaymentState(state), Money(missing))


@pytest.mark.parametrize(
    ("amount", "claims", "state", "gives"),
    [
        (100_000, [claim()], "matched", [(ONE, 100_000)]),
        (99_999, [claim()], "under", [(ONE, 99_999)]),
        (100_001, [claim()], "over", [(ONE, 100_001)]),
        (40_000, [claim(missing=40_000)], "matched", [(ONE, 40_000)]),
        (100_000, [claim(state="paid", missing=0)], "double", []),
        (100_000, [claim(state="lapsed")], "late", []),
        (100_000, [claim(state="at_the_door")], "unknown", []),
        (100_000, [], "unknown", []),
        (150_000, [claim(), claim(TWO, missing=50_000)], "matched", [(ONE, 100_000), (TWO, 50_000)]),
        (149_999, [claim(), claim(TWO, missing=50_000)], "unknown", []),
        (150_001, [claim(), claim(TWO, missing=50_000)], "unknown", []),
        (100_000, [claim(), claim(TWO, "paid", 0)], "unknown", []),
    ],
)
def test_what_comes_of_a_transfer(amount: int, claims: list[Claim], state: str, gives: list[tuple[str, int]]) -> None:
    told = Verdict(TransferState(state), tuple((number, Money(n)) for number, n in gives))
    assert judge(Money(amount), claims) == told


def test_what_one_transfer_pays_the_next_one_finds_paid() -> None:
    told = plan([came(ONE, 60_000), came(ONE, 40_000), came(ONE, 1), came("x")], {ONE: claim()})
    assert [verdict.state.value for verdict in told] == ["under", "matched", "double", "unknown"]


@given(st.lists(st.integers(1, 200), max_size=8), st.integers(1, 300))
def test_never_more_is_given_than_came_and_nothing_after_it_is_paid(amounts: list[int], missing: int) -> None:
    verdicts = plan([came(ONE, n) for n in amounts], {ONE: claim(missing=missing)})
    for amount, verdict in zip(amounts, verdicts, strict=True):
        assert sum(given.amount for _, given in verdict.gives) in (0, amount)
    given = [sum(n.amount for _, n in verdict.gives) for verdict in verdicts]
    paid = next((i for i in range(len(amounts)) if sum(given[: i + 1]) >= missing), len(amounts))
    assert all(n == 0 for n in given[paid + 1 :])


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"note": "ck  2611-abc123"}, True),
        ({"booked_at": AT + timedelta(seconds=20)}, True),
        ({"booked_at": AT + timedelta(seconds=40)}, False),
        ({"booked_at": AT + timedelta(hours=3), "timed": False}, True),
        ({"booked_at": AT + timedelta(hours=24), "timed": False}, False),
        ({"note": "other"}, False),
        ({"amount": 1}, False),
        ({"account": "0012"}, False),
    ],
)
def test_statement_and_feed_speak_of_one_transfer(changes: dict[str, Any], same: bool) -> None:
    assert same_transfer(came("CK 2611ABC123"), came(str(changes.pop("note", "CK 2611ABC123")), **changes)) is same
