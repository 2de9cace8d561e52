"""The producer's desk: which demands its offers suit, why, and whom it wishes to meet."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.match_words import match_words
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.web.access import current_actor
from marketplace.trade.demands.models import Demand
from marketplace.trade.demands.queries import get_wanted, list_wanted
from marketplace.trade.matching.pairing import NOT_TO_BE_MENDED, Match, Wish, best_of_each_demand
from marketplace.trade.matching.policies import SEE_DEMANDS_MATCHED
from marketplace.trade.matching.queries import ALL, find_wish, matches_of_producer, recommended
from marketplace.trade.matching.services import count_shown, wish_distributor

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
    one = [each for each in pairs if len(each.excluded) == 1 and each.excluded[0].code not in NOT_TO_BE_MENDED]
    return render_template(
        "producer_desk/matches.html",
        offering=bool(pairs) or bool(shown),
        matches=shown,
        near=one[:NEAR],
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
    found = [
        each for each in matches_of_producer(own.id, on=on) if (each.demand.code, each.offer.code) == (code, offer)
    ]
    if not found:
        raise NotFound
    error = ""
    if request.method == "POST":
        error = _wished(demand)
        if not error:
            return redirect(request.path)
    said = find_wish(distributor_id=demand.distributor_id, producer_id=own.id, by_buyer=False)
    page = render_template(
        "producer_desk/match.html",
        demand=demand,
        match=found[0],
        wish=request.form.get("wish") or (said.wish.value if said else ""),
        reason=request.form.get("reason") or (said.reason if said else ""),
        error=error,
        **desk(by),
        **match_words(),
    )
    return page, 422 if error else 200


def _wished(demand: Demand) -> str:
    """Keep what was sent; answers what is wrong with it."""
    sent, reason = request.form.get("wish", ""), request.form.get("reason", "")
    wish = Wish(sent) if sent in set(Wish) else None
    slug = demand.distributor.organisation.slug
    try:
        with transaction():
            wish_distributor(slug=slug, wish=wish, reason=reason, by=current_actor(), at=now())
    except Invalid as invalid:
        (text,) = invalid.fields.values()
        return str(_(text))
    flash(_("Đã lưu."), "ok")
    return ""
