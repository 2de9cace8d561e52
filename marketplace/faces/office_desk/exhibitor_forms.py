"""What an officer types about exhibitors: criteria row by row, points, a receipt."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, read_dong, ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import whole_number
from marketplace.trade.exhibitors.models import Criterion, FeeMethod
from marketplace.trade.exhibitors.services import ReceiptFacts

BLANK_ROWS = 3
Row = tuple[str, str, str]


def criteria_rows(criteria: list[Criterion], typed: "MultiDict[str, str]") -> list[Row]:
    """Rows of the form: as typed, else as they stand, with blank ones to fill."""
    if "name" in typed:
        return _typed(typed)
    return [(each.name, each.name_en, str(each.most)) for each in criteria] + [("", "", "")] * BLANK_ROWS


def criteria_in(typed: "MultiDict[str, str]") -> list[tuple[str, str, int]]:
    """The rows that say anything; points that cannot be read are 0, which the verb refuses."""
    return [(name, name_en, figure(most) or 0) for name, name_en, most in _typed(typed) if name or most]


def _typed(typed: "MultiDict[str, str]") -> list[Row]:
    columns = (typed.getlist(name) for name in ("name", "name_en", "most"))
    return [(name.strip(), name_en.strip(), most.strip()) for name, name_en, most in zip(*columns, strict=False)]


def points_in(typed: Mapping[str, str]) -> dict[int, int]:
    """Points by the criterion's number; what cannot be read is left out, which the verb refuses."""
    found = {}
    for name, said in typed.items():
        number, points = whole_number(name.removeprefix("points-")), figure(said)
        if name.startswith("points-") and number is not None and points is not None:
            found[number] = points
    return found


def receipt_in(typed: Mapping[str, str]) -> ReceiptFacts:
    """A receipt as typed; Invalid where it is by no way of paying."""
    method = typed.get("method", "")
    if method not in set(FeeMethod):
        raise Invalid({"method": N_("Chọn một mục trong danh sách.")})
    amount = read_dong(typed.get("amount", "")) or Money(0)
    return ReceiptFacts(amount, FeeMethod(method), typed.get("reference", ""))


def figure(said: str) -> int | None:
    """A whole number as people type it, or None."""
    figures = ungroup(said.strip())
    return int(figures) if figures and len(figures) <= 6 else None
