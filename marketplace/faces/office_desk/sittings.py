"""A sitting at the office: its table, the sheets as they come in, the result, the minutes, the decision, appeals."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.council_table.sheets import read_sheet_form, shown_sheet
from marketplace.faces.office_desk.forms import DecisionForm
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.media.documents import MOST_BYTES, take_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.media.models import FileKind
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import document_answer, file_answer
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import add_errors
from marketplace.registry.councils.minutes import minutes
from marketplace.registry.councils.models import Sitting, SittingState
from marketplace.registry.councils.policies import KEEP_COUNCILS
from marketplace.registry.councils.queries import (
    Scored,
    find_sheet,
    get_appeal,
    get_entry,
    get_sitting,
    lines_for,
    list_sheets,
    list_waiting_for_table,
    minimum_for,
    missing_sheets,
    scored_table,
    scoring_again,
)
from marketplace.registry.councils.services import (
    Ruling,
    answer_appeal,
    close_sitting,
    decide,
    enter_sheet,
    lay_table,
    open_sitting,
    take_off,
)
from marketplace.registry.dossiers.models import DossierState
from marketplace.registry.dossiers.queries import find_other_open

bp = Blueprint("office_sittings", __name__, url_prefix="/office")


@bp.get("/sittings/<code>")
@allow(KEEP_COUNCILS)
def sitting(code: str) -> str:
    return _page(code, DecisionForm())


def _page(code: str, form: DecisionForm, refused: str = "", errors: dict[str, str] | None = None) -> str:
    by = current_actor()
    found = get_sitting(code, by=by)
    planned, table = found.state is SittingState.PLANNED, scored_table(found.id)
    return render_template(
        "office_desk/sitting.html",
        sitting=found,
        table=table,
        missing=_missing(found, table),
        waiting=list_waiting_for_table(found.round_id, by=by) if planned else [],
        form=form,
        typed=request.form,
        errors=errors or {},
        refused=refused,
    )


def _missing(found: Sitting, table: list[Scored]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whose sheet an open sitting lacks: each name with the products, and what is sent to accept it."""
    if found.state is not SittingState.OPEN:
        return []
    people = {member.code: member.name for member in found.council.seated}
    named = {scored.entry.dossier.code: scored.entry.dossier.name for scored in table}
    lacking = missing_sheets(found, table)
    return [(people[who], [(f"{who}:{code}", named[code]) for code in codes]) for who, codes in lacking.items()]


def _without() -> set[tuple[str, str]]:
    """The sheets that the page listed as missing, where the tick below them was set."""
    listed = [each.partition(":") for each in request.form.getlist("missing")]
    return {(member, dossier) for member, _colon, dossier in listed} if "accept" in request.form else set()


@bp.post("/sittings/<code>/<any(lay, open, close):verb>")
@allow(KEEP_COUNCILS)
def step(code: str, verb: str) -> Any:
    by, at = current_actor(), now()
    verbs: dict[str, Callable[[], object]] = {
        "lay": lambda: lay_table(code=code, dossier_codes=request.form.getlist("dossier"), by=by, at=at),
        "open": lambda: open_sitting(code=code, by=by, at=at),
        "close": lambda: close_sitting(code=code, without=_without(), by=by, at=at),
    }
    return _do(code, verbs[verb])


@bp.post("/sittings/<code>/take-off/<dossier_code>")
@allow(KEEP_COUNCILS)
def off(code: str, dossier_code: str) -> Any:
    by = current_actor()
    return _do(code, lambda: take_off(code=code, dossier_code=dossier_code, by=by, at=now()))


def _do(code: str, verb: Callable[[], object]) -> Any:
    try:
        with transaction():
            verb()
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(code, DecisionForm(formdata=None), sentence(refusal)), refusal.status
    flash(_("Đã ghi."), "ok")
    return redirect(url_for("office_sittings.sitting", code=code))


@bp.get("/sittings/<code>/sheets/<dossier_code>/<member_code>")
@allow(KEEP_COUNCILS)
def sheet(code: str, dossier_code: str, member_code: str) -> str:
    return _sheet_page(code, dossier_code, member_code)


def _sheet_page(
    code: str, dossier_code: str, member_code: str, errors: dict[str, str] | None = None, refused: str = ""
) -> str:
    found = get_sitting(code, by=current_actor())
    entry, member = get_entry(found, dossier_code), _member(found, member_code)
    own = find_sheet(sitting_id=found.id, dossier_id=entry.dossier_id, member_id=member.id)
    return render_template(
        "office_desk/paper_sheet.html",
        sitting=found,
        dossier=entry.dossier,
        member=member,
        sheet=own,
        lines=lines_for(entry.dossier),
        minimum=minimum_for(entry.dossier),
        errors=errors or {},
        refused=refused,
        **shown_sheet(own, request.form, wrong=bool(errors)),
    )


def _member(found: Sitting, code: str) -> Any:
    member = next((m for m in found.council.members if m.code == code), None)
    if member is None:
        raise NotFound
    return member


