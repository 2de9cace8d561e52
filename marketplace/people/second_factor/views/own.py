"""A person's own page of the second step: the device that computes codes, the codes for paper, turning it off."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.views.blueprint import limit, own_account
from marketplace.people.second_factor.forms import CodeForm, PasswordAndCodeForm
from marketplace.people.second_factor.models import SecondFactor
from marketplace.people.second_factor.queries import own_factor
from marketplace.people.second_factor.rules import device_address, shown_secret, unseal
from marketplace.people.second_factor.services import confirm_factor, remove_factor, renew_codes, start_factor
from marketplace.people.second_factor.views.blueprint import (
    added,
    bp,
    house_key,
    proved,
    proving_form,
    show,
    this_sign_in,
)
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.qr import picture


@bp.get("/second-factor")
@allow(SIGNED_IN)
def own() -> Any:
    return show(proving_form())


@bp.post("/second-factor/start")
@allow(SIGNED_IN)
@limit("10 per hour", own_account)
def start() -> Any:
    form = proving_form()
    if form.validate_on_submit():
        with told_on(form, Refusal):
            proof = proved(form)
            with transaction():
                start_factor(proof=proof, key=house_key(), by=current_actor(), at=now())
        if not form.errors:
            return redirect(url_for("second_factor.enrol"))
    return show(form)


@bp.route("/second-factor/device", methods=["GET", "POST"])
@allow(SIGNED_IN)
@limit("20 per hour", own_account)
def enrol() -> Any:
    """The secret is shown on this page, until its first code is typed, and never again."""
    factor, form = _unconfirmed(), CodeForm()
    if factor is None:
        return redirect(url_for("second_factor.own"))
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            typed, by = form.code.data or "", current_actor()
            codes = confirm_factor(typed=typed, keep=this_sign_in(), key=house_key(), by=by, at=now())
        if not form.errors:
            return added(codes, _("Đã gắn ứng dụng xác minh."))
    secret = shown_secret(unseal(factor.secret, key=house_key()))
    return render_template("second_factor/device.html", form=form, secret=secret), 422 if form.errors else 200


@bp.get("/second-factor/device.svg")
@allow(SIGNED_IN)
def device_picture() -> Response:
    """The same secret for a device's camera."""
    factor = _unconfirmed()
    if factor is None:
        raise NotFound
    settings = current_app.config["SETTINGS"]
    account = get_self(current_actor()).email
    address = device_address(unseal(factor.secret, key=house_key()), account=account, site=settings.site_name)
    answer = Response(picture(address, "svg"), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/second-factor/<any(codes, remove):verb>")
@allow(SIGNED_IN)
@limit("10 per hour", own_account)
def change(verb: str) -> Any:
    """New codes for paper, or the second step off: by the password and a proof."""
    form, by = PasswordAndCodeForm(), current_actor()
    act: Callable[..., list[str] | None] = renew_codes if verb == "codes" else remove_factor
    if form.validate_on_submit():
        with told_on(form):
            proof = proved(form)
            with transaction():
                codes = act(proof=proof, key=house_key(), by=by, at=now())
        if not form.errors and codes:
            return render_template("second_factor/codes.html", codes=codes, home=url_for("second_factor.own"))
        if not form.errors:
            flash(_("Đã tắt xác minh hai bước."), "ok")
            return redirect(url_for("second_factor.own"))
    return show(form)


def _unconfirmed() -> SecondFactor | None:
    factor = own_factor(by=current_actor())
    return factor if factor is not None and factor.confirmed_at is None else None
