"""The producer's dossiers: an idea, its papers, handing it in, what became of it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace.faces.producer_desk.dossier_forms import IdeaForm
from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.producer_desk.paper_pages import tell_files
from marketplace.faces.producer_desk.paper_work import add_files
from marketplace.people.papers.models import USABLE
from marketplace.people.papers.queries import list_papers
from marketplace.people.papers.services import start_paper
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page, told_on, whole_number
from marketplace.platform.web.glue import limiter
from marketplace.registry.councils.policies import APPEAL
from marketplace.registry.councils.queries import list_appeals_of
from marketplace.registry.councils.services import make_appeal
from marketplace.registry.councils.services.appeals import appealable
from marketplace.registry.dossiers.models import WITH_PRODUCER, Dossier, DossierKind
from marketplace.registry.dossiers.policies import KEEP_OWN_DOSSIERS
from marketplace.registry.dossiers.queries import (
    completeness_of,
    count_dossiers,
    get_dossier,
    get_report,
    list_assessments,
    list_dossiers,
    list_renewable,
    list_steps,
)
from marketplace.registry.dossiers.services import (
    Incomplete,
    attach_paper,
    detach_paper,
    fill_from_vault,
    hand_in_dossier,
    promise_samples,
    save_idea,
    send_idea,
    start_from_certificate,
    start_idea,
    withdraw_dossier,
)
from marketplace.registry.rounds.queries import list_open

bp = Blueprint("producer_dossiers", __name__, url_prefix="/producer/dossiers")
A_PAGE = 40
DONE = {
    "send": N_("Đã gửi ý tưởng. Bạn được báo bằng thư khi có trả lời."),
    "submit": N_("Đã nộp hồ sơ. Từ giờ giấy tờ trong hồ sơ giữ nguyên."),
    "withdraw": N_("Đã rút hồ sơ."),
}


@bp.get("")
@allow(KEEP_OWN_DOSSIERS)
def dossiers() -> str:
    by, page, day = current_actor(), read_page(), day_of(now())
    total = count_dossiers(by=by)
    return render_template(
        "producer_desk/dossiers.html",
        dossiers=list_dossiers(by=by, page=page, per_page=A_PAGE),
        renewable=list_renewable(by=by, on=day),
        rounds=list_open(on=day),
        today=day,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        **desk(by),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_OWN_DOSSIERS)
def new() -> Any:
    form = IdeaForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            dossier = start_idea(facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu ý tưởng. Xem lại rồi gửi khi đã vừa ý."), "ok")
            return redirect(url_for("producer_dossiers.dossier", code=dossier.code))
    page = render_template("producer_desk/dossier_idea.html", form=form, dossier=None, **desk(current_actor()))
    return page, 422 if form.errors else 200


@bp.post("/again")
@allow(KEEP_OWN_DOSSIERS)
def again() -> Response:
    """A renewal or an upgrade begins from the certificate there is."""
    kinds = {"renewal": DossierKind.RENEWAL, "upgrade": DossierKind.UPGRADE}
    kind, product = kinds.get(request.form.get("kind", "")), request.form.get("product", "")
    if kind is None:
        raise NotFound
    try:
        with transaction():
            dossier = start_from_certificate(product_code=product, kind=kind, by=current_actor(), at=now())
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return redirect(url_for("producer_dossiers.dossiers"))
    flash(_("Đã lập hồ sơ từ những gì đã biết: tên, bộ sản phẩm, giấy tờ trong tủ."), "ok")
    return redirect(url_for("producer_dossiers.dossier", code=dossier.code))


@bp.get("/<code>")
@allow(KEEP_OWN_DOSSIERS)
def dossier(code: str) -> str:
    return _page(code)


def _page(code: str, errors: dict[str, str] | None = None, refused: str = "") -> str:
    by, day = current_actor(), day_of(now())
    found = get_dossier(code, by=by)
    complete = completeness_of(found, on=day)
    return render_template(
        "producer_desk/dossier.html",
        dossier=found,
        complete=complete,
        vault=_vault(found),
        steps=list_steps(found.id),
        assessments=list_assessments(found.id),
        appeals=list_appeals_of(found.id),
        may_appeal=appealable(found, now()),
        typed=request.form,
        rounds=[row for row in list_open(on=day) if row.takes_new(day) or row.id == found.round_id],
        mine=found.state in WITH_PRODUCER,
        today=day,
        errors=errors or {},
        refused=refused,
        **desk(by),
    )


def _vault(found: Dossier) -> dict[str, list[Any]]:
    """The vault's usable papers by kind, to be chosen from."""
    chosen: dict[str, list[Any]] = {}
    for paper in list_papers(found.producer_id, by=current_actor()):
        if paper.state in USABLE:
            chosen.setdefault(paper.kind, []).append(paper)
    return chosen


