"""How ready one own product is for each market abroad: what is met, what is missing, where to get it."""

from flask import Blueprint, render_template

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.export_words import export_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.access import current_actor
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.queries import get_kept
from marketplace.trade.export.policies import SEE_OWN_EXPORT
from marketplace.trade.export.queries import facts_of_listing
from marketplace.trade.export.rules import all_markets, readiness, steps_left

bp = Blueprint("producer_export", __name__, url_prefix="/producer/export")


@bp.get("/<slug>")
@allow(SEE_OWN_EXPORT)
def export(slug: str) -> str:
    by, on = current_actor(), day_of(now())
    listing = get_kept(slug, by=by)
    if product_set(listing.product.set_code).service:
        raise NotFound
    facts = facts_of_listing(listing, on=on)
    checked = [(market, readiness(market, facts)) for market in all_markets()]
    markets = [(market, lines, steps_left(lines)) for market, lines in checked]
    return render_template(
        "producer_desk/export.html", listing=listing, markets=markets, today=on, **desk(by), **export_words()
    )
