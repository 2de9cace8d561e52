"""The producer's wholesale offers: of each of its goods what it can supply, opened and paused."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.producer_desk.offer_forms import OfferForm
from marketplace.faces.storefront.trade_words import trade_words
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.queries import get_kept, list_public, variants_of
from marketplace.shop.pricing.queries import terms_of, tiers_of
from marketplace.trade.offers.models import OfferState
from marketplace.trade.offers.policies import KEEP_OWN_OFFERS
from marketplace.trade.offers.queries import SUPPLIED, find_offer, list_supplied, offers_by_listing
from marketplace.trade.offers.services import NotNow, move_offer, save_offer

bp = Blueprint("producer_offers", __name__, url_prefix="/producer/offers")


@bp.get("")
@allow(KEEP_OWN_OFFERS)
def offers() -> str:
    by = current_actor()
    listings = [each for each in list_supplied(by=by) if not product_set(each.product.set_code).service]
    ids = [listing.id for listing in listings]
    found = offers_by_listing(ids)
    return render_template(
        "producer_desk/offers.html",
        rows=[(listing, found.get(listing.id)) for listing in listings],
        public={each.listing.id for each in list_public(ids, on=day_of(now()))},
        tiers=tiers_of([offer.variant_id for offer in found.values()]),
        **desk(by),
        **trade_words(),
    )


@bp.route("/<slug>", methods=["GET", "POST"])
@allow(KEEP_OWN_OFFERS)
def offer(slug: str) -> Any:
    by = current_actor()
    listing = get_kept(slug, by=by)
    if listing.state not in SUPPLIED or product_set(listing.product.set_code).service:
        raise NotFound
    own = find_offer(listing.id)
    variants = variants_of([listing.id]).get(listing.id, [])
    form = OfferForm.of(listing, variants, own, terms_of([get_own(by).id])[get_own(by).id])
    if form.validate_on_submit():
        with told_on(form):
            terms = form.terms(listing.season)
            with form.beside_months(), transaction():
                save_offer(slug=slug, terms=terms, by=by, at=now())
        if not form.errors:
            flash(_("Đã lưu.") if own else _("Đã lưu nháp. Mở để nơi phân phối thấy."), "ok")
            return redirect(url_for("producer_offers.offer", slug=slug))
    page = render_template(
        "producer_desk/offer.html",
        form=form,
        listing=listing,
        offer=own,
        sheet=own is not None and bool(list_public([listing.id], on=day_of(now()))),
        variants=variants,
        tiers=tiers_of([variant.id for variant in variants]),
        **desk(by),
        **trade_words(),
    )
    return page, 422 if form.errors else 200


@bp.post("/<slug>/<any(open, pause):verb>")
@allow(KEEP_OWN_OFFERS)
def move(slug: str, verb: str) -> Any:
    to = OfferState.OPEN if verb == "open" else OfferState.PAUSED
    try:
        with transaction():
            move_offer(slug=slug, to=to, by=current_actor(), at=now())
    except NotNow as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã mở lời chào bán sỉ.") if verb == "open" else _("Đã tạm dừng lời chào bán sỉ."), "ok")
    return redirect(url_for("producer_offers.offer", slug=slug))
