"""Adding a security key and taking one away."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.views.blueprint import limit, own_account
from marketplace.people.second_factor.forms import KeyNameForm, NewKeyForm, PasswordAndCodeForm
from marketplace.people.second_factor.queries import list_keys
from marketplace.people.second_factor.services import add_key, check_adding, remove_key
from marketplace.people.second_factor.views.blueprint import (
    added,
    bp,
    house_key,
    proved,
    proving_form,
    show,
    this_sign_in,
    this_site,
)
from marketplace.people.second_factor.webauthn import Purpose, make_challenge, options_of_new
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on


@bp.post("/second-factor/keys/new")
@allow(SIGNED_IN)
@limit("10 per hour", own_account)
def new_key() -> Any:
    """Whoever has proved themselves is asked to touch the new key."""
    form, naming, by, at, site = proving_form(), KeyNameForm(), current_actor(), now(), this_site()
    if form.validate_on_submit() and naming.validate() and site is not None:
        with told_on(form, Refusal):
            proof = proved(form)
            with transaction():
                check_adding(proof=proof, key=house_key(), by=by, at=at)
        if not form.errors:
            user = get_self(by)
            asked = options_of_new(
                site,
                challenge=make_challenge(Purpose.ADD, user.code, key=house_key(), at=at),
                person=user.code,
                account=user.email,
                known=[each.credential for each in list_keys(user.id)],
            )
            return render_template("second_factor/key.html", asked=asked, name=naming.name.data)
    return show(form, naming)


@bp.post("/second-factor/keys")
@allow(SIGNED_IN)
@limit("20 per hour", own_account)
def keep_key() -> Any:
    form, site = NewKeyForm(), this_site()
    if form.validate_on_submit() and site is not None:
        try:
            with transaction():
                codes = add_key(
                    brought=form.touch.data,
                    name=form.name.data or _("Khóa bảo mật"),
                    site=site,
                    keep=this_sign_in(),
                    key=house_key(),
                    by=current_actor(),
                    at=now(),
                )
            return added(codes, _("Đã gắn khóa bảo mật."))
        except Refusal as refusal:
            flash(sentence(refusal), "bad")
    return redirect(url_for("second_factor.own"))


@bp.post("/second-factor/keys/<code>/remove")
@allow(SIGNED_IN)
@limit("10 per hour", own_account)
def drop_key(code: str) -> Any:
    form = PasswordAndCodeForm()
    if form.validate_on_submit():
        with told_on(form, Refusal):
            proof = proved(form)
            with transaction():
                remove_key(code=code, proof=proof, key=house_key(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã gỡ khóa."), "ok")
            return redirect(url_for("second_factor.own"))
    return show(form)
