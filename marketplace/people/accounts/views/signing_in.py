"""Signing in and out."""

from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import SignInForm
from marketplace.people.accounts.models import Role
from marketplace.people.accounts.passwords import hash_password, matches, outdated
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services import (
    WrongPassword,
    end_sign_in,
    refuse_sign_in,
    replace_hash,
    send_confirmation,
)
from marketplace.people.accounts.views.blueprint import account_tried, address_typed, bp, home_of, limit, sign_in_now
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.links import safe_target


@bp.route("/account/sign-in", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("10 per 5 minutes", account_tried)
@limit("60 per 5 minutes")
def sign_in() -> Any:
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        try:
            role = _open(form.email.data, form.password.data)
        except WrongPassword as wrong:
            form.form_errors.append(sentence(wrong))
        else:
            return redirect(safe_target(form.next.data, home_of(role)))
    return render_template("accounts/sign-in.html", form=form), 422 if form.errors else 200


def _open(typed_email: str, password: str) -> Role:
    """Check the password outside any block, then open the sign-in; a wrong one leaves a trace of its own.

    A right one for an account that is not confirmed yet is answered as a wrong one is, and its letter posted anew:
    so that nobody learns by registering an address whether it was free.
    """
    email = address_typed(typed_email)
    user = find_user(email)
    right = matches(user.password_hash if user else None, password)
    if user is None or not right or user.disabled_at is not None or user.confirmed_at is None:
        with transaction():
            refuse_sign_in(email=email, address=sessions.network_address(), at=now())
            if user is not None and right:
                send_confirmation(user_id=user.id, at=now())
        raise WrongPassword
    if outdated(user.password_hash):  # in a block of its own: a second step may still be to come
        fresh = hash_password(password)
        with transaction():
            replace_hash(user_id=user.id, password_hash=fresh)
    with transaction():
        token = sign_in_now(user.id)
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
