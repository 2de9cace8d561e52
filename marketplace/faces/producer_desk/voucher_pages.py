"""The producer's desk: own vouchers and flash sales."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.producer_desk.shelves import shelves
from marketplace.faces.producer_desk.voucher_forms import SaleForm, VoucherForm, usual_span
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page, together, told_on
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.pricing.queries import count_sales, list_sales
from marketplace.shop.pricing.services import SaleOver, end_sale, plan_sale
from marketplace.shop.vouchers.queries import count_given, list_given
from marketplace.shop.vouchers.services import VoucherOver, end_voucher, give_voucher

bp = Blueprint("producer_vouchers", __name__, url_prefix="/producer")
A_PAGE = 30


@bp.get("/vouchers")
@allow(KEEP_OWN_SHOP)
def vouchers() -> str:
    by, page = current_actor(), read_page()
    own = get_own(by).id
    return render_template(
        "producer_desk/vouchers.html",
        vouchers=list_given(own, page=page, per_page=A_PAGE),
        page=page,
        pages=max(1, -(-count_given(own) // A_PAGE)),
        now=now(),
        **desk(by),
    )


@bp.route("/vouchers/new", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def new_voucher() -> Any:
    by = current_actor()
    form = VoucherForm(data=None if request.method == "POST" else usual_span(now(), 30))
    if form.validate_on_submit():
        at = now()
        facts = form.facts(at)
        with told_on(form), transaction(), together(form.unread):
            give_voucher(facts=facts, province=False, by=by, at=at)
        if not form.errors:
            flash(_("Đã tạo mã giảm giá."), "ok")
            return redirect(url_for("producer_vouchers.vouchers"))
    return render_template("producer_desk/new_voucher.html", form=form, **desk(by)), 422 if form.errors else 200


@bp.post("/vouchers/<code>/end")
@allow(KEEP_OWN_SHOP)
def close_voucher(code: str) -> Response:
    try:
        with transaction():
            end_voucher(code=code, province=False, by=current_actor(), at=now())
    except VoucherOver as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Mã này đã kết thúc. Đơn đã đặt vẫn giữ mức giảm."), "ok")
    return redirect(url_for("producer_vouchers.vouchers"))


@bp.get("/sales")
@allow(KEEP_OWN_SHOP)
def sales() -> str:
    by, page = current_actor(), read_page()
    own = get_own(by).id
    return render_template(
        "producer_desk/sales.html",
        sales=list_sales(own, page=page, per_page=A_PAGE),
        page=page,
        pages=max(1, -(-count_sales(own) // A_PAGE)),
        now=now(),
        **desk(by),
    )


@bp.route("/sales/new", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def new_sale() -> Any:
    by = current_actor()
    form = SaleForm(data=None if request.method == "POST" else usual_span(now(), 1))
    form.offer(_goods())
    if form.validate_on_submit():
        at = now()
        facts = form.facts(at)
        with told_on(form), transaction(), together(form.unread):
            plan_sale(sku=form.sku.data, facts=facts, by=by, at=at)
        if not form.errors:
            flash(_("Đã hẹn giá chớp nhoáng."), "ok")
            return redirect(url_for("producer_vouchers.sales"))
    return render_template("producer_desk/new_sale.html", form=form, **desk(by)), 422 if form.errors else 200


def _goods() -> list[tuple[str, Variant]]:
    """What the producer sells by the piece, each with its listing's name."""
    found = shelves(current_actor(), on=day_of(now()))
    goods = [(shelf.listing.name, variant) for shelf in found for variant, _units in shelf.variants]
    return [(name, variant) for name, variant in goods if variant.weight_g is not None]


@bp.post("/sales/<code>/end")
@allow(KEEP_OWN_SHOP)
def close_sale(code: str) -> Response:
    try:
        with transaction():
            end_sale(code=code, by=current_actor(), at=now())
    except SaleOver as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đợt giảm giá đã kết thúc. Giá thường trở lại ngay."), "ok")
    return redirect(url_for("producer_vouchers.sales"))
