"""The arithmetic of a council: lines of a sheet, totals, the average, who stands apart. Pure.

The total of a dossier is the average of its members' totals ("Tổng điểm trung bình"), to two decimals, halves up; and
the star is decided by that rounded average, the one that minutes and certificate show: 89.995 is 90.00, five stars,
89.994 is 89.99, four. Points, totals and averages are decimals throughout, never binary fractions.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from marketplace.registry.rulesets.rules import Criterion, RuleSet

CENT = Decimal("0.01")
APART = Decimal(10)  # points from the others' median: ours, to point at a sheet worth a second look; none is left out


@dataclass(frozen=True)
class Line:
    """What gets points: a criterion of a known sheet, or a whole part where the sheet's points are not known."""

    code: str
    part: str
    name: str
    name_en: str
    most: Decimal
    criterion: Criterion | None = None


@dataclass(frozen=True)
class Spread:
    """The members' totals of one dossier together. `apart` are the positions of totals far from the others."""

    average: Decimal
    lowest: Decimal
    highest: Decimal
    apart: tuple[int, ...]

    @property
    def range(self) -> Decimal:
        return self.highest - self.lowest


def lines_of(rules: RuleSet, set_code: str) -> tuple[Line, ...]:
    """The lines to score for a product set (of the rule set's classification): its sheet's, or one for each part."""
    sheet = rules.sheet_for(set_code)
    if sheet is None:
        return tuple(Line(part.code, part.code, part.name, part.name_en, part.most) for part in rules.parts)
    return tuple(Line(c.code, c.part, c.name, c.name_en, c.most, c) for c in sheet.criteria)


def read_points(typed: str) -> Decimal | None:
    """Points as people write them, `4`, `4,5`, `4.25`; None for anything that is no number of points."""
    plain = typed.strip().replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,6}(\.\d*)?", plain, re.ASCII):
        return None
    points = Decimal(plain)
    return points.quantize(CENT) if _in_cents(points) else None


def wrong_points(lines: Iterable[Line], points: Mapping[str, Decimal]) -> list[str]:
    """The codes of lines whose points lie outside 0 to their most, or have more than two decimals."""
    given = [(line, points[line.code]) for line in lines if line.code in points]
    return [line.code for line, each in given if not (0 <= each <= line.most and _in_cents(each))]


def _in_cents(points: Decimal) -> bool:
    return points == points.quantize(CENT)


def total(points: Mapping[str, Decimal]) -> Decimal:
    """A sheet's total."""
    return sum(points.values(), Decimal(0)).quantize(CENT)


def spread(totals: Sequence[Decimal]) -> Spread:
    """The average to two decimals, halves up; range; and who stands ten points or more from the others' median."""
    average = (sum(totals, Decimal(0)) / len(totals)).quantize(CENT, ROUND_HALF_UP)
    apart = tuple(
        i
        for i, one in enumerate(totals)
        if len(totals) > 2 and abs(one - median([*totals[:i], *totals[i + 1 :]])) >= APART
    )
    return Spread(average, min(totals), max(totals), apart)


def agreed(met: Sequence[Collection[str]], codes: Iterable[str]) -> tuple[str, ...]:
    """The minimum criteria that more than half of the sheets find met."""
    return tuple(code for code in codes if sum(code in each for each in met) * 2 > len(met))