@bp.route("/<code>/idea", methods=["GET", "POST"])
@allow(KEEP_OWN_DOSSIERS)
def idea(code: str) -> Any:
    found = get_dossier(code, by=current_actor())
    form = IdeaForm(obj=found, exists="yes" if found.exists_already else "no", wanted_stars=str(found.wanted_stars))
    form.told_anew = found.kind is DossierKind.NEW
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            save_idea(code=code, facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("producer_dossiers.dossier", code=code))
    page = render_template("producer_desk/dossier_idea.html", form=form, dossier=found, **desk(current_actor()))
    return page, 422 if form.errors else 200


@bp.post("/<code>/papers/<requirement>")
@allow(KEEP_OWN_DOSSIERS)
@limiter.limit("240 per hour")
def answer(code: str, requirement: str) -> Response:
    """A requirement is answered with a paper of the vault, or with files, which begin a new paper."""
    by, at, back = current_actor(), now(), url_for("producer_dossiers.dossier", code=code, _anchor=requirement)
    chosen = request.form.get("paper", "")
    sent = [file for file in request.files.getlist("files") if file.filename]
    with transaction():
        begun = None if chosen else start_paper(kind=_kind(code, requirement), by=by, at=at)
        paper_code = begun.code if begun else chosen
        attach_paper(code=code, requirement=requirement, paper_code=paper_code, by=by, at=at)
    if begun is None:
        flash(_("Đã đưa giấy vào hồ sơ."), "ok")
        return redirect(back)
    tell_files(*add_files(paper_code, sent, by=by, at=at))
    return redirect(url_for("producer_papers.paper", code=paper_code, next=back))


def _kind(code: str, requirement: str) -> str:
    """The kind of paper that a requirement asks for."""
    asked = get_dossier(code, by=current_actor()).rules.procedure.requirements
    kinds = next((each.paper_kinds for each in asked if each.code == requirement), ())
    if not kinds:
        raise NotFound
    return kinds[0]


@bp.post("/<code>/papers/<requirement>/<paper_code>/remove")
@allow(KEEP_OWN_DOSSIERS)
def remove(code: str, requirement: str, paper_code: str) -> Any:
    return _do(
        code,
        lambda: detach_paper(code=code, requirement=requirement, paper_code=paper_code, by=current_actor(), at=now()),
        _("Đã bỏ giấy khỏi hồ sơ. Giấy vẫn nằm trong tủ."),
    )


@bp.post("/<code>/fill")
@allow(KEEP_OWN_DOSSIERS)
def fill(code: str) -> Any:
    filled = _("Đã đưa vào hồ sơ những giấy có sẵn trong tủ.")
    return _do(code, lambda: fill_from_vault(code=code, by=current_actor(), at=now()), filled)


@bp.post("/<code>/samples")
@allow(KEEP_OWN_DOSSIERS)
def samples(code: str) -> Any:
    typed = whole_number(request.form.get("samples", ""), 6)
    units = -1 if typed is None else typed
    promised = ngettext("Đã ghi: có sẵn %(num)d mẫu.", "Đã ghi: có sẵn %(num)d mẫu.", units)
    return _do(code, lambda: promise_samples(code=code, units=units, by=current_actor(), at=now()), promised)


@bp.post("/<code>/<any(send, submit, withdraw):verb>")
@allow(KEEP_OWN_DOSSIERS)
def step(code: str, verb: str) -> Any:
    by, at = current_actor(), now()
    verbs: dict[str, Callable[[], object]] = {
        "send": lambda: send_idea(code=code, by=by, at=at),
        "submit": lambda: hand_in_dossier(code=code, round_code=request.form.get("round", ""), by=by, at=at),
        "withdraw": lambda: withdraw_dossier(code=code, by=by, at=at),
    }
    return _do(code, verbs[verb], _(DONE[verb]))


def _do(code: str, verb: Callable[[], object], done: str) -> Any:
    """One verb, then the dossier's page saying what was done; a refusal is told beside the piece it speaks of."""
    try:
        with transaction():
            verb()
    except NotFound:
        raise
    except Incomplete as refusal:
        errors = {name: _(text) for name, text in refusal.fields.items()}
        return _page(code, errors, sentence(refusal)), refusal.status
    except Invalid as refusal:
        errors = {name: _(text) for name, text in refusal.fields.items()}
        return _page(code, errors, " ".join(errors.values()) or sentence(refusal)), refusal.status
    except Refusal as refusal:
        return _page(code, None, sentence(refusal)), refusal.status
    flash(done, "ok")
    return redirect(url_for("producer_dossiers.dossier", code=code))


@bp.post("/<code>/appeal")
@allow(APPEAL)
def appeal(code: str) -> Any:
    words = request.form.get("words", "")
    made = _("Đã gửi kiến nghị. Bạn được báo bằng thư khi có trả lời.")
    return _do(code, lambda: make_appeal(dossier_code=code, words=words, by=current_actor(), at=now()), made)


@bp.get("/<code>/reports/<file_code>")
@allow(KEEP_OWN_DOSSIERS)
def report(code: str, file_code: str) -> Response:
    """The signed report of the first level's assessment."""
    return file_answer(get_report(code, file_code, by=current_actor()))
