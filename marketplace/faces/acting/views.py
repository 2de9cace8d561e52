"""Mandates on the producer's desk, an officer's beginning to act, and the one button that ends it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import Length

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.people.accounts import sessions
from marketplace.people.accounts.models import Membership
from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.views.blueprint import home_of
from marketplace.people.mandates.models import MandateState
from marketplace.people.mandates.policies import ACT_AS_OFFICER, KEEP_MANDATES, STOP_ACTING
from marketplace.people.mandates.queries import (
    find_consent,
    get_mandate,
    list_cooperatives,
    list_given,
    list_received,
)
from marketplace.people.mandates.services import (
    ConsentStands,
    MandateGiven,
    MandateMoved,
    NoCooperative,
    accept_mandate,
    allow_officers,
    end_consent,
    end_mandate,
    give_mandate,
    note_consent,
    start_acting,
    stop_acting,
)
from marketplace.people.producers.queries import get_own, get_within
from marketplace.platform.audit.queries import TrailAsked, list_trail
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import Form, LineField, told_on
from marketplace.platform.web.verbs import perform

bp = Blueprint("acting", __name__)


class ConsentForm(Form):
    """Which paper a producer signed."""

    paper = LineField(
        _l("Giấy đồng ý"),
        description=_l(
            "Giấy gì, ngày nào, ai ký, cất ở đâu. Ví dụ: giấy đồng ý ngày 12/11/2026, bà Lò Thị Ín ký, lưu ở xã."
        ),
        validators=[Length(max=200)],
    )


VERBS: dict[str, Callable[..., None]] = {
    "accept": accept_mandate,
    "decline": partial(end_mandate, to=MandateState.DECLINED),
    "withdraw": partial(end_mandate, to=MandateState.WITHDRAWN),
    "lay-down": partial(end_mandate, to=MandateState.LAID_DOWN),
}


@bp.get("/producer/mandates")
@allow(KEEP_MANDATES)
def mandates() -> str:
    return _mandates()


def _mandates(error: str = "") -> str:
    by = current_actor()
    frame, own = desk(by), get_own(by)
    return render_template(
        "acting/mandates.html",
        given=list_given(own.id),
        received=list_received(own.id),
        cooperatives=list_cooperatives(but=own.id),
        consent=find_consent(own.id),
        helped=list_trail(TrailAsked(action="acting.started", subject=own.slug), page=1, per_page=10),
        owner=get_self(by).membership is Membership.OWNER,
        error=error,
        typed=request.form.get("holder", ""),
        **frame,
    )


@bp.post("/producer/mandates")
@allow(KEEP_MANDATES)
def give() -> Any:
    try:
        with transaction():
            give_mandate(holder_slug=request.form.get("holder", ""), by=current_actor(), at=now())
    except NoCooperative as invalid:
        return _mandates(sentence(invalid)), 422
    except MandateGiven as refusal:
        return _mandates(sentence(refusal)), refusal.status
    flash(_("Đã giao quyền. Hợp tác xã nhận lời thì mới làm thay được."), "ok")
    return redirect(url_for("acting.mandates"))


@bp.post("/producer/mandates/<code>/<any(accept, decline, withdraw, 'lay-down'):verb>")
@allow(KEEP_MANDATES)
def answer(code: str, verb: str) -> Response:
    try:
        with transaction():
            VERBS[verb](code=code, by=current_actor(), at=now())
    except MandateMoved as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã ghi, bên kia được báo bằng thư."), "ok")
    return redirect(url_for("acting.mandates"))


@bp.post("/producer/mandates/<code>/act")
@allow(KEEP_MANDATES)
def act_by_mandate(code: str) -> Response:
    return _begin(get_mandate(code, by=current_actor()).producer.slug)


@bp.post("/producer/mandates/officers/<any(allow, end):verb>")
@allow(KEEP_MANDATES)
def officers(verb: str) -> Response:
    """The producer lets officers of its area help, or ends it."""
    act = allow_officers if verb == "allow" else end_consent
    words = _("Cán bộ địa bàn nay làm thay được.") if verb == "allow" else _("Cán bộ không làm thay được nữa.")
    perform(partial(act, by=current_actor(), at=now()), words)
    return redirect(url_for("acting.mandates"))


@bp.get("/office/producers/<slug>/act")
@allow(ACT_AS_OFFICER)
def ask_officer(slug: str) -> str:
    return _asking(ConsentForm(), slug)


def _asking(form: ConsentForm, slug: str) -> str:
    producer = get_within(slug, by=current_actor())
    consent = find_consent(producer.id)
    return render_template("acting/begin.html", producer=producer, consent=consent, form=form)


@bp.post("/office/producers/<slug>/act")
@allow(ACT_AS_OFFICER)
def act_as_officer(slug: str) -> Response:
    if find_consent(get_within(slug, by=current_actor()).id) is None:
        return redirect(url_for("acting.ask_officer", slug=slug))
    return _begin(slug)


@bp.post("/office/producers/<slug>/consent")
@allow(ACT_AS_OFFICER)
def consent_on_paper(slug: str) -> Any:
    form, by = ConsentForm(), current_actor()
    if form.validate_on_submit():
        with told_on(form, ConsentStands), transaction():
            note_consent(slug=slug, paper=form.paper.data or "", by=by, at=now())
        if not form.errors:
            flash(_("Đã ghi giấy đồng ý, nơi này được báo bằng thư."), "ok")
            return redirect(url_for("acting.ask_officer", slug=slug))
    return _asking(form, slug), 422


def _begin(slug: str) -> Response:
    """The sign-in gets a new secret with the right: nothing known before carries it, forms opened before are void."""
    own = sessions.current_sign_in()
    if own is None:
        raise NotFound
    with transaction():
        secret = start_acting(sign_in=own.code, slug=slug, by=current_actor(), at=now())
    sessions.begin(secret)
    return redirect("/producer/")


@bp.post("/account/acting/stop")
@allow(STOP_ACTING)
def stop() -> Response:
    own = sessions.current_sign_in()
    by = current_actor()
    if own is None or not by.behalf:
        return redirect("/")
    with transaction():
        secret = stop_acting(sign_in=own.code, by=by, at=now())
    sessions.begin(secret)
    flash(_("Bạn trở lại là chính mình."), "ok")
    return redirect(home_of(own.user.role))
