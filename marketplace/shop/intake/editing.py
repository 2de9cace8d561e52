"""Many cells of one's own goods changed together: whole or not at all, and never over what another has changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.errors import Conflict, Invalid, Refusal
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.services import VariantFacts, change_variant, restore_variant, retire_variant
from marketplace.shop.intake.queries import hold_own, standing_of
from marketplace.shop.inventory.services import correct_stock, set_low_mark
from marketplace.shop.pricing.services import change_price

FACTS = ("least_quantity", "most_quantity", "weight_g")
CHANGED = N_("Vừa có người đổi thành %(now)s. Lưu lần nữa nếu vẫn muốn thay.")
EMPTIED = N_("Vừa có người xóa trống. Lưu lần nữa nếu vẫn muốn thay.")
GONE = N_("Món này không còn.")


class CellsRefused(Conflict):
    """Some cells cannot be changed so; nothing was. `cells` maps (SKU, column) to a refusal's sentence and facts."""

    code = "cells_refused"
    message = N_("Có ô chưa lưu được, nên chưa lưu ô nào.")

    def __init__(self, cells: Mapping[tuple[str, str], tuple[str, Mapping[str, object]]]) -> None:
        super().__init__()
        self.cells = dict(cells)


@dataclass(frozen=True)
class Edit:
    """A variant's cells that were changed: what the page showed, and what is wanted now.

    Columns: price (dong), counted (units on hand), low_at, least_quantity, most_quantity, weight_g (None: empty),
    active (1 or 0). `hands` is how often the stock had been changed by hand when the page was shown.
    """

    sku: str
    hands: int = 0
    cells: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)

    def wanted(self, column: str) -> int | None:
        return self.cells[column][1]


def edit_goods(*, edits: Sequence[Edit], by: Actor, at: datetime) -> int:
    """Change all these cells in the open block, or raise CellsRefused with every one that cannot be; answers how many.

    Rows are held first, in a checkout's own order. What a sale took meanwhile stays sold: a count is a correction.
    """
    held = hold_own([edit.sku for edit in edits], by=by)
    wrong: dict[tuple[str, str], tuple[str, Mapping[str, object]]] = {}
    for edit in sorted(edits, key=lambda e: held[e.sku].id if e.sku in held else 0):
        variant = held.get(edit.sku)
        if variant is None:
            wrong |= {(edit.sku, column): (GONE, {}) for column in edit.cells}
        else:
            wrong |= _stale(edit, variant) or _change(edit, variant, by=by, at=at)
    if wrong:
        raise CellsRefused(wrong)
    return sum(len(edit.cells) for edit in edits)


def _stale(edit: Edit, variant: Variant) -> dict[tuple[str, str], tuple[str, Mapping[str, object]]]:
    """The cells that somebody else has changed since. Units on hand are judged by the correction itself."""
    now = standing_of(variant)
    return {
        (edit.sku, column): (EMPTIED, {}) if now[column] is None else (CHANGED, {"now": now[column]})
        for column, (seen, _wanted) in edit.cells.items()
        if column != "counted" and now[column] != seen
    }


def _change(
    edit: Edit, variant: Variant, *, by: Actor, at: datetime
) -> dict[tuple[str, str], tuple[str, Mapping[str, object]]]:
    wrong: dict[tuple[str, str], tuple[str, Mapping[str, object]]] = {}
    for columns, verb in VERBS:
        mine = [column for column in columns if column in edit.cells]
        if not mine:
            continue
        try:
            verb(edit, variant, by, at)
        except Invalid as invalid:
            for name, sentence in invalid.fields.items():
                wrong[edit.sku, name if name in edit.cells else mine[0]] = (sentence, invalid.facts)
        except Refusal as refusal:
            wrong[edit.sku, mine[0]] = (refusal.message, refusal.facts)
    return wrong


def _activity(edit: Edit, _variant: Variant, by: Actor, at: datetime) -> None:
    verb = restore_variant if edit.wanted("active") else retire_variant
    verb(sku=edit.sku, by=by, at=at)


def _price(edit: Edit, _variant: Variant, by: Actor, at: datetime) -> None:
    change_price(sku=edit.sku, price=Money(edit.wanted("price") or 0), by=by, at=at)


def _facts(edit: Edit, variant: Variant, by: Actor, at: datetime) -> None:
    wanted = {name: edit.wanted(name) for name in FACTS if name in edit.cells}
    if wanted.get("least_quantity", 1) is None:
        wanted["least_quantity"] = 1
    facts = VariantFacts(
        label=variant.label,
        label_en=variant.label_en,
        net_quantity=variant.net_quantity,
        net_unit=variant.net_unit,
        packaging=variant.packaging,
        grade=variant.grade,
        grade_en=variant.grade_en,
        capacity_per_day=variant.capacity_per_day,
        **{name: wanted.get(name, getattr(variant, name)) for name in FACTS},
    )
    change_variant(sku=edit.sku, facts=facts, by=by, at=at)


def _units(edit: Edit, _variant: Variant, by: Actor, at: datetime) -> None:
    seen, counted = edit.cells["counted"]
    if counted is None:
        raise Invalid({"counted": N_("Nhập số lượng.")})
    correct_stock(sku=edit.sku, counted=counted, seen=seen or 0, counts=edit.hands, by=by, at=at)


def _low(edit: Edit, _variant: Variant, by: Actor, at: datetime) -> None:
    set_low_mark(sku=edit.sku, low_at=edit.wanted("low_at"), by=by, at=at)


Verb = Callable[[Edit, Variant, Actor, datetime], None]
VERBS: tuple[tuple[tuple[str, ...], Verb], ...] = (  # what is taken off its page is changed before
    (("price",), _price),
    (FACTS, _facts),
    (("counted",), _units),
    (("low_at",), _low),
    (("active",), _activity),
)
