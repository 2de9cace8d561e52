"""The days that a year's rounds usually have, and when before a deadline people are reminded. Pure."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

REMIND_DAYS = (30, 7, 1)
DATA = Path(__file__).parent / "data" / "usual-days.json"


@dataclass(frozen=True)
class RoundDays:
    """The days of one round."""

    opens_on: date
    first_deadline: date
    province_deadline: date


@cache
def _usual() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))["rounds"]
    return rows


def usual_days(year: int, number: int) -> RoundDays | None:
    """The days of this round by the province's plan of 2021 (10/7 and 30/7, 10/10 and 30/10); None for other rounds.

    A round opens when the one before it has ended, the year's first on 1 January.
    """
    rows = {row["number"]: row for row in _usual()}
    if number not in rows:
        return None
    day = {name: date.fromisoformat(f"{year}-{rows[number][name]}") for name in ("first", "province")}
    before = rows.get(number - 1)
    opens = date.fromisoformat(f"{year}-{before['province']}") + timedelta(days=1) if before else date(year, 1, 1)
    return RoundDays(opens, day["first"], day["province"])


def reminder_days(deadline: date, today: date) -> list[tuple[int, date]]:
    """How many days before the deadline a reminder goes out, and on which day; those that are over are left out."""
    found = [(days, deadline - timedelta(days=days)) for days in REMIND_DAYS]
    return [(days, on) for days, on in found if on >= today]
