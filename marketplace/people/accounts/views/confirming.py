"""Confirming a registration by the link in the letter: looking changes nothing, the password does."""

from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import PasswordForm
from marketplace.people.accounts.models import LinkPurpose
from marketplace.people.accounts.services import confirm, find_link
from marketplace.people.accounts.views.blueprint import bp, check_own, home_of, limit, link_tried, sign_in_now
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.links import safe_target


@bp.route("/account/confirm/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("10 per 5 minutes", link_tried)
@limit("60 per 5 minutes")
def confirm_address(token: str) -> Any:
    link = find_link(token, purpose=LinkPurpose.CONFIRM, at=now())
    form = PasswordForm()
    if form.validate_on_submit():
        with told_on(form):
            check_own(link.user.password_hash, form.password.data)
        if not form.errors:
            return redirect(_confirm(token))
    return render_template("accounts/confirm.html", form=form, link=link), 422 if form.errors else 200


def _confirm(token: str) -> str:
    """Open the account, sign this browser in, and tell where to go on to."""
    with transaction():
        user, target = confirm(token=token, at=now())
        secret = sign_in_now(user.id)
    sessions.begin(secret)
    flash(_("Đã xác nhận. Tài khoản của bạn đã mở."), "ok")
    return safe_target(target, home_of(user.role))
