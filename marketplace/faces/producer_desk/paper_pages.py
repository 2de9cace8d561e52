"""The producer's vault of papers: what there is, until when it is good, and giving more."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, SelectChoice, SelectField
from wtforms.validators import Length, Optional

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.producer_desk.paper_work import add_files
from marketplace.people.papers.kinds import all_kinds, paper_kind
from marketplace.people.papers.models import Paper
from marketplace.people.papers.policies import KEEP_OWN_PAPERS
from marketplace.people.papers.queries import get_paper, list_papers
from marketplace.people.papers.services import (
    PaperFacts,
    PaperStands,
    describe_paper,
    remove_file,
    start_paper,
    withdraw_paper,
)
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import Form, LineField, TextField, told_on
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.language import language
from marketplace.platform.web.links import safe_target

bp = Blueprint("producer_papers", __name__, url_prefix="/producer/papers")
SOON_DAYS = 60


def named_kinds() -> list[SelectChoice]:
    """Every kind of paper as a select offers it, in the reader's language."""
    english = language() == "en"
    return [SelectChoice(kind.code, kind.name_en if english else kind.name) for kind in all_kinds()]


class PaperForm(Form):
    """What a paper says of itself."""

    kind = SelectField(_l("Loại giấy"), choices=named_kinds)
    title = LineField(_l("Tên giấy (nếu cần nói rõ)"), validators=[Length(max=200)])
    number = LineField(_l("Số, ký hiệu"), validators=[Length(max=64)])
    issuer = LineField(_l("Nơi cấp"), validators=[Length(max=200)])
    issued_on = DateField(_l("Ngày cấp"), validators=[Optional()])
    valid_until = DateField(_l("Ngày hết hạn (nếu có)"), validators=[Optional()])
    note = TextField(_l("Ghi chú"), validators=[Length(max=2000)])

    def facts(self) -> PaperFacts:
        """What was typed."""
        names = ("kind", "title", "number", "issuer", "issued_on", "valid_until", "note")
        return PaperFacts(**{name: self[name].data for name in names})


@bp.get("")
@allow(KEEP_OWN_PAPERS)
def papers() -> str:
    by = current_actor()
    found = list_papers(get_own(by).id, by=by)
    given = {paper.kind for paper in found}
    return render_template(
        "producer_desk/papers.html",
        papers=found,
        kinds=[kind for kind in all_kinds() if kind.code not in given],
        named=named_kinds(),
        today=day_of(now()),
        soon=SOON_DAYS,
        **desk(by),
    )


@bp.post("/new")
@allow(KEEP_OWN_PAPERS)
@limiter.limit("240 per hour")
def new() -> Response:
    """A paper begins with its kind and whatever files were sent; its details follow on its own page."""
    by, at = current_actor(), now()
    with transaction():
        paper = start_paper(kind=request.form.get("kind", ""), replaces=request.form.get("replaces", ""), by=by, at=at)
    tell_files(*add_files(paper.code, request.files.getlist("files"), by=by, at=at))
    return redirect(
        url_for("producer_papers.paper", code=paper.code, next=safe_target(request.form.get("next"), "") or None)
    )


def tell_files(kept: int, refused: list[Refusal]) -> None:
    """Say which files were kept and which were not, each with its reason."""
    if kept:
        flash(_("Đã giữ %(n)d tệp.", n=kept), "ok")
    for refusal in refused:
        told = refusal.fields.get("files") if isinstance(refusal, Invalid) else None
        flash(_(told) % refusal.facts if told else sentence(refusal), "bad")


@bp.route("/<code>", methods=["GET", "POST"])
@allow(KEEP_OWN_PAPERS)
def paper(code: str) -> Any:
    found = get_paper(code, by=current_actor())
    form = PaperForm(obj=found)
    if form.validate_on_submit():
        with told_on(form, PaperStands), transaction():
            describe_paper(code=code, facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu giấy.") if found.files else _("Đã lưu. Giấy còn thiếu tệp."), "ok")
            back = safe_target(request.args.get("next"), url_for("producer_papers.papers"))
            return redirect(back if found.files else request.full_path.rstrip("?"))
    return _page(found, form), 422 if form.errors else 200


def _page(found: Paper, form: PaperForm) -> str:
    return render_template(
        "producer_desk/paper.html",
        paper=found,
        form=form,
        kind=paper_kind(form.kind.data or found.kind),
        today=day_of(now()),
        back=safe_target(request.args.get("next"), ""),
        **desk(current_actor()),
    )


@bp.post("/<code>/files")
@allow(KEEP_OWN_PAPERS)
@limiter.limit("240 per hour")
def add(code: str) -> Response:
    by = current_actor()
    get_paper(code, by=by)
    tell_files(*add_files(code, request.files.getlist("files"), by=by, at=now()))
    back = safe_target(request.args.get("next"), "")
    return redirect(url_for("producer_papers.paper", code=code, next=back or None))


@bp.post("/<code>/files/<file_code>/remove")
@allow(KEEP_OWN_PAPERS)
def remove(code: str, file_code: str) -> Response:
    try:
        with transaction():
            remove_file(code=code, file_code=file_code, by=current_actor(), at=now())
    except PaperStands as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã bỏ tệp."), "ok")
    return redirect(url_for("producer_papers.paper", code=code))


@bp.post("/<code>/withdraw")
@allow(KEEP_OWN_PAPERS)
def withdraw(code: str) -> Response:
    try:
        with transaction():
            withdraw_paper(code=code, by=current_actor(), at=now())
    except PaperStands as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã cất giấy đi."), "ok")
    return redirect(url_for("producer_papers.papers"))
