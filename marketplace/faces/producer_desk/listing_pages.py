"""The producer's listing editor: own listings, new ones, their sections, their way to the public."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.producer_desk.listing_forms import TextsForm, VariantForm, label_form, read_label
from marketplace.faces.producer_desk.selling_forms import RestForm
from marketplace.faces.producer_desk.shelves import Shelf, shelves
from marketplace.faces.storefront.changes import differences, names_of
from marketplace.faces.storefront.product_page import preview_of
from marketplace.people.places.queries import find_commune, list_communes
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import Actor, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import Listing, ListingProposal, ListingState, Variant
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.proposals import as_if, find_proposal, now_said, proposals_of, wished, wished_pictures
from marketplace.shop.catalog.queries import (
    get_kept,
    get_kept_variant,
    list_unlisted,
    missing_of,
    variants_of,
)
from marketplace.shop.catalog.rules import season_begins
from marketplace.shop.catalog.services import (
    Edited,
    ListingTexts,
    add_variant,
    change_variant,
    create_listing,
    move_listing,
    retire_variant,
    save_label,
    save_texts,
)
from marketplace.shop.catalog.statements import ORIGIN
from marketplace.shop.orders.queries import count_parts_by_state
from marketplace.shop.pricing.services import change_price

bp = Blueprint("producer_listings", __name__, url_prefix="/producer/listings")

MOVES = {
    "review": ListingState.IN_REVIEW,
    "draft": ListingState.DRAFT,
    "pause": ListingState.PAUSED,
    "publish": ListingState.PUBLISHED,
    "withdraw": ListingState.WITHDRAWN,
}

MOVED = {
    "review": N_("Đã gửi tỉnh xem. Bạn được báo bằng thư."),
    "draft": N_("Đã lấy lại để sửa."),
    "pause": N_("Đã tạm ngừng bán. Khách không thấy trang nữa."),
    "publish": N_("Đã bán trở lại."),
    "withdraw": N_("Đã rút trang. Trang không mở lại được."),
}


@dataclass(frozen=True)
class Row:
    """One listing of the list, with what its label lacks and what of it waits for the office."""

    shelf: Shelf
    missing: dict[str, str]
    proposal: ListingProposal | None


def desk(by: Actor) -> dict[str, object]:
    """What every page of the producer's desk shows."""
    return {"producer": get_own(by), "counts": count_parts_by_state(by=by)}


@bp.get("/")
@allow(KEEP_OWN_SHOP)
def listings() -> str:
    by = current_actor()
    found = shelves(by, on=day_of(now()))
    open_ones = proposals_of([shelf.listing.id for shelf in found])
    rows = [Row(s, missing_of(s.listing, [v for v, _units in s.variants]), open_ones.get(s.listing.id)) for s in found]
    return render_template(
        "producer_desk/listings.html",
        rows=rows,
        today=day_of(now()),
        unlisted=list_unlisted(by.organisation_id or 0),
        **desk(by),
    )


@bp.post("/new")
@allow(KEEP_OWN_SHOP)
def new() -> Response:
    by, code = current_actor(), request.form.get("product", "")
    product = next((p for p in list_unlisted(by.organisation_id or 0) if p.code == code), None)
    if product is None:
        raise NotFound
    seed = f"{product_set(product.set_code).art}-{product.id}"
    with transaction():
        texts = ListingTexts(name=product.name, name_en=product.name_en, art_seed=seed)
        listing = create_listing(product_id=product.id, texts=texts, by=by, at=now())
    flash(_("Đã mở trang nháp. Điền từng phần rồi gửi duyệt."), "ok")
    return redirect(url_for("producer_listings.listing", slug=listing.slug))


@bp.get("/<slug>")
@allow(KEEP_OWN_SHOP)
def listing(slug: str) -> str:
    return overview(slug)


def overview(slug: str, refused: str = "", rest: RestForm | None = None) -> str:
    """A listing's page at the desk; with what was refused, or with the form of its rest."""
    by, today = current_actor(), day_of(now())
    found = get_kept(slug, by=by)
    begins = season_begins(found.season, today)
    variants = variants_of([found.id]).get(found.id, [])
    return render_template(
        "producer_desk/listing.html",
        listing=found,
        variants=variants,
        pictures=wished_pictures(found),
        missing=missing_of(found, variants),
        **opened(found),
        kind=product_set(found.product.set_code),
        refused=refused,
        today=today,
        begins=begins,
        rest=rest or RestForm(data={"back_on": begins}),
        siblings=_siblings(found),
        **desk(by),
    )


def _siblings(found: Listing) -> list[Product]:
    """The producer's products without a page that this page could be copied to."""
    service = product_set(found.product.set_code).service
    unlisted = list_unlisted(current_actor().organisation_id or 0)
    return [product for product in unlisted if product_set(product.set_code).service == service]


