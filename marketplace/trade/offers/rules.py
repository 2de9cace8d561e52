"""Amounts and prices of an offer, exactly; its months; its barcode. Pure."""

from collections.abc import Sequence
from fractions import Fraction

from marketplace.platform.core.money import Money
from marketplace.shop.catalog.rules import Unit, months_of
from marketplace.trade.demands.rules import in_base

PACKED = (Unit.PIECE, Unit.SET)  # counted by the pack where the pack says a weight or a volume


def content_of(net_quantity: int | None, net_unit: Unit | None, unit: Unit) -> Fraction | None:
    """How much of `unit` is in one variant: half a kilogram in a pack of 500 g; None where that cannot be said.

    Pieces and sets of goods that are weighed are packs: one variant is one of them.
    """
    if net_quantity and net_unit:
        amount, base = in_base(net_quantity, net_unit)
        per_unit, asked = in_base(1, unit)
        if base is asked:
            return Fraction(amount, per_unit)
    return Fraction(1) if unit in PACKED and net_unit not in PACKED else None


def price_of_one(pack: Money, content: Fraction | None) -> Fraction | None:
    """What one unit costs in dong, exactly, where a pack at that price holds `content` of it."""
    return Fraction(pack.amount) / content if content else None


def is_gtin(code: str) -> bool:
    """Whether it is a GTIN of 8, 12, 13 or 14 digits whose last is the check digit (GS1, modulo 10)."""
    if not (code.isascii() and code.isdigit()) or len(code) not in (8, 12, 13, 14):
        return False
    weighed = sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(reversed(code[:-1])))
    return (10 - weighed % 10) % 10 == int(code[-1])


def year_of(capacity: int | None, season: int) -> list[int]:
    """The same in every month of the season, nothing in the others: what an offer starts with."""
    months = months_of(season)
    return [(capacity or 0) if month in months else 0 for month in range(1, 13)]


def same_each_month(year: Sequence[int], season: int) -> int | None:
    """The one figure of every month of the season where the others have none; None where months differ."""
    figures = {year[month - 1] for month in months_of(season)}
    alike = len(figures) == 1 and list(year) == year_of(min(figures), season)
    return min(figures) if alike else None
