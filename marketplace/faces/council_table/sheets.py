"""A score sheet between the form and the service."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.registry.councils.models import ScoreSheet, TableEntry
from marketplace.registry.councils.queries import lines_for, minimum_for
from marketplace.registry.councils.rules import read_points
from marketplace.registry.councils.services import SheetFacts

NO_POINTS = N_("Nhập điểm bằng số, ví dụ 4 hoặc 4,5.")


def read_sheet_form(entry: TableEntry, form: Mapping[str, str], met: Iterable[str]) -> SheetFacts:
    """What was typed on a sheet; raises Invalid beside each line that is no number. Empty lines are left out."""
    points: dict[str, Decimal] = {}
    wrong = {}
    for line in lines_for(entry.dossier):
        typed = form.get(f"p-{line.code}", "").strip()
        read = read_points(typed) if typed else None
        if read is not None:
            points[line.code] = read
        elif typed:
            wrong[line.code] = NO_POINTS
    if wrong:
        raise Invalid(wrong)
    known = {minimum.code for minimum in minimum_for(entry.dossier)}
    return SheetFacts(
        points, frozenset(met) & known, form.get("comment", ""), form.get("seen", ""), "knowingly" in form
    )


def shown_points(sheet: ScoreSheet | None, form: MultiDict[str, str]) -> dict[str, str]:
    """What stands in each line's field: what was just typed, else what was saved."""
    if form:
        return {name.removeprefix("p-"): value for name, value in form.items() if name.startswith("p-")}
    return {code: _written(Decimal(value)) for code, value in sheet.points.items()} if sheet else {}


def shown_sheet(sheet: ScoreSheet | None, form: MultiDict[str, str], *, wrong: bool) -> dict[str, object]:
    """What a sheet's page shows: what was typed in each field, else what was saved, and what was saved beside it.

    `wrong`: fields are to be mended, so the form still rests on the sheet that was seen before; otherwise on this one.
    """
    mark = sheet.mark if sheet else ""
    return {
        "points": shown_points(sheet, form),
        "saved": shown_points(sheet, MultiDict()),
        "met": form.getlist("met") if form else (sheet.met if sheet else []),
        "comment": form.get("comment", sheet.comment if sheet else ""),
        "seen": form.get("seen", mark) if wrong else mark,
        "knowingly": "knowingly" in form,
    }


def _written(points: Decimal) -> str:
    """`4,5` in Vietnamese, `4.5` in English, without zeros at the end."""
    plain = f"{points.normalize():f}"
    return plain if language() == "en" else plain.replace(".", ",")
