"""Which certificate counts, until when, by whom."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.registry.certification.rules import (
    AuthorityLevel,
    Standing,
    expiry,
    intervals,
    may_grant,
    newest,
    standing,
)


@dataclass(frozen=True)
class Paper:
    id: int
    issued_on: date
    expires_on: date
    stars: int = 3
    revoked_on: date | None = None


def paper(number: int, issued: str, stars: int = 3, revoked: str = "", expires: str = "") -> Paper:
    on = date.fromisoformat(issued)
    ends = date.fromisoformat(expires) if expires else expiry(on)
    return Paper(number, on, ends, stars, date.fromisoformat(revoked) if revoked else None)


@pytest.mark.parametrize(
    ("issued", "expires"),
    [
        ("2023-12-28", "2026-12-28"),
        ("2024-02-29", "2027-02-28"),
        ("2021-07-20", "2024-07-20"),
        ("2023-11-30", "2026-11-30"),
    ],
)
def test_a_term_ends_on_the_corresponding_day(issued: str, expires: str) -> None:
    assert expiry(date.fromisoformat(issued)) == date.fromisoformat(expires)


@pytest.mark.parametrize(
    ("level", "stars", "on", "may"),
    [
        ("province", 3, "2020-05-01", True),
        ("district", 3, "2020-05-01", False),
        ("province", 4, "2020-05-01", True),
        ("province", 3, "2023-02-23", True),
        ("district", 3, "2023-02-24", True),
        ("province", 3, "2023-02-24", False),
        ("province", 4, "2023-02-24", True),
        ("district", 4, "2024-01-01", False),
        ("district", 3, "2025-07-05", True),
        ("district", 3, "2025-07-06", False),
        ("province", 3, "2025-07-06", True),
        ("province", 5, "2025-07-06", False),
        ("ministry", 5, "2020-05-01", True),
        ("ministry", 4, "2026-01-01", False),
        ("province", 2, "2026-01-01", False),
    ],
)
def test_who_may_grant_which_star_when(level: str, stars: int, on: str, may: bool) -> None:
    assert may_grant(AuthorityLevel(level), stars, date.fromisoformat(on)) is may


def test_both_end_days_are_included() -> None:
    one = paper(1, "2023-12-28")
    for day, expected in (
        ("2023-12-27", Standing.NOT_YET),
        ("2023-12-28", Standing.IN_FORCE),
        ("2026-12-28", Standing.IN_FORCE),
        ("2026-12-29", Standing.LAPSED),
    ):
        assert standing(one, [one], date.fromisoformat(day)) is expected


def test_the_newest_decision_counts_be_it_lower() -> None:
    old, new = paper(1, "2024-01-01", 4), paper(2, "2026-01-01", 3)
    both = [old, new]
    assert newest(both, date(2025, 12, 31)) is old
    assert newest(both, date(2026, 1, 1)) is new
    assert standing(old, both, date(2026, 6, 1)) is Standing.SUPERSEDED
    assert standing(new, both, date(2026, 6, 1)) is Standing.IN_FORCE
    assert newest(both, date(2023, 1, 1)) is None


def test_of_one_day_the_later_row_is_the_newer() -> None:
    first, second = paper(1, "2026-01-01", 4), paper(2, "2026-01-01", 3)
    assert standing(first, [second, first], date(2026, 1, 1)) is Standing.SUPERSEDED


def test_a_revocation_counts_from_its_day_and_revives_nothing() -> None:
    old, new = paper(1, "2024-01-01", 3), paper(2, "2025-01-01", 4, revoked="2026-03-01")
    both = [old, new]
    assert standing(new, both, date(2026, 2, 28)) is Standing.IN_FORCE
    assert standing(new, both, date(2026, 3, 1)) is Standing.REVOKED
    assert standing(old, both, date(2026, 3, 1)) is Standing.SUPERSEDED
    assert [(i.stars, i.first, i.last) for i in intervals(both)] == [
        (3, date(2024, 1, 1), date(2024, 12, 31)),
        (4, date(2025, 1, 1), date(2026, 2, 28)),
    ]


def test_revoked_on_its_first_day_it_never_counted() -> None:
    assert intervals([paper(1, "2026-01-01", revoked="2026-01-01")]) == []


days = st.integers(0, 2500).map(lambda n: date(2020, 1, 1) + timedelta(days=n))
papers = st.lists(st.tuples(days, st.integers(3, 5), st.none() | st.integers(0, 1200)), max_size=5).map(
    lambda rows: [
        Paper(i, on, expiry(on), stars, on + timedelta(days=gone) if gone is not None else None)
        for i, (on, stars, gone) in enumerate(rows, 1)
    ]
)


@given(papers, days)
def test_intervals_say_what_standing_says(certificates: list[Paper], day: date) -> None:
    in_force = [c for c in certificates if standing(c, certificates, day) is Standing.IN_FORCE]
    inside = [i for i in intervals(certificates) if i.first <= day <= i.last]
    assert [i.certificate_id for i in inside] == [c.id for c in in_force]
    assert len(in_force) <= 1
