"""Forgotten and changed passwords."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import ChangePasswordForm, EmailForm, NewPasswordForm
from marketplace.people.accounts.models import LinkPurpose
from marketplace.people.accounts.passwords import hash_password
from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.rules import check_password, read_email
from marketplace.people.accounts.services import change_password, find_link, finish_reset, start_reset
from marketplace.people.accounts.views.blueprint import account_tried, bp, check_own, limit, link_tried, own_account
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on


@bp.route("/account/forgot", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("10 per day", account_tried)
@limit("20 per hour")
def forgot() -> Any:
    form = EmailForm()
    if form.validate_on_submit():
        with told_on(form):
            email = read_email(form.email.data)
            with transaction():
                start_reset(email=email, at=now())
        if not form.errors:
            return redirect(url_for("accounts.forgot_sent"))
    return render_template("accounts/forgot.html", form=form), 422 if form.errors else 200


@bp.get("/account/forgot/sent")
@allow(PUBLIC)
def forgot_sent() -> str:
    return render_template("accounts/forgot-sent.html")


@bp.route("/account/reset/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("20 per hour", link_tried)
def reset(token: str) -> Any:
    user = find_link(token, purpose=LinkPurpose.RESET, at=now()).user
    form = NewPasswordForm()
    if form.validate_on_submit():
        with told_on(form):
            check_password(form.password.data, email=user.email, name=user.name)
            password_hash = hash_password(form.password.data)
            with transaction():
                finish_reset(token=token, password_hash=password_hash, at=now())
        if not form.errors:
            sessions.end()
            return redirect(url_for("accounts.reset_done"))
    return render_template("accounts/reset.html", form=form, user=user), 422 if form.errors else 200


@bp.get("/account/reset/done")
@allow(PUBLIC)
def reset_done() -> str:
    return render_template("accounts/reset-done.html")


@bp.route("/account/password", methods=["GET", "POST"])
@allow(SIGNED_IN)
@limit("10 per hour", own_account)
def password() -> Any:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with told_on(form):
            _change(form.old_password.data, form.password.data)
        if not form.errors:
            flash(_("Đã đổi mật khẩu. Các thiết bị khác đã bị đăng xuất."), "ok")
            return redirect(url_for("accounts.password"))
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200


def _change(old: str, new: str) -> None:
    by, own = current_actor(), sessions.current_sign_in()
    user = get_self(by)
    check_own(user.password_hash, old, "old_password")
    check_password(new, email=user.email, name=user.name)
    password_hash = hash_password(new)
    with transaction():
        change_password(password_hash=password_hash, keep=own.code if own else "", by=by, at=now())
