"""Taking up an invitation to an organisation."""

from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import EmptyForm, JoinForm
from marketplace.people.accounts.models import Role
from marketplace.people.accounts.passwords import hash_password
from marketplace.people.accounts.queries import find_user, get_invitation, get_self
from marketplace.people.accounts.rules import check_password
from marketplace.people.accounts.services import join, join_as_new
from marketplace.people.accounts.views.blueprint import bp, home_of, limit, link_tried, sign_in_now
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.language import language


@bp.route("/account/join/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("20 per hour", link_tried)
def join_organisation(token: str) -> Any:
    try:
        invitation = get_invitation(token, at=now())
    except NotFound:
        return render_template("accounts/link-gone.html"), 404
    standing = _standing(invitation.email)
    form = JoinForm() if standing == "new" else EmptyForm()
    if standing in ("new", "own") and form.validate_on_submit():
        with told_on(form):
            role = _join_new(token, form, invitation.email) if standing == "new" else _join(token)
        if not form.errors:
            flash(_("Bạn đã vào nhóm làm việc của %(name)s.", name=invitation.organisation.name), "ok")
            return redirect(home_of(role))
    page = render_template("accounts/join.html", form=form, invitation=invitation, standing=standing)
    return page, 422 if form.errors else 200


def _standing(email: str) -> str:
    """How the visitor stands to an invitation for this address: own, other, busy, known or new."""
    known = find_user(email)
    by = current_actor()
    if by.known:
        own = get_self(by)
        return "other" if own.email != email else "own" if own.role is Role.BUYER else "busy"
    if known is None or known.confirmed_at is None:
        return "new"
    return "known"


def _join(token: str) -> Role:
    with transaction():
        return join(token=token, by=current_actor(), at=now()).role


def _join_new(token: str, form: JoinForm, email: str) -> Role:
    """The account is made and this browser signed in."""
    check_password(form.password.data, email=email, name=form.name.data)
    password_hash, reads = hash_password(form.password.data), language()
    with transaction():
        user = join_as_new(token=token, name=form.name.data, password_hash=password_hash, language=reads, at=now())
        secret = sign_in_now(user.id)
    sessions.begin(secret)
    return user.role
