"""A member's sittings, the products on the table, a sheet for each; papers of what is scored, no others."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from marketplace.faces.council_table.sheets import read_sheet_form, shown_sheet
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.errors import sentence
from marketplace.registry.councils.models import ScoreSheet, Sitting, TableEntry
from marketplace.registry.councils.policies import SCORE
from marketplace.registry.councils.queries import (
    count_table,
    find_sheet,
    get_entry,
    get_own_sitting,
    lines_for,
    list_own_sittings,
    list_sheets,
    list_table,
    minimum_for,
    seat_of,
)
from marketplace.registry.councils.services import reopen_sheet, save_sheet
from marketplace.registry.dossiers.queries import list_assessments, papers_of

bp = Blueprint("council_table", __name__, url_prefix="/council")


@bp.get("/")
@allow(SCORE)
def sittings() -> str:
    found = list_own_sittings(by=current_actor())
    counts = count_table(sitting.id for sitting in found)
    return render_template("council_table/sittings.html", sittings=found, counts=counts)


@bp.get("/<code>")
@allow(SCORE)
def sitting(code: str) -> str:
    by = current_actor()
    found = get_own_sitting(code, by=by)
    seat = seat_of(found, by)
    own = {sheet.dossier_id: sheet for sheet in list_sheets(found.id) if sheet.member_id == seat.id}
    return render_template("council_table/sitting.html", sitting=found, table=list_table(found.id), own=own)


def _place(code: str, dossier_code: str) -> tuple[Sitting, TableEntry, ScoreSheet | None]:
    """The sitting, the dossier on its table, and the acting member's sheet, if it was begun."""
    by = current_actor()
    found = get_own_sitting(code, by=by)
    entry = get_entry(found, dossier_code)
    seat = seat_of(found, by)
    return found, entry, find_sheet(sitting_id=found.id, dossier_id=entry.dossier_id, member_id=seat.id)


@bp.get("/<code>/<dossier_code>")
@allow(SCORE)
def sheet(code: str, dossier_code: str) -> str:
    return _page(code, dossier_code)


def _page(code: str, dossier_code: str, errors: dict[str, str] | None = None, refused: str = "") -> str:
    found, entry, own = _place(code, dossier_code)
    return render_template(
        "council_table/sheet.html",
        sitting=found,
        dossier=entry.dossier,
        sheet=own,
        lines=lines_for(entry.dossier),
        minimum=minimum_for(entry.dossier),
        papers=papers_of(entry.dossier_id),
        assessments=list_assessments(entry.dossier_id),
        errors=errors or {},
        refused=refused,
        today=day_of(now()),
        **shown_sheet(own, request.form, wrong=bool(errors)),
    )


@bp.post("/<code>/<dossier_code>")
@allow(SCORE)
def save(code: str, dossier_code: str) -> Any:
    _found, entry, _own = _place(code, dossier_code)
    sign = "sign" in request.form
    try:
        facts = read_sheet_form(entry, request.form, request.form.getlist("met"))
        with transaction():
            save_sheet(
                sitting_code=code, dossier_code=dossier_code, facts=facts, sign=sign, by=current_actor(), at=now()
            )
    except NotFound:
        raise
    except Invalid as refusal:
        return _page(code, dossier_code, {k: _(text) for k, text in refusal.fields.items()}), 422
    except Refusal as refusal:
        return _page(code, dossier_code, None, sentence(refusal)), refusal.status
    flash(_("Đã ký phiếu.") if sign else _("Đã lưu, chưa ký."), "ok")
    if sign:
        return redirect(url_for("council_table.sitting", code=code))
    return redirect(url_for("council_table.sheet", code=code, dossier_code=dossier_code))


@bp.post("/<code>/<dossier_code>/reopen")
@allow(SCORE)
def reopen(code: str, dossier_code: str) -> BaseResponse:
    try:
        with transaction():
            reopen_sheet(sitting_code=code, dossier_code=dossier_code, by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã mở lại phiếu; nhớ ký lại."), "ok")
    return redirect(url_for("council_table.sheet", code=code, dossier_code=dossier_code))


@bp.get("/<code>/<dossier_code>/files/<file_code>")
@allow(SCORE)
def file(code: str, dossier_code: str, file_code: str) -> Response:
    """A file of a dossier on the table, or the report on it; personal papers stay with those who verify."""
    _found, entry, _own = _place(code, dossier_code)
    for papers in papers_of(entry.dossier_id).values():
        for paper in papers:
            for page in paper.files:
                if page.file.code == file_code and not paper.of_kind.personal:
                    return file_answer(page.file)
    for row in list_assessments(entry.dossier_id):
        if row.report is not None and row.report.code == file_code:
            return file_answer(row.report)
    raise NotFound
