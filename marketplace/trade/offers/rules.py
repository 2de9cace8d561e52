"""Amounts and prices of an offer, exactly: what of its unit lies in one variant, what one of a unit costs. Pure."""

from fractions import Fraction

from marketplace.platform.core.money import Money
from marketplace.shop.catalog.rules import Unit
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