@bp.post("/sittings/<code>/sheets/<dossier_code>/<member_code>")
@allow(KEEP_COUNCILS)
def enter(code: str, dossier_code: str, member_code: str) -> Any:
    """A paper sheet copied: the scan is judged and kept before the block opens."""
    try:
        _enter(code, dossier_code, member_code)
    except NotFound:
        raise
    except Invalid as refusal:
        errors = {name: _(text) % refusal.facts for name, text in refusal.fields.items()}
        return _sheet_page(code, dossier_code, member_code, errors), 422
    except Refusal as refusal:
        return _sheet_page(code, dossier_code, member_code, None, sentence(refusal)), refusal.status
    flash(_("Đã ghi phiếu."), "ok")
    return redirect(url_for("office_sittings.sitting", code=code))


def _enter(code: str, dossier_code: str, member_code: str) -> None:
    by, at, sent = current_actor(), now(), request.files.get("scan")
    entry = get_entry(get_sitting(code, by=current_actor()), dossier_code)
    facts = read_sheet_form(entry, request.form, request.form.getlist("met"))
    scan = take_document(sent.read(MOST_BYTES + 1), sent.filename) if sent and sent.filename else None
    if scan is not None:
        put_document(scan, at=at)
    with transaction():
        enter_sheet(
            sitting_code=code,
            dossier_code=dossier_code,
            member_code=member_code,
            facts=facts,
            scan=scan,
            by=by,
            at=at,
        )


@bp.get("/sittings/<code>/scans/<file_code>")
@allow(KEEP_COUNCILS)
def scan(code: str, file_code: str) -> Response:
    """A scanned paper sheet."""
    for each in list_sheets(get_sitting(code, by=current_actor()).id):
        if each.scan is not None and each.scan.code == file_code:
            return file_answer(each.scan)
    raise NotFound


@bp.get("/sittings/<code>/minutes.pdf")
@allow(KEEP_COUNCILS)
def minutes_pdf(code: str) -> Response:
    """The minutes of a closed sitting."""
    found = get_sitting(code, by=current_actor())
    if found.state is not SittingState.CLOSED:
        raise NotFound
    return document_answer(minutes(found), f"bien-ban-{found.code}.pdf", FileKind.PDF)


@bp.post("/sittings/<code>/decide")
@allow(KEEP_COUNCILS)
def decision(code: str) -> Any:
    form, errors = DecisionForm(), {}
    if form.validate_on_submit():
        try:
            with transaction():
                granted = decide(
                    sitting_code=code, decision=form.decision(), rulings=_rulings(code), by=current_actor(), at=now()
                )
        except Invalid as refusal:
            errors = {name: _(text) for name, text in refusal.fields.items()}
            add_errors(form, refusal)
        except Refusal as refusal:
            form.form_errors.append(sentence(refusal))
        if not form.errors:
            flash(_("Đã ghi quyết định: %(n)d giấy chứng nhận.", n=granted), "ok")
            return redirect(url_for("office_sittings.sitting", code=code))
    return _page(code, form, "", errors), 422


def _rulings(code: str) -> list[Ruling]:
    """What was chosen for each scored dossier; one for which nothing was chosen waits for another decision."""
    found = []
    for scored in scored_table(get_sitting(code, by=current_actor()).id):
        dossier = scored.entry.dossier
        chosen = request.form.get(f"ruling-{dossier.code}", "")
        if dossier.state is DossierState.SCORED and chosen in ("grant", "refuse"):
            reason = request.form.get(f"reason-{dossier.code}", "")[:4000]
            printed = request.form.get(f"number-{dossier.code}", "")[:64]
            found.append(Ruling(dossier.code, chosen == "grant", reason, printed))
    return found


@bp.get("/appeals/<code>")
@allow(KEEP_COUNCILS)
def appeal(code: str) -> str:
    return _appeal_page(code)


def _appeal_page(code: str, error: str = "", words: str = "") -> str:
    by = current_actor()
    found = get_appeal(code, by=by)
    return render_template(
        "office_desk/appeal.html",
        appeal=found,
        again=scoring_again(found.dossier, by=by, on=day_of(now())),
        other=find_other_open(found.dossier),
        error=error,
        words=words,
    )


@bp.post("/appeals/<code>")
@allow(KEEP_COUNCILS)
def answer(code: str) -> Any:
    by, words = current_actor(), request.form.get("answer", "")
    upheld = request.form.get("verdict") == "uphold"
    try:
        with transaction():
            again = answer_appeal(code=code, upheld=upheld, answer=words, by=by, at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        told = refusal.fields.get("answer") if isinstance(refusal, Invalid) else None
        said = _(told) if told else sentence(refusal)
        return _appeal_page(code, said, words), refusal.status
    row = again.round if again else None
    where = _("Chấm lại ở đợt %(n)d năm %(year)d.", n=row.number, year=row.year) if row else ""
    flash(" ".join((_("Đã trả lời; nơi làm được báo bằng thư."), where)).strip(), "ok")
    return redirect(url_for("office_councils.councils"))
