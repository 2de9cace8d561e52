"""Registration: it knows of producers, so it stands above accounts."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from marketplace.people.accounts.forms import RegisterForm
from marketplace.people.accounts.models import Role
from marketplace.people.accounts.passwords import hash_password
from marketplace.people.accounts.rules import check_password, read_email, read_phone
from marketplace.people.accounts.services import NewAccount, register
from marketplace.people.accounts.views.blueprint import email_typed, limit
from marketplace.people.places.queries import list_communes
from marketplace.people.producers.models import ProducerKind
from marketplace.people.producers.services import ProducerFacts, register_producer
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.language import language
from marketplace.platform.web.links import safe_target

bp = Blueprint("registration", __name__)

KINDS = {
    ProducerKind.COOPERATIVE: _l("Hợp tác xã"),
    ProducerKind.GROUP: _l("Tổ hợp tác"),
    ProducerKind.COMPANY: _l("Doanh nghiệp"),
    ProducerKind.HOUSEHOLD: _l("Hộ kinh doanh"),
    ProducerKind.FARM: _l("Trang trại"),
}


@bp.route("/account/register", methods=["GET", "POST"])
@allow(PUBLIC)
@limit("20 per hour")
@limit("10 per day", email_typed)
def register_account() -> Any:
    form = _form()
    if form.validate_on_submit():
        with told_on(form):
            _register(form)
        if not form.errors:
            return redirect(url_for("registration.registered"))
    if form.errors and form.password.data and not form.password.errors:
        form.password.errors = [_("Gõ lại mật khẩu: vì an toàn, trang không giữ mật khẩu vừa gõ.")]
    return render_template("accounts/register.html", form=form), 422 if form.errors else 200


@bp.get("/account/registered")
@allow(PUBLIC)
def registered() -> str:
    return render_template("accounts/registered.html")


def _form() -> RegisterForm:
    form = RegisterForm(role=request.args.get("role", Role.BUYER.value), next=request.args.get("next"))
    communes = list_communes(current_app.config["SETTINGS"].province_code)
    named = [SelectChoice(unit.code, unit.name) for unit in communes]
    form.commune_code.choices = [SelectChoice("", _l("Chọn xã, phường…")), *named]
    form.producer_kind.choices = [SelectChoice(kind.value, label) for kind, label in KINDS.items()]
    return form


def _register(form: RegisterForm) -> None:
    """Everything is checked, and the password hashed, before the block opens: the same for a known address."""
    email = read_email(form.email.data)
    check_password(form.password.data, email=email, name=form.name.data)
    role = Role(form.role.data)
    account = NewAccount(
        email=email,
        name=form.name.data,
        password_hash=hash_password(form.password.data),
        role=role,
        language=language(),
        phone=read_phone(form.phone.data) if form.phone.data else None,
        organisation_name=form.organisation_name.data or "",
    )
    if role is not Role.BUYER and not account.organisation_name.strip():
        raise Invalid({"organisation_name": N_("Nhập tên cơ sở hoặc công ty")})
    target = safe_target(form.next.data, "")
    if target.startswith("/account/"):  # a page of one's own account, or a letter's link: nowhere to begin
        target = ""
    with transaction():
        if role is Role.PRODUCER:
            register_producer(account=account, facts=_facts(form, account), at=now(), target=target)
        else:
            register(account=account, at=now(), target=target)


def _facts(form: RegisterForm, account: NewAccount) -> ProducerFacts:
    try:
        kind = ProducerKind(form.producer_kind.data)
    except ValueError as error:
        raise Invalid({"producer_kind": N_("Chọn loại cơ sở")}) from error
    if form.commune_code.data not in {choice.value for choice in form.commune_code.choices if choice.value}:
        raise Invalid({"commune_code": N_("Chọn xã hoặc phường")})
    return ProducerFacts(
        name=account.organisation_name,
        kind=kind,
        commune_code=form.commune_code.data or "",
        contact_name=account.name,
        phone=account.phone,
    )
