"""What the pages of the second step share."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import PasswordForm
from marketplace.people.accounts.models import User
from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.views.blueprint import check_own, home_of
from marketplace.people.second_factor.forms import CodeForm, KeyNameForm, PasswordAndCodeForm
from marketplace.people.second_factor.policies import demanded_of
from marketplace.people.second_factor.queries import count_paper_codes, find_factor, list_keys
from marketplace.people.second_factor.services import Proof
from marketplace.people.second_factor.webauthn import Purpose, Site, make_challenge, options_of_touch, site_at
from marketplace.platform.core.clock import now
from marketplace.platform.web.access import current_actor

bp = Blueprint("second_factor", __name__, url_prefix="/account")


def proof_of(form: CodeForm) -> Proof:
    """The proof that a form brought."""
    return Proof(code=form.code.data or "", touch=form.touch.data or "", site=this_site())


def this_site() -> Site | None:
    """This site as keys know it: in production as its settings name it, else as the browser does."""
    settings = current_app.config["SETTINGS"]
    return site_at(settings.site_url if settings.production else request.host_url, settings.site_name)


def means_of(user: User, purpose: Purpose) -> dict[str, Any]:
    """What a page says of a person's devices, and what their keys are asked there."""
    site, keys, factor = this_site(), list_keys(user.id), find_factor(user.id)
    asked = None
    if keys and site is not None:
        challenge = make_challenge(purpose, user.code, key=house_key(), at=now())
        asked = options_of_touch(site, challenge=challenge, known=[each.credential for each in keys])
    since = factor.confirmed_at if factor is not None else None
    return {"keys": keys, "app_since": since, "asked": asked, "named": site is not None}


def proving_form() -> PasswordForm | PasswordAndCodeForm:
    """What a change takes: the password, and where the second step is on, that too."""
    return PasswordForm() if get_self(current_actor()).second_factor_at is None else PasswordAndCodeForm()


def show(form: PasswordForm | PasswordAndCodeForm, naming: KeyNameForm | None = None) -> Any:
    """The person's own page, with what was typed."""
    by = current_actor()
    user = get_self(by)
    naming = naming or KeyNameForm()
    page = render_template(
        "second_factor/own.html",
        user=user,
        left=count_paper_codes(user.id),
        demanded=current_app.config["SETTINGS"].require_second_factor and demanded_of(by),
        form=form,
        naming=naming,
        **means_of(user, Purpose.OWN),
    )
    return page, 422 if form.errors or naming.errors else 200


def proved(form: PasswordForm | PasswordAndCodeForm) -> Proof:
    """The proof that was brought with the password, which is looked at here; Invalid where that is wrong."""
    check_own(get_self(current_actor()).password_hash, form.password.data)
    return proof_of(form) if isinstance(form, PasswordAndCodeForm) else Proof()


def this_sign_in() -> str:
    """The code of the sign-in by which this is asked."""
    sign_in = sessions.current_sign_in()
    return sign_in.code if sign_in else ""


def added(codes: list[str], words: str) -> Any:
    """The codes for paper where the second step has just been turned on, else its page."""
    if codes:
        return render_template("second_factor/codes.html", codes=codes, home=home_of(get_self(current_actor()).role))
    flash(words, "ok")
    return redirect(url_for("second_factor.own"))


def house_key() -> bytes:
    """What the house keeps second factors under."""
    key: bytes = current_app.config["SETTINGS"].second_factor_key
    return key
