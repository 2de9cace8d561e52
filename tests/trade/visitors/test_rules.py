"""A ticket's signed text: read, altered in every way, of another edition; when a list is open; what a scan comes to."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, time

import pytest

from marketplace.trade.visitors.models import Outcome, TicketState
from marketplace.trade.visitors.rules import Hours, Shown, judge, mark, payload, public_key, read, signed_by

SEED = bytes(range(32))
KEY = public_key(SEED)
TEXT = payload("HC1", "VE23456789AB", SEED)


def test_a_ticket_says_its_code_under_our_signature() -> None:
    assert payload("HC1", "VE23456789AB", SEED) == TEXT
    assert len(TEXT) == 3 + 12 + 1 + 86
    assert read(f" {TEXT}\n", "HC1", KEY) == Shown("VE23456789AB", signed=True, good=True)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("VE2", "VE3"),  # another ticket under this signature
        TEXT.replace("T1.", "T2."),
        TEXT[:-1],
        TEXT + "A",
        TEXT[:-1] + ("x" if TEXT[-1] != "x" else "y"),
        TEXT[:20] + ("B" if TEXT[20] != "B" else "C") + TEXT[21:],
        "T1.VE23456789AB." + "A" * 86,
        "T1.VE23456789AB.",
        "T1..",
        ".",
        "https://example.com/ve",
    ],
)
def test_what_was_altered_is_not_good(text: str) -> None:
    shown = read(text, "HC1", KEY)
    assert (shown.signed, shown.good) == (True, False)


def test_every_bit_of_the_signature_counts() -> None:
    head, code, signature = TEXT.split(".")
    raw = urlsafe_b64decode(signature + "==")
    for n in range(len(raw) * 8):
        other = bytearray(raw)
        other[n // 8] ^= 1 << n % 8
        text = f"{head}.{code}.{urlsafe_b64encode(bytes(other)).decode().rstrip('=')}"
        assert not read(text, "HC1", KEY).good


def test_one_signature_is_written_in_one_way() -> None:
    """The last letter carries four bits that say nothing: only one of sixteen spellings is taken."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    good = [letter for letter in alphabet if signed_by(TEXT[:-1] + letter, "HC1", KEY)]
    assert good == [TEXT[-1]]


def test_a_signature_is_for_one_edition_and_one_key() -> None:
    assert not read(TEXT, "HC2", KEY).good
    assert not read(TEXT, "HC1", public_key(bytes(32))).good
    assert not signed_by("VE23456789AB", "HC1", KEY)


def test_a_typed_code_is_read_as_people_type() -> None:
    assert read(" ve23 4567 89ab", "HC1", KEY) == Shown("VE23456789AB")
    assert read("VEOIL", "HC1", KEY).code == "VE011"


def test_a_mark_tells_no_code() -> None:
    assert mark("HC1", "VE1") != mark("HC2", "VE1")
    assert len(mark("HC1", "VE1")) == 16


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"forged": True}, Outcome.FORGED),
        ({"state": None}, Outcome.UNKNOWN),
        ({"ours": False}, Outcome.WRONG_EDITION),
        ({"state": TicketState.CANCELLED}, Outcome.CANCELLED),
        ({"state": TicketState.UNPAID}, Outcome.UNPAID),
        ({"is_open": False}, Outcome.OUTSIDE_HOURS),
        ({}, Outcome.OK),
    ],
)
def test_what_a_scan_comes_to(facts: dict[str, object], outcome: Outcome) -> None:
    usual: dict[str, object] = {"ours": True, "forged": False, "state": TicketState.VALID, "is_open": True}
    assert judge(**{**usual, **facts}) is outcome  # type: ignore[arg-type] # the cases' facts


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour - 7, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        (at(17, 10), False),
        (at(18, 7), True),
        (at(18, 7) - (at(18, 8) - at(18, 7)) / 60, False),
        (at(20, 21), True),
        (at(20, 21, 1), False),
        (at(21, 10), False),
    ],
)
def test_a_gate_is_open_on_the_days_from_an_hour_before(when: datetime, is_open: bool) -> None:
    assert Hours(date(2026, 12, 18), date(2026, 12, 20), time(8), time(21)).open_at(when) is is_open


@pytest.mark.parametrize(("hour", "is_open"), [(13, False), (14, True), (15, True), (16, False)])
def test_a_list_of_its_own_time(hour: int, is_open: bool) -> None:
    days = (date(2026, 12, 18), date(2026, 12, 20), time(8), time(21))
    assert Hours(*days, at(18, 14), at(18, 15)).open_at(at(18, hour)) is is_open
    assert Hours(*days, starts_at=at(18, 14)).open_at(at(18, hour)) is (hour >= 14)
    assert Hours(*days, ends_at=at(18, 15)).open_at(at(18, hour)) is (hour <= 15)
