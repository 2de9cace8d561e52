"""The producer's desk: which demands its offers suit, why, and whom it wishes to meet."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.match_desk import match_page, say_wish
from marketplace.faces.storefront.match_words import match_words
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.trade.demands.models import Demand
from marketplace.trade.demands.queries import get_wanted, list_wanted
from marketplace.trade.matching.gates import GateCode
from marketplace.trade.matching.pairing import Match, best_of_each_demand
from marketplace.trade.matching.policies import SEE_DEMANDS_MATCHED
from marketplace.trade.matching.queries import ALL, find_wish, match_of, matches_of_producer, recommended
from marketplace.trade.matching.services import count_shown, wish_distributor
from marketplace.trade.offers.queries import has_open_offer

bp = Blueprint("producer_matches", __name__, url_prefix="/producer/matches")
NEAR = 6


@bp.get("")
@allow(SEE_DEMANDS_MATCHED)
def matches() -> str:
    by, on = current_actor(), day_of(now())
    pairs = matches_of_producer(get_own(by).id, on=on)
    shown = recommended(best_of_each_demand(pairs), side="demand")
    with transaction():
        count_shown(shown, side="demand")
    return render_template(
        "producer_desk/matches.html",
        offering=bool(pairs) or has_open_offer(by=by),
        matches=shown,
        refused=[each for each in pairs if each.shut_by(GateCode.PRODUCER_REFUSES)],
        near=[each for each in pairs if each.only][:NEAR],
        titles=_titles(pairs),
        **desk(by),
        **match_words(),
    )


def _titles(pairs: list[Match]) -> dict[str, Demand]:
    """The demands of these pairs by code."""
    return {each.code: each for each in list_wanted(on=day_of(now()), per_page=ALL)} if pairs else {}


@bp.route("/<code>/<offer>", methods=["GET", "POST"])
@allow(SEE_DEMANDS_MATCHED)
def match(code: str, offer: str) -> Any:
    by, on = current_actor(), day_of(now())
    demand = get_wanted(code, on=on)
    own = get_own(by)
    found = match_of(matches_of_producer(own.id, on=on), demand=code, offer=offer)
    errors: dict[str, str] = {}
    if request.method == "POST":
        done = say_wish(wish_distributor, slug=demand.distributor.organisation.slug)
        if not done.errors:
            return redirect(request.path)
        errors = done.errors
    said = find_wish(distributor_id=demand.distributor_id, producer_id=own.id, by_buyer=False)
    page = render_template(
        "producer_desk/match.html",
        demand=demand,
        **{**desk(by), **match_page(found, said=said, kept=GateCode.BUYER_REFUSES, errors=errors)},
    )
    return page, 422 if errors else 200