def opened(found: Listing) -> dict[str, object]:
    """The open proposal of a listing, and what it would have the page say otherwise than now."""
    proposal = find_proposal(found.id)
    now_public = now_said(found)
    proposed = differences(now_public, now_public | proposal.wanted) if proposal else []
    return {
        "proposal": proposal,
        "proposed": proposed,
        "public_now": {each.code: each for each in proposed},
    }


def as_wished(found: Listing) -> Listing:
    """The listing as it would be with its open proposal: what the editor shows and goes on from."""
    statement = wished(found)
    return as_if(found, statement, find_commune(statement[ORIGIN]))


@bp.route("/<slug>/texts", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def texts(slug: str) -> Any:
    found = get_kept(slug, by=current_actor())
    form = TextsForm(obj=as_wished(found))
    if form.validate_on_submit():
        with told_on(form), transaction():
            edited = save_texts(slug=slug, texts=form.texts(found.art_seed), by=current_actor(), at=now())
        if not form.errors:
            return saved(edited)
    return section("producer_desk/listing_texts.html", found, form)


@bp.route("/<slug>/label", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def label(slug: str) -> Any:
    found = get_kept(slug, by=current_actor())
    form = label_form(as_wished(found), list_communes(current_app.config["SETTINGS"].province_code))
    if form.validate_on_submit():
        with told_on(form), transaction():
            edited = save_label(slug=slug, label=read_label(form), by=current_actor(), at=now())
        if not form.errors:
            return saved(edited)
    return section("producer_desk/listing_label.html", found, form)


def section(template: str, found: Listing, form: Any, **more: object) -> Any:
    """A section's page; what is missing is said beside its field."""
    return render_template(
        template,
        listing=found,
        form=form,
        missing=missing_of(found),
        kind=product_set(found.product.set_code),
        page=preview_of(as_wished(found), at=now(), pictures=wished_pictures(found)),
        **opened(found),
        **desk(current_actor()),
        **more,
    ), 422 if form.errors else 200


def saved(edited: Edited, to: str = "producer_listings.listing") -> Response:
    """Say what became of an edit, and go back to the listing."""
    slug, waits = edited.listing.slug, names_of(edited.waiting)
    if edited.listing.declared_kind == "medicine":
        flash(_("Thuốc không được bán trên chợ này, nên trang không hiện và không gửi duyệt được."), "bad")
    elif edited.waiting:
        flash(_("Đã gửi tỉnh xem: %(what)s. Khách vẫn thấy bản cũ cho tới khi được duyệt.", what=waits), "ok")
        if edited.applied:
            flash(_("Khách thấy ngay: %(what)s.", what=names_of(edited.applied)), "ok")
    else:
        flash(_("Đã lưu."), "ok")
    return redirect(url_for(to, slug=slug))


@bp.route("/<slug>/variants/new", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def new_variant(slug: str) -> Any:
    return _variant_page(get_kept(slug, by=current_actor()), None)


@bp.route("/<slug>/variants/<sku>", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def variant(slug: str, sku: str) -> Any:
    found = get_kept(slug, by=current_actor())
    if sku not in {v.sku for v in variants_of([found.id]).get(found.id, [])}:
        raise NotFound
    return _variant_page(found, get_kept_variant(sku, by=current_actor()))


def _variant_page(found: Listing, shown: Variant | None) -> Any:
    form = VariantForm.of(shown, service=product_set(found.product.set_code).service)
    if form.validate_on_submit():
        with told_on(form):
            _save_variant(found, shown, form)
        if not form.errors:
            return saved(Edited(found))
    return section("producer_desk/listing_variant.html", found, form, variant=shown)


def _save_variant(found: Listing, shown: Variant | None, form: VariantForm) -> None:
    by, at, facts, price = current_actor(), now(), form.facts(), form.new_price()
    with transaction():
        if shown is None:
            add_variant(listing_id=found.id, price=price, facts=facts, by=by, at=at)
        else:
            change_variant(sku=shown.sku, facts=facts, by=by, at=at)
            change_price(sku=shown.sku, price=price, by=by, at=at)


@bp.post("/<slug>/variants/<sku>/retire")
@allow(KEEP_OWN_SHOP)
def retire(slug: str, sku: str) -> Response:
    if get_kept_variant(sku, by=current_actor()).listing.slug != slug:
        raise NotFound
    try:
        with transaction():
            retire_variant(sku=sku, by=current_actor(), at=now())
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã bỏ quy cách."), "ok")
    return redirect(url_for("producer_listings.listing", slug=slug))


@bp.post("/<slug>/<to>")
@allow(KEEP_OWN_SHOP)
def move(slug: str, to: str) -> Any:
    if to not in MOVES:
        raise NotFound
    try:
        with transaction():
            move_listing(slug=slug, to=MOVES[to], by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        return overview(slug, sentence(refusal)), refusal.status
    flash(_(MOVED[to]), "ok")
    back = "producer_stock.stock" if request.form.get("back") == "stock" else "producer_listings.listing"
    return redirect(url_for(back, slug=None if back.endswith("stock") else slug))
