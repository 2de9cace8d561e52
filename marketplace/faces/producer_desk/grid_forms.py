"""The grid of goods as typed: which cells were changed, and which cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.faces.producer_desk.shelves import Good
from marketplace.platform.core.money import read_dong
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import whole_number
from marketplace.shop.intake.editing import Edit

NUMBERS = ("price", "counted", "low_at", "least_quantity", "most_quantity", "weight_g")
NEEDED = frozenset({"price", "counted", "least_quantity"})
Cell = tuple[str, str]  # SKU and column


@dataclass(frozen=True)
class Row:
    """A variant as the grid shows it: what each cell holds now, and what it was when it was shown."""

    good: Good

    @property
    def columns(self) -> tuple[str, ...]:
        """The cells that may be typed in: none of what is off its page, units only where they lie in one batch."""
        if not self.good.variant.active:
            return ()
        if self.good.variant.weight_g is None:
            return ("price", "least_quantity", "most_quantity")
        return NUMBERS if len(self.good.batches) <= 1 else tuple(name for name in NUMBERS if name != "counted")

    def value(self, column: str) -> int | None:
        variant = self.good.variant
        known = {
            "price": variant.price.amount,
            "counted": self.good.on_hand,
            "low_at": self.good.low_at,
            "least_quantity": variant.least_quantity,
            "most_quantity": variant.most_quantity,
            "weight_g": variant.weight_g,
            "active": int(variant.active),
        }
        return known[column]

    @property
    def seen(self) -> str:
        """Everything it shows, for the form to bring back."""
        values = [self.value(column) for column in (*NUMBERS, "active")]
        return ",".join("" if value is None else str(value) for value in (*values, self.good.hands))


@dataclass
class Sent:
    """What came back: the edits, the cells that cannot be read, and everything as it was typed."""

    edits: list[Edit] = field(default_factory=list)
    wrong: dict[Cell, str] = field(default_factory=dict)
    typed: dict[Cell, str] = field(default_factory=dict)


def read_grid(form: Mapping[str, str], rows: Sequence[Row]) -> Sent:
    """The changed cells of these rows. A row of which the form says nothing, or nothing sound, stays as it is."""
    sent = Sent()
    for row in rows:
        sku = row.good.variant.sku
        seen = _seen(form.get(f"seen:{sku}", ""))
        if seen is None:
            continue
        cells = {}
        for column in row.columns:
            text = form.get(f"{column}:{sku}")
            if text is None:
                continue
            sent.typed[sku, column] = text
            wanted = _number(text)
            if wanted is None and (text.strip() or column in NEEDED):
                sent.wrong[sku, column] = N_("Nhập bằng chữ số.") if text.strip() else N_("Ô này còn trống.")
            elif wanted != seen[column]:
                cells[column] = (seen[column], wanted)
        active = int(f"active:{sku}" in form)
        sent.typed[sku, "active"] = str(active)
        if active != seen["active"]:
            cells["active"] = (seen["active"], active)
        if cells:
            sent.edits.append(Edit(sku, seen["hands"] or 0, cells))
    return sent


def _number(text: str) -> int | None:
    amount = read_dong(text)
    return amount.amount if amount is not None else None


def _seen(text: str) -> dict[str, int | None] | None:
    names = (*NUMBERS, "active", "hands")
    values = text.split(",")
    numbers = [whole_number(value, 12) for value in values]
    if len(values) != len(names) or any(v and n is None for v, n in zip(values, numbers, strict=True)):
        return None
    return dict(zip(names, numbers, strict=True))
