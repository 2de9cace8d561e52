"""What may be shown, what it lacks, scores and ranks, room under quotas, how long an offer stands."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from marketplace.platform.core.clock import midnight
from marketplace.trade.exhibitors.rules import (
    LACKS,
    Asked,
    Lack,
    Scored,
    answer_until,
    full,
    lacking,
    ranks,
    score_of,
    taken,
)

FIRST, LAST = date(2026, 12, 18), date(2026, 12, 20)


@dataclass(frozen=True)
class Paper:
    id: int = 1
    issued_on: date = date(2025, 1, 1)
    expires_on: date = date(2027, 12, 31)
    revoked_on: date | None = None
    stars: int = 4


def lacks(
    *papers: Paper, verified: bool = True, sets: frozenset[str] = frozenset(), stars: int = 3
) -> tuple[Lack, ...]:
    return lacking(papers, set_code="I.3.b", verified=verified, asked=Asked(FIRST, LAST, stars, sets))


@pytest.mark.parametrize(
    ("papers", "found"),
    [
        ((Paper(),), ()),
        ((Paper(expires_on=LAST),), ()),
        ((), (Lack.NO_CERTIFICATE,)),
        ((Paper(expires_on=date(2026, 12, 17)),), (Lack.NO_CERTIFICATE,)),
        ((Paper(issued_on=date(2026, 12, 19)),), (Lack.NO_CERTIFICATE,)),
        ((Paper(revoked_on=FIRST),), (Lack.NO_CERTIFICATE,)),
        ((Paper(expires_on=date(2026, 12, 19)),), (Lack.ENDS_EARLY,)),
        ((Paper(revoked_on=LAST),), (Lack.ENDS_EARLY,)),
        ((Paper(stars=3),), ()),
        ((Paper(stars=5), Paper(id=2, issued_on=date(2026, 12, 19), stars=3)), ()),
    ],
)
def test_a_certificate_on_the_first_and_the_last_day(papers: tuple[Paper, ...], found: tuple[Lack, ...]) -> None:
    assert lacks(*papers) == found


def test_stars_count_on_both_days() -> None:
    assert lacks(Paper(stars=3), stars=4) == (Lack.FEW_STARS,)
    assert lacks(Paper(stars=5), Paper(id=2, issued_on=date(2026, 12, 19), stars=3), stars=4) == (Lack.FEW_STARS,)
    assert lacks(Paper(stars=4), stars=4) == ()


def test_sets_and_verification_and_all_that_is_lacking_at_once() -> None:
    assert lacks(Paper(), sets=frozenset({"I.3.b", "I.1.a"})) == ()
    assert lacks(Paper(), sets=frozenset({"I.1.a"})) == (Lack.NOT_WANTED,)
    assert lacks(verified=False, sets=frozenset({"I.1.a"})) == (
        Lack.NOT_VERIFIED,
        Lack.NO_CERTIFICATE,
        Lack.NOT_WANTED,
    )
    assert LACKS.keys() == set(Lack)


def test_a_score_is_the_sum_of_means() -> None:
    assert score_of({1: [60, 50, 55], 2: [40, 39]}) == Fraction(55) + Fraction(79, 2)
    assert score_of({1: [1, 1, 2], 2: []}) == Fraction(4, 3)
    assert score_of({1: [0]}) == 0
    assert (score_of({}), score_of({1: []})) == (None, None)


def test_of_equal_scores_the_earlier_and_the_unscored_last() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    found = ranks(
        [
            Scored(1, None, at),
            Scored(2, Fraction(80), at + timedelta(hours=1)),
            Scored(3, Fraction(80), at),
            Scored(4, Fraction(0), at),
            Scored(5, Fraction(81), at + timedelta(days=1)),
            Scored(6, Fraction(80), at),
        ]
    )
    assert found == {5: 1, 3: 2, 6: 3, 2: 4, 4: 5, 1: 6}


def test_room_under_quotas() -> None:
    used = taken([("a", "d"), ("b", "d"), ("outside",)])
    assert used == {"a": 1, "b": 1, "d": 2, "outside": 1}
    quotas = {"a": 2, "d": 2, "c": 0}
    assert full(("a", "d"), used=used, quotas=quotas) == ("d",)
    assert full(("c",), used=used, quotas=quotas) == ("c",)
    assert full(("outside", "b"), used=used, quotas=quotas) == ()


def test_an_offer_never_runs_into_the_fair() -> None:
    at = datetime(2026, 12, 8, 5, tzinfo=UTC)
    assert answer_until(at, days=5, first_day=FIRST) == at + timedelta(days=5)
    assert answer_until(at, days=30, first_day=FIRST) == midnight(FIRST)
