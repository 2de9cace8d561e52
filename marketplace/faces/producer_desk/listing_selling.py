"""How a listing is sold: capacity and delivery, resting until a day, and making another page of it."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.producer_desk.listing_pages import overview, saved, section
from marketplace.faces.producer_desk.picture_work import copy_listing
from marketplace.faces.producer_desk.selling_forms import RestForm, TermsForm
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.services import rest_listing, save_terms, wake_listing
from marketplace.shop.delivery.queries import rates

bp = Blueprint("producer_selling", __name__, url_prefix="/producer/listings/<slug>")


@bp.route("/terms", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def terms(slug: str) -> Any:
    found = get_kept(slug, by=current_actor())
    if product_set(found.product.set_code).service:
        raise NotFound
    form = TermsForm.of(found)
    if form.validate_on_submit():
        with told_on(form), transaction():
            edited = save_terms(slug=slug, terms=form.terms(), by=current_actor(), at=now())
        if not form.errors:
            return saved(edited)
    return section("producer_desk/listing_terms.html", found, form, zones=rates().zones)


@bp.post("/rest")
@allow(KEEP_OWN_SHOP)
def rest(slug: str) -> Any:
    get_kept(slug, by=current_actor())
    form = RestForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            rest_listing(slug=slug, back_on=form.back_on.data, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã cho nghỉ. Trang vẫn hiện, hôm đó tự bán trở lại."), "ok")
            return redirect(url_for("producer_listings.listing", slug=slug))
    return overview(slug, rest=form), 422


@bp.post("/wake")
@allow(KEEP_OWN_SHOP)
def wake(slug: str) -> Any:
    try:
        with transaction():
            wake_listing(slug=slug, by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        return overview(slug, sentence(refusal)), refusal.status
    flash(_("Bán trở lại từ bây giờ."), "ok")
    return redirect(url_for("producer_listings.listing", slug=slug))


@bp.post("/duplicate")
@allow(KEEP_OWN_SHOP)
def duplicate(slug: str) -> Response:
    try:
        made = copy_listing(slug, request.form.get("product", ""), by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return redirect(url_for("producer_listings.listing", slug=slug))
    flash(_("Đã chép thành trang nháp. Xem lại từng phần rồi gửi duyệt; kho chưa có gì."), "ok")
    return redirect(url_for("producer_listings.listing", slug=made.slug))
