"""The distributor's desk: whose it is, its profile and papers, what comes next."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.distributor_desk.forms import DistributorForm
from marketplace.people.accounts.policies import ENTER_DISTRIBUTOR_DESK
from marketplace.people.accounts.queries import list_members
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.uploads import keep_each
from marketplace.trade.demands.queries import count_own_by_state
from marketplace.trade.distributors.models import Standing
from marketplace.trade.distributors.policies import KEEP_OWN_PROFILE
from marketplace.trade.distributors.queries import (
    find_own,
    get_file,
    get_own,
    get_own_organisation,
    lacking_of,
    list_files,
    list_steps,
)
from marketplace.trade.distributors.rules import KIND_NAMES
from marketplace.trade.distributors.services import (
    Incomplete,
    NotNow,
    add_file,
    remove_file,
    save_profile,
    send_for_verification,
)
from marketplace.trade.news.queries import list_unread
from marketplace.trade.showcase.queries import keeps_points

TO_SEND = frozenset({Standing.OPEN, Standing.RETURNED})
bp = Blueprint("distributor_desk", __name__, url_prefix="/distributor")


@bp.get("/")
@allow(ENTER_DISTRIBUTOR_DESK)
def today() -> str:
    by = current_actor()
    own = find_own(by)
    return render_template(
        "distributor_desk/today.html",
        organisation=get_own_organisation(by),
        distributor=own,
        members=list_members(by=by),
        kind_names=KIND_NAMES,
        lacking=lacking_of(own, len(list_files(own.id))) if own else {},
        demands=count_own_by_state(by=by),
        points=keeps_points(by),
        unread=list_unread(now(), by=by),
    )


@bp.route("/profile", methods=["GET", "POST"])
@allow(KEEP_OWN_PROFILE)
def profile() -> Any:
    by = current_actor()
    form = DistributorForm.of(get_own_organisation(by).name, find_own(by))
    if form.validate_on_submit():
        with told_on(form):
            facts = form.facts()
            with transaction():
                save_profile(facts=facts, sure=form.sure.data, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("distributor_desk.profile"))
    return _profile(form), 422 if form.errors else 200


def _profile(form: DistributorForm, missing: dict[str, str] | None = None) -> str:
    by = current_actor()
    own = find_own(by)
    files = list_files(own.id) if own else []
    lacking = lacking_of(own, len(files)) if own else {}
    return render_template(
        "distributor_desk/profile.html",
        form=form,
        organisation=get_own_organisation(by),
        distributor=own,
        files=files,
        steps=list_steps(own.id) if own else [],
        lacking=lacking,
        refused=missing or {},
        may_send=own is not None and own.standing in TO_SEND,
    )


@bp.post("/profile/send")
@allow(KEEP_OWN_PROFILE)
def send() -> Any:
    by = current_actor()
    get_own(by)
    try:
        with transaction():
            send_for_verification(by=by, at=now())
    except Incomplete as refusal:
        form = DistributorForm.of(get_own_organisation(by).name, find_own(by))
        return _profile(form, refusal.fields), 422
    except NotNow as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã gửi tỉnh xác minh. Bạn được báo bằng thư."), "ok")
    return redirect(url_for("distributor_desk.profile"))


@bp.post("/papers")
@allow(KEEP_OWN_PROFILE)
@limiter.limit("240 per hour")
def add_papers() -> Any:
    """Keep every sound file of what was sent; a bad one costs no other."""
    get_own(current_actor())
    title, by = request.form.get("title", ""), current_actor()
    keep_each(lambda document, at: add_file(document=document, title=title, by=by, at=at))
    return redirect(url_for("distributor_desk.profile", _anchor="papers"))


@bp.get("/papers/<code>")
@allow(KEEP_OWN_PROFILE)
def paper(code: str) -> Response:
    return file_answer(get_file(get_own(current_actor()).id, code).file)


@bp.post("/papers/<code>/remove")
@allow(KEEP_OWN_PROFILE)
def remove_paper(code: str) -> Any:
    with transaction():
        remove_file(code=code, by=current_actor(), at=now())
    flash(_("Đã bỏ tệp."), "ok")
    return redirect(url_for("distributor_desk.profile", _anchor="papers"))
