"""The second step itself, and who does nothing before they have one."""

from typing import Any

from flask import Flask, current_app, flash, redirect, render_template, request, session, url_for

from marketplace.people.accounts import sessions
from marketplace.people.accounts.services import SecondStepNeeded
from marketplace.people.accounts.views.blueprint import home_of, limit
from marketplace.people.second_factor.forms import CodeForm
from marketplace.people.second_factor.policies import demanded_of
from marketplace.people.second_factor.queries import find_step
from marketplace.people.second_factor.services import (
    Browser,
    Proof,
    StepGone,
    begin_step,
    count_try,
    finish_step,
    refuse_step,
)
from marketplace.people.second_factor.views.blueprint import bp, house_key, means_of, proof_of
from marketplace.people.second_factor.webauthn import Purpose
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import permission_of
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import add_errors
from marketplace.platform.web.links import safe_target

WAITS = "second_step"  # the session's key of the sign-in that waits in this browser
STILL_OPEN = ("accounts.sign_out", "accounts.sign_ins", "acting.stop", "static")


class FactorDemanded(Forbidden):
    """An officer without a second step does nothing but set one up."""

    code = "second_factor_demanded"
    message = N_("Cần bật xác minh hai bước trước khi làm việc.")


def init_second_factor(app: Flask) -> None:
    """Hold officers to their second step where the settings demand it, acting for another too."""
    app.before_request(_demand)


def _demand() -> Any:
    endpoint, sign_in = request.endpoint, sessions.current_sign_in()
    if sign_in is None or endpoint is None or not current_app.config["SETTINGS"].require_second_factor:
        return None
    room = endpoint.partition(".")[0]
    if endpoint in STILL_OPEN or room == "second_factor" or not demanded_of(sign_in.user.actor()):
        return None
    permission = permission_of(endpoint)
    if sign_in.user.second_factor_at is not None or permission is None or permission.public:
        return None
    if request.method != "GET" or request.path.startswith("/api/"):
        raise FactorDemanded
    return redirect(url_for("second_factor.own"))


@bp.app_errorhandler(SecondStepNeeded)
def wait_for_step(needed: SecondStepNeeded) -> Any:
    """A right password, of somebody with a second step: nothing is open yet."""
    target = safe_target(request.form.get("next"), home_of(needed.role))
    with transaction():
        token = begin_step(user_id=needed.user_id, target=target, at=now())
    session.clear()
    session[WAITS] = token
    return redirect(url_for("second_factor.step"))


@bp.route("/second-step", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("60 per 5 minutes")
def step() -> Any:
    token = str(session.get(WAITS, ""))
    waiting = find_step(token, at=now())
    if waiting is None:
        session.pop(WAITS, None)
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            return redirect(_finish(token, proof_of(form)))
        except Invalid as invalid:
            add_errors(form, invalid)
        except StepGone as gone:
            session.pop(WAITS, None)
            flash(sentence(gone), "bad")
            return redirect(url_for("accounts.sign_in"))
    page = render_template("second_factor/step.html", form=form, **means_of(waiting.user, Purpose.STEP))
    return page, 422 if form.errors else 200


def _finish(token: str, proof: Proof) -> str:
    """Count the try, then look at the proof; a wrong one leaves a trace of its own."""
    at, browser = now(), Browser(sessions.network_address(), sessions.device())
    with transaction():
        count_try(token=token, at=at)
    try:
        with transaction():
            secret, target = finish_step(token=token, proof=proof, browser=browser, key=house_key(), at=at)
    except Invalid:
        with transaction():
            refuse_step(token=token, at=at)
        raise
    sessions.begin(secret)
    return target
