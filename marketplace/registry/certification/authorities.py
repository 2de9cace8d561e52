"""What the authorities that grant certificates are called, by level and date: suggestions while a decision is typed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.registry.certification.rules import AuthorityLevel

DATA = Path(__file__).parent / "data" / "authorities.json"


@dataclass(frozen=True)
class Authority:
    """A name as decisions print it, and the days on which it decided; an open end is None."""

    name: str
    level: AuthorityLevel
    valid_from: date | None = None
    valid_until: date | None = None


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data


def authorities(province: str, districts: Iterable[str]) -> list[Authority]:
    """Every authority whose decisions reach this province's products: province, ministry by its names, districts."""
    of_district = _data()["district"]
    found = [Authority(_seat(_data()["province"]["prefix"], province), AuthorityLevel.PROVINCE)]
    for row in reversed(_data()["ministries"]):
        found.append(Authority(row["name"], AuthorityLevel.MINISTRY, _day(row, "valid_from"), _day(row, "valid_until")))
    period = _day(of_district, "valid_from"), _day(of_district, "valid_until")
    return found + [Authority(_seat(of_district["prefix"], d), AuthorityLevel.DISTRICT, *period) for d in districts]


def _seat(prefix: str, unit: str) -> str:
    """`UBND tỉnh Lai Châu`: the unit's kind in lower case."""
    return f"{prefix} {unit[:1].lower()}{unit[1:]}"


def _day(row: dict[str, str], name: str) -> date | None:
    return date.fromisoformat(row[name]) if name in row else None
