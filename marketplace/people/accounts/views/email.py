"""Changing the address one signs in with."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import EmptyForm, NewEmailForm, PasswordForm
from marketplace.people.accounts.models import LinkPurpose
from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.rules import read_email
from marketplace.people.accounts.services import change_email, find_link, start_email_change, undo_email_change
from marketplace.people.accounts.views.blueprint import bp, check_own, email_typed, limit, link_tried, own_account
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on


@bp.route("/account/email", methods=["GET", "POST"])
@allow(SIGNED_IN)
@limit("10 per hour", own_account)
@limit("10 per day", email_typed)
def email() -> Any:
    user = get_self(current_actor())
    form = NewEmailForm()
    if form.validate_on_submit():
        with told_on(form):
            address = read_email(form.email.data)
            check_own(user.password_hash, form.password.data)
            with transaction():
                start_email_change(email=address, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Hãy mở thư gửi tới địa chỉ mới để xác nhận. Địa chỉ hiện nay cũng được báo."), "ok")
            return redirect(url_for("accounts.email"))
    return render_template("accounts/email.html", form=form, user=user), 422 if form.errors else 200


@bp.route("/account/email/confirm/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("10 per 5 minutes", link_tried)
@limit("60 per 5 minutes")
def confirm_email(token: str) -> Any:
    link = find_link(token, purpose=LinkPurpose.CHANGE_EMAIL, at=now())
    form = PasswordForm()
    if form.validate_on_submit():
        with told_on(form):
            check_own(link.user.password_hash, form.password.data)
            with transaction():
                change_email(token=token, at=now())
        if not form.errors:
            flash(_("Từ giờ bạn đăng nhập bằng địa chỉ mới."), "ok")
            return redirect(url_for("accounts.profile"))
    return render_template("accounts/email-confirm.html", form=form, link=link), 422 if form.errors else 200


@bp.route("/account/email/undo/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("20 per hour", link_tried)
def undo_email(token: str) -> Any:
    link = find_link(token, purpose=LinkPurpose.UNDO_EMAIL, at=now())
    form = EmptyForm()
    if form.validate_on_submit():
        with transaction():
            undo_email_change(token=token, at=now())
        sessions.end()
        flash(_("Địa chỉ thư được giữ lại, mọi thiết bị đã bị đăng xuất. Hãy đặt mật khẩu mới."), "ok")
        return redirect(url_for("accounts.forgot"))
    return render_template("accounts/email-undo.html", form=form, link=link)
