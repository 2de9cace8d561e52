"""Sign-in, registration, profile, sign-ins."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import ProfileForm, SignInForm
from marketplace.people.accounts.models import Role
from marketplace.people.accounts.passwords import hash_password, matches, outdated
from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.accounts.queries import find_user, get_self, list_own_sign_ins
from marketplace.people.accounts.rules import read_email, read_phone, show_phone
from marketplace.people.accounts.services import (
    WrongPassword,
    change_profile,
    end_other_sign_ins,
    end_sign_in,
    open_sign_in,
    refuse_sign_in,
    replace_hash,
)
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import add_errors
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.links import safe_target

bp = Blueprint("accounts", __name__)

HOME_OF_ROLE = {Role.PRODUCER: "/producer/", Role.DISTRIBUTOR: "/account/profile", Role.BUYER: "/"}


def _account_tried() -> str:
    return f"{sessions.network_address()} {_address_typed(request.form.get('email', ''))}"


def _address_typed(typed: str) -> str:
    """The one form of an address however it is written, so that spelling it anew is no new attempt."""
    try:
        return read_email(typed)
    except Invalid:
        return nfc(typed).lower()[:254]


def _is_post() -> bool:
    return request.method == "POST"


@bp.route("/account/sign-in", methods=["GET", "POST"])
@allow(PUBLIC)
@limiter.limit("10 per 5 minutes", key_func=_account_tried, exempt_when=lambda: not _is_post())
@limiter.limit("60 per 5 minutes", exempt_when=lambda: not _is_post())
def sign_in() -> Any:
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        try:
            role = _open(form.email.data, form.password.data)
        except WrongPassword as wrong:
            form.form_errors.append(sentence(wrong))
        else:
            home = HOME_OF_ROLE.get(role, "/office/")
            return redirect(safe_target(form.next.data, home))
    return render_template("accounts/sign-in.html", form=form), 422 if form.errors else 200


def _open(typed_email: str, password: str) -> Role:
    """Check the password outside any block, then open the sign-in; a wrong one leaves a trace of its own."""
    email = _address_typed(typed_email)
    user = find_user(email)
    right = matches(user.password_hash if user else None, password)
    if user is None or not right or user.disabled_at is not None:
        with transaction():
            refuse_sign_in(email=email, address=sessions.network_address(), at=now())
        raise WrongPassword
    fresh = hash_password(password) if outdated(user.password_hash) else None
    with transaction():
        token = open_sign_in(user_id=user.id, address=sessions.network_address(), device=sessions.device(), at=now())
        if fresh:
            replace_hash(user_id=user.id, password_hash=fresh)
    sessions.begin(token)
    return user.role


@bp.post("/account/sign-out")
@allow(PUBLIC)
def sign_out() -> Response:
    own = sessions.current_sign_in()
    if own is not None:
        with transaction():
            end_sign_in(code=own.code, by=current_actor(), at=now())
    sessions.end()
    return redirect("/")


@bp.route("/account/profile", methods=["GET", "POST"])
@allow(SIGNED_IN)
def profile() -> Any:
    user = get_self(current_actor())
    form = ProfileForm(name=user.name, phone=show_phone(user.phone) if user.phone else "", language=user.language)
    if form.validate_on_submit():
        try:
            phone = read_phone(form.phone.data) if form.phone.data else None
            with transaction():
                change_profile(
                    name=form.name.data, phone=phone, language=form.language.data, by=current_actor(), at=now()
                )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("accounts.profile"))
    return render_template("accounts/profile.html", form=form, user=user), 422 if form.errors else 200


@bp.get("/account/sessions")
@allow(SIGNED_IN)
def sign_ins() -> str:
    rows = list_own_sign_ins(by=current_actor(), at=now())
    return render_template("accounts/sessions.html", rows=rows, own=sessions.current_sign_in())


@bp.post("/account/sessions/<code>/end")
@allow(SIGNED_IN)
def end_one(code: str) -> Response:
    with transaction():
        end_sign_in(code=code, by=current_actor(), at=now())
    flash(_("Đã đăng xuất thiết bị đó."), "ok")
    return redirect(url_for("accounts.sign_ins"))


@bp.post("/account/sessions/end-others")
@allow(SIGNED_IN)
def end_others() -> Response:
    own = sessions.current_sign_in()
    with transaction():
        ended = end_other_sign_ins(keep=own.code if own else "", by=current_actor(), at=now())
    flash(_("Đã đăng xuất %(n)d thiết bị khác.", n=ended), "ok")
    return redirect(url_for("accounts.sign_ins"))
