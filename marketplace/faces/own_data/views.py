"""One's data: taking it along, having it struck out."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template
from flask_babel import gettext as _

from marketplace.faces.own_data.export import gather
from marketplace.faces.own_data.services import erase
from marketplace.people.accounts import sessions
from marketplace.people.accounts.forms import PasswordForm
from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.views.blueprint import check_own, limit, own_account
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Conflict
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on

bp = Blueprint("own_data", __name__, url_prefix="/account/data")


@bp.get("")
@allow(SIGNED_IN)
def data() -> Any:
    return _page(_form("export"), _form("erase"))


@bp.post("/export")
@allow(SIGNED_IN)
@limit("10 per hour", own_account)
def export() -> Any:
    form, by, at = _form("export"), current_actor(), now()
    if not _checked(form):
        return _page(form, _form("erase"))
    with transaction():
        record(by=by, action="user.exported", subject_type="user", subject=get_self(by).code, at=at)
    body = json.dumps(gather(by, at=at), ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": f'attachment; filename="du-lieu-{at:%Y%m%d}.json"'}
    return Response(body, mimetype="application/json", headers=headers)


@bp.post("/erase")
@allow(SIGNED_IN)
@limit("10 per hour", own_account)
def strike_out() -> Any:
    form = _form("erase")
    if not _checked(form):
        return _page(_form("export"), form)
    try:
        with transaction():
            erase(by=current_actor(), at=now())
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _page(_form("export"), form)
    sessions.end()
    flash(_("Đã xóa dữ liệu của bạn. Một lá thư cuối cùng xác nhận điều đó."), "ok")
    return redirect("/")


def _form(prefix: str) -> PasswordForm:
    """Two forms stand on one page, each with a password of its own."""
    return PasswordForm(prefix=prefix)


def _checked(form: PasswordForm) -> bool:
    """Whether the password that came with the form is the person's; else the form says so."""
    if not form.validate_on_submit():
        return False
    with told_on(form):
        check_own(get_self(current_actor()).password_hash, form.password.data)
    return not form.errors


def _page(export_form: PasswordForm, erase_form: PasswordForm) -> Any:
    form = erase_form if erase_form.errors else export_form
    page = render_template("own_data/data.html", form=form, export_form=export_form, erase_form=erase_form)
    return page, 422 if form.errors else 200
