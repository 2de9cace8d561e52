"""One's own account: profile and devices."""

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import ProfileForm
from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.accounts.queries import get_self, list_own_sign_ins
from marketplace.people.accounts.rules import read_phone, show_phone
from marketplace.people.accounts.services import change_profile, end_other_sign_ins, end_sign_in
from marketplace.people.accounts.views.blueprint import bp
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.language import keep_language


@bp.route("/account/profile", methods=["GET", "POST"])
@allow(SIGNED_IN)
def profile() -> Any:
    user = get_self(current_actor())
    form = ProfileForm(name=user.name, phone=show_phone(user.phone) if user.phone else "", language=user.language)
    if form.validate_on_submit():
        with told_on(form):
            phone = read_phone(form.phone.data) if form.phone.data else None
            with transaction():
                change_profile(
                    name=form.name.data, phone=phone, language=form.language.data, by=current_actor(), at=now()
                )
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return keep_language(make_response(redirect(url_for("accounts.profile"))), form.language.data)
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
