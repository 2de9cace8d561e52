"""The office's desk: the register of certificates, and producers waiting to be verified."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice

from marketplace.faces.office_desk.errands import errands, worth_a_look
from marketplace.faces.office_desk.forms import CertificateForm, ProductForm, RevocationForm
from marketplace.faces.office_desk.programme_words import programme_words, year_brief
from marketplace.faces.storefront.standing import verify
from marketplace.people.accounts.policies import ENTER_OFFICE
from marketplace.people.producers.policies import VERIFY_PRODUCERS
from marketplace.people.verification.queries import list_changed, list_first_checks
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.registry.certification.history import steps
from marketplace.registry.certification.policies import KEEP_REGISTER, SEE_REGISTER
from marketplace.registry.certification.queries import (
    count_products,
    get_certificate,
    get_product,
    lapsing_by_day,
    list_lapsing,
    list_of_products,
    list_producers,
)
from marketplace.registry.certification.services import certify, create_product, revoke
from marketplace.trade.news.queries import list_unread

bp = Blueprint("office_desk", __name__, url_prefix="/office")
A_PAGE = 40
LAPSING_DAYS, FIRST_LAPSING = 90, 20


@bp.get("/")
@allow(ENTER_OFFICE)
def today() -> str:
    by, day = current_actor(), day_of(now())
    lapsing = lapsing_by_day(by=by, on=day, days=LAPSING_DAYS)
    waiting, changed = list_first_checks(by=by), list_changed(by=by)
    to_verify = {each.producer.id for each in (*waiting, *changed)} if VERIFY_PRODUCERS.held_by(by) else ()
    return render_template(
        "office_desk/today.html",
        errands=errands(by=by, producers=len(to_verify)),
        watched=worth_a_look(by=by, on=day),
        lapsing=list_lapsing(lapsing, by=by, on=day, limit=FIRST_LAPSING),
        lapsing_total=sum(lapsing.values()),
        waiting=waiting,
        changed=changed,
        total=count_products(by=by),
        today=day,
        **year_brief(by=by, on=day),
        **programme_words(),
        unread=list_unread(now(), by=by),
    )


@bp.route("/certification/new", methods=["GET", "POST"])
@allow(KEEP_REGISTER)
def new_product() -> Any:
    form = ProductForm()
    producers = {p.slug: p for p in list_producers(by=current_actor())}
    form.producer.choices = [SelectChoice(slug, f"{p.name}, {p.commune.name}") for slug, p in producers.items()]
    if form.validate_on_submit():
        with transaction():
            product = create_product(
                producer_id=producers[form.producer.data].id,
                name=form.name.data,
                set_code=form.set_code.data,
                by=current_actor(),
                at=now(),
            )
        return redirect(url_for("office_desk.product", code=product.code))
    return render_template("office_desk/new_product.html", form=form), 422 if form.errors else 200


@bp.get("/certification/products/<code>")
@allow(SEE_REGISTER)
def product(code: str) -> str:
    return _product_page(code, CertificateForm())


def _product_page(code: str, form: CertificateForm) -> str:
    by, day = current_actor(), day_of(now())
    found = get_product(code, by=by)
    certificates = list_of_products([found.id]).get(found.id, [])
    return render_template(
        "office_desk/product.html",
        product=found,
        history=steps(certificates, day),
        form=form,
        may_keep=KEEP_REGISTER.held_by(by),
    )


@bp.post("/certification/products/<code>")
@allow(KEEP_REGISTER)
def certify_product(code: str) -> Any:
    form = CertificateForm()
    if form.validate_on_submit():
        with told_on(form, Refusal):
            _certify(code, form)
        if not form.errors:
            flash(_("Đã nhập chứng nhận."), "ok")
            return redirect(url_for("office_desk.product", code=code))
    return _product_page(code, form), 422


def _certify(code: str, form: CertificateForm) -> None:
    with transaction():
        certify(product_code=code, decision=form.decision(), by=current_actor(), at=now(), **form.grant())


@bp.route("/certification/<code>/revoke", methods=["GET", "POST"])
@allow(KEEP_REGISTER)
def revoke_certificate(code: str) -> Any:
    certificate = get_certificate(code, by=current_actor())
    product_code = certificate.product.code
    form = RevocationForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            revoke(code=code, decision=form.decision(), reason=form.reason.data, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã thu hồi. Sản phẩm rời chợ ngay từ lúc này."), "ok")
            return redirect(url_for("office_desk.product", code=product_code))
    shown = verify(code, on=day_of(now()))[0]
    return render_template("office_desk/revoke.html", form=form, shown=shown), 422 if form.errors else 200
