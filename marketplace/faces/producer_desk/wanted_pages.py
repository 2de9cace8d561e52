"""What distributors seek, for producers: a list to search, and one demand with its checklist for the own goods."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.producer_desk.readiness import Check, blocking, readiness
from marketplace.faces.storefront.trade_words import places_named, trade_words
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import Actor, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.registry.certification.product_sets import all_sets
from marketplace.shop.catalog.models import Listing
from marketplace.trade.demands.models import Demand
from marketplace.trade.demands.policies import SEE_DEMANDS
from marketplace.trade.demands.queries import count_wanted, get_wanted, list_wanted
from marketplace.trade.offers.facts import OfferFacts, facts_of_producer
from marketplace.trade.offers.queries import list_supplied, supplied_sets

bp = Blueprint("producer_demands", __name__, url_prefix="/producer/demands")
A_PAGE = 20
MINE, ALL = "mine", "all"


@dataclass(frozen=True)
class Ready:
    """One own listing beside a demand. `offer` is None where none is written, or the listing is not public."""

    listing: Listing
    offer: OfferFacts | None
    checks: list[Check]

    @property
    def blocking(self) -> int:
        return blocking(self.checks)


@bp.get("")
@allow(SEE_DEMANDS)
def demands() -> str:
    by, today, page = current_actor(), day_of(now()), read_page()
    own = supplied_sets(by=by)
    words, chosen = request.args.get("q", "").strip()[:100], request.args.get("sets", MINE if own else ALL)
    known = [each.code for each in all_sets() if not each.service]
    wanted = own if chosen == MINE else [chosen] if chosen in known else None
    total = count_wanted(on=today, sets=wanted, words=words)
    found = list_wanted(on=today, sets=wanted, words=words, page=page, per_page=A_PAGE)
    return render_template(
        "producer_desk/wanted.html",
        demands=found,
        total=total,
        own=own,
        known=known,
        chosen=chosen if chosen in (MINE, *known) else ALL,
        words_typed=words,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        **desk(by),
        **trade_words(),
    )


@bp.get("/<code>")
@allow(SEE_DEMANDS)
def demand(code: str) -> str:
    by, today = current_actor(), day_of(now())
    found = get_wanted(code, on=today)
    day = max(today, found.wanted_from)
    return render_template(
        "producer_desk/wanted_one.html",
        demand=found,
        places=places_named([found]),
        ready=_ready(found, by, today, day),
        day=day,
        today=today,
        **desk(by),
        **trade_words(),
    )


def _ready(found: Demand, by: Actor, today: date, day: date) -> list[Ready]:
    """The own listings of the wanted sets, the nearest to ready first."""
    offers = {facts.listing_id: facts for facts in facts_of_producer(get_own(by).id, on=today)}
    listings = [each for each in list_supplied(by=by) if each.product.set_code in found.sets]
    rows = [(listing, offers.get(listing.id)) for listing in listings]
    ready = [Ready(listing, o, readiness(found, o, on=day) if o else []) for listing, o in rows]
    return sorted(ready, key=lambda each: (each.offer is None, each.blocking))
