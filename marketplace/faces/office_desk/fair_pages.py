"""The office plans and runs its fairs: editions, their facts, zones, quotas and budget, their steps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.fair_forms import (
    EditionForm,
    budget_in,
    budget_rows,
    quota_rows,
    quotas_in,
    said,
    usual,
    zone_rows,
)
from marketplace.faces.storefront.campaign_words import campaign_words
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.people.places.queries import list_communes, list_former_districts
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.verbs import answered
from marketplace.trade.fair_meetings.queries import list_campaigns
from marketplace.trade.fair_meetings.services import PLANNABLE
from marketplace.trade.fairs.models import PLANNED, TRANSITIONS, EditionState
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import (
    budget_of,
    count_editions,
    find_release,
    get_edition,
    list_budget,
    list_editions,
    list_fairs,
    list_programme,
    list_steps,
)
from marketplace.trade.fairs.rules import OUTSIDE
from marketplace.trade.fairs.services import change_edition, move, plan_edition, set_budget, set_quotas, set_zones
from marketplace.trade.fairs.services.steps import BY_HAND

bp = Blueprint("office_fairs", __name__, url_prefix="/office/fairs")
A_PAGE = 30
STEPS = {
    EditionState.OPEN: N_("Đã mở nhận đăng ký. Nơi làm có sản phẩm phù hợp được báo bằng thư."),
    EditionState.SELECTION: N_("Đã khóa đăng ký để chọn."),
    EditionState.RUNNING: N_("Hội chợ khai mạc."),
    EditionState.CLOSED: N_("Đã bế mạc."),
    EditionState.REPORTED: N_("Đã chốt báo cáo."),
    EditionState.CANCELLED: N_("Đã hủy; những người liên quan được báo bằng thư."),
}


@bp.get("")
@allow(RUN_FAIRS)
def fairs() -> str:
    page = read_page()
    return render_template(
        "office_desk/fairs.html",
        editions=list_editions(page=page, per_page=A_PAGE),
        page=page,
        pages=max(1, -(-count_editions() // A_PAGE)),
        **fair_words(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(RUN_FAIRS)
def new() -> Any:
    form = EditionForm(data=None if request.method == "POST" else usual())
    form.offer(list_fairs())
    if form.validate_on_submit():
        with told_on(form), transaction():
            code = plan_edition(facts=form.facts(), by=current_actor(), at=now()).code
        if not form.errors:
            flash(_("Đã lưu nháp. Chia khu, vẽ mặt bằng rồi mở nhận đăng ký."), "ok")
            return redirect(url_for("office_fairs.fair", code=code))
    page = render_template("office_desk/fair_form.html", form=form, edition=None)
    return page, 422 if form.errors else 200


@bp.route("/<code>/edit", methods=["GET", "POST"])
@allow(RUN_FAIRS)
def edit(code: str) -> Any:
    edition = get_edition(code)
    form = EditionForm(data=None if request.method == "POST" else said(edition))
    form.offer([edition.fair])
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            change_edition(code=code, facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("office_fairs.fair", code=code))
    page = render_template("office_desk/fair_form.html", form=form, edition=edition)
    return page, 422 if form.errors else 200


@bp.get("/<code>")
@allow(RUN_FAIRS)
def fair(code: str) -> str:
    return _look(code)


def _look(code: str, errors: dict[str, str] | None = None) -> str:
    edition = get_edition(code)
    lines = list_budget(edition.id)
    return render_template(
        "office_desk/fair.html",
        edition=edition,
        may=[each for each in EditionState if each in TRANSITIONS[edition.state] & BY_HAND],
        changeable=edition.state in PLANNED,
        steps=list_steps(edition.id),
        zones=zone_rows(edition.zones, request.form),
        quotas=quota_rows(edition.quotas, request.form),
        places=quota_places(),
        budget=budget_rows(lines, request.form),
        sums=budget_of(lines),
        items=list_programme(edition.id),
        release=find_release(edition.id),
        campaigns=list_campaigns(edition.id),
        plannable=edition.state in PLANNABLE,
        errors=errors or {},
        typed=request.form,
        campaign_state=campaign_words()["campaign_state"],
        **fair_words(),
    )


def quota_places() -> list[tuple[str, str]]:
    """The places that a quota may speak of: (mark, name)."""
    province = current_app.config["SETTINGS"].province_code
    communes = [(f"{unit.system}:{unit.code}", unit.name) for unit in list_communes(province)]
    former = [
        (f"{unit.system}:{unit.code}", _("%(name)s (huyện cũ)", name=unit.name)) for unit in list_former_districts()
    ]
    return [*former, *communes, (OUTSIDE, _("Các tỉnh khác"))]


@bp.post("/<code>/zones")
@allow(RUN_FAIRS)
def zones(code: str) -> Any:
    rows = zip(request.form.getlist("zone"), request.form.getlist("zone_en"), strict=False)
    return _do(code, partial(set_zones, zones=list(rows)), N_("Đã lưu các khu."))


@bp.post("/<code>/quotas")
@allow(RUN_FAIRS)
def quotas(code: str) -> Any:
    def act(**who: Any) -> None:
        set_quotas(quotas=quotas_in(request.form), **who)

    return _do(code, act, N_("Đã lưu chỉ tiêu từng nơi."))


@bp.post("/<code>/budget")
@allow(RUN_FAIRS)
def budget(code: str) -> Any:
    def act(**who: Any) -> None:
        set_budget(lines=budget_in(request.form), **who)

    return _do(code, act, N_("Đã lưu kinh phí."))


@bp.post("/<code>/<any(open, selection, running, closed, reported, cancelled):step>")
@allow(RUN_FAIRS)
def take(code: str, step: str) -> Any:
    to = EditionState(step)
    return _do(code, partial(move, to=to, note=request.form.get("note", "")), STEPS[to])


def _do(code: str, verb: Callable[..., Any], done: str) -> Any:
    """One verb on one edition; a refusal is told on its page."""
    act, then = partial(verb, code=code, by=current_actor(), at=now()), url_for("office_fairs.fair", code=code)
    return answered(act, _(done), again=partial(_look, code), then=then)
