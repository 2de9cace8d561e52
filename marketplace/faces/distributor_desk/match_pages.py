"""The distributor's desk: which certified goods suit each of its demands, why, and whom it wishes to meet."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from marketplace.faces.storefront.match_desk import match_page, say_wish
from marketplace.faces.storefront.match_words import match_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.trade.demands.models import DemandState
from marketplace.trade.demands.queries import get_own, list_own
from marketplace.trade.distributors.queries import find_own, get_own_organisation
from marketplace.trade.matching.gates import GateCode
from marketplace.trade.matching.pairing import softened
from marketplace.trade.matching.policies import SEE_OWN_OFFERS_MATCHED
from marketplace.trade.matching.queries import find_wish, match_of, matches_for_buyer, recommended
from marketplace.trade.matching.services import count_shown, wish_producer

bp = Blueprint("distributor_matches", __name__, url_prefix="/distributor/matches")


@bp.get("")
@allow(SEE_OWN_OFFERS_MATCHED)
def matches() -> str:
    by = current_actor()
    demands = list_own(by=by, state=DemandState.OPEN)
    asked = request.args.get("demand", "")
    demand = next((each for each in demands if each.code == asked), demands[0] if demands else None)
    pairs = matches_for_buyer(demand, on=day_of(now())) if demand else []
    shown = recommended(pairs, side="offer")
    with transaction():
        count_shown(shown, side="offer")
    return render_template(
        "distributor_desk/matches.html",
        demands=demands,
        demand=demand,
        matches=shown,
        narrow=softened(pairs),
        refused=[each for each in pairs if each.shut_by(GateCode.BUYER_REFUSES)],
        distributor=find_own(by),
        organisation=get_own_organisation(by),
        **match_words(),
    )


@bp.route("/<code>/<offer>", methods=["GET", "POST"])
@allow(SEE_OWN_OFFERS_MATCHED)
def match(code: str, offer: str) -> Any:
    by, on = current_actor(), day_of(now())
    demand = get_own(code, by=by)
    if not demand.distributor.verified:
        return redirect(url_for("distributor_matches.matches"))  # there it is said what to do
    found = match_of(matches_for_buyer(demand, on=on), demand=code, offer=offer)
    errors: dict[str, str] = {}
    if request.method == "POST":
        done = say_wish(wish_producer, slug=found.offer.producer_slug)
        if not done.errors:
            return redirect(request.path)
        errors = done.errors
    said = find_wish(distributor_id=demand.distributor_id, producer_id=found.offer.producer_id, by_buyer=True)
    page = render_template(
        "distributor_desk/match.html",
        demand=demand,
        seen=demand.seen_on(on),
        organisation=get_own_organisation(by),
        **match_page(found, said=said, kept=GateCode.PRODUCER_REFUSES, errors=errors),
    )
    return page, 422 if errors else 200
