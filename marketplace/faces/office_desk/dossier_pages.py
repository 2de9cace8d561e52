"""Dossiers at the office: what waits for whom, the papers, the assessment, the way back to be mended."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.media.documents import MOST_BYTES, Document, take_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page, whole_number
from marketplace.registry.dossiers.models import Dossier, DossierState
from marketplace.registry.dossiers.policies import ADMIT_DOSSIERS, SEE_DOSSIERS, may_assess
from marketplace.registry.dossiers.queries import (
    Asked,
    completeness_of,
    count_by_state,
    count_dossiers,
    get_dossier,
    get_report,
    list_assessments,
    list_dossiers,
    list_steps,
)
from marketplace.registry.dossiers.services import (
    AssessmentFacts,
    admit_dossier,
    answer_idea,
    assess_dossier,
    receive_samples,
    return_dossier,
)

bp = Blueprint("office_dossiers", __name__, url_prefix="/office/dossiers")
A_PAGE = 40


def _asked() -> Asked:
    """What the address asks for; what is none of the choices asks for nothing."""
    state = request.args.get("state", "")
    return Asked(
        words=request.args.get("q", "").strip()[:200],
        state=DossierState(state) if state in set(DossierState) else None,
        round_code=request.args.get("round", "").strip()[:16],
    )


@bp.get("")
@allow(SEE_DOSSIERS)
def dossiers() -> str:
    by, asked, page = current_actor(), _asked(), read_page()
    total = count_dossiers(by=by, asked=asked)
    return render_template(
        "office_desk/dossiers.html",
        dossiers=list_dossiers(by=by, asked=asked, page=page, per_page=A_PAGE),
        counts=count_by_state(by=by),
        asked=asked,
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        today=day_of(now()),
    )


@bp.get("/<code>")
@allow(SEE_DOSSIERS)
def dossier(code: str) -> str:
    return _page(code)


def _page(code: str, errors: dict[str, str] | None = None, refused: str = "") -> str:
    by, day = current_actor(), day_of(now())
    found = get_dossier(code, by=by)
    return render_template(
        "office_desk/dossier.html",
        dossier=found,
        complete=completeness_of(found, on=day),
        steps=list_steps(found.id),
        assessments=list_assessments(found.id),
        may_assess=may_assess(by, found.rules.procedure.first_level),
        may_admit=ADMIT_DOSSIERS.held_by(by),
        typed=request.form,
        errors=errors or {},
        refused=refused,
        today=day,
    )


@bp.post("/<code>/<any(accept, decline, return, admit, samples):verb>")
@allow(SEE_DOSSIERS)
def step(code: str, verb: str) -> Any:
    by, at, remark = current_actor(), now(), request.form.get("remark", "")
    typed = whole_number(request.form.get("units", ""), 6)
    units = -1 if typed is None else typed
    verbs: dict[str, Callable[[], object]] = {
        "accept": lambda: answer_idea(code=code, accepted=True, remark=remark, by=by, at=at),
        "decline": lambda: answer_idea(code=code, accepted=False, remark=remark, by=by, at=at),
        "return": lambda: return_dossier(code=code, remark=remark, by=by, at=at),
        "admit": lambda: admit_dossier(code=code, by=by, at=at),
        "samples": lambda: receive_samples(code=code, units=units, by=by, at=at),
    }
    return _do(code, verbs[verb])


@bp.post("/<code>/assess")
@allow(SEE_DOSSIERS)
def assess(code: str) -> Any:
    """The first level's findings; the signed report, if one was sent, is judged and kept before the block opens."""
    by, at = current_actor(), now()
    found = get_dossier(code, by=by)

    def verb() -> None:
        report = _report()
        if report is not None:
            put_document(report, at=at)
        with transaction():
            assess_dossier(code=code, facts=_facts(found), report=report, by=by, at=at)

    return _do(code, verb, block=False)


def _report() -> Document | None:
    sent = request.files.get("report")
    return take_document(sent.read(MOST_BYTES + 1), sent.filename) if sent and sent.filename else None


def _facts(found: Dossier) -> AssessmentFacts:
    try:
        held_on = date.fromisoformat(request.form.get("held_on", ""))
    except ValueError as error:
        raise Invalid({"held_on": _("Nhập ngày như 31/12/2026.")}) from error
    topics = [topic.code for topic in found.rules.procedure.pre_assessment]
    findings = {t: (request.form.get(f"met-{t}") == "yes", request.form.get(t, "")[:4000]) for t in topics}
    return AssessmentFacts(held_on, request.form.get("conclusion", "")[:6000], findings)


def _do(code: str, verb: Callable[[], object], *, block: bool = True) -> Any:
    """One verb, then the dossier's page; a refusal is told there with what was typed kept."""
    try:
        if block:
            with transaction():
                verb()
        else:
            verb()
    except NotFound:
        raise
    except Invalid as refusal:
        errors = {name: _(text) % refusal.facts for name, text in refusal.fields.items()}
        return _page(code, errors, sentence(refusal)), refusal.status
    except Refusal as refusal:
        return _page(code, None, sentence(refusal)), refusal.status
    flash(_("Đã ghi; nơi làm được báo bằng thư."), "ok")
    return redirect(url_for("office_dossiers.dossier", code=code))


@bp.get("/<code>/reports/<file_code>")
@allow(SEE_DOSSIERS)
def report(code: str, file_code: str) -> Response:
    """The signed report of an assessment."""
    return file_answer(get_report(code, file_code, by=current_actor()))
