"""The distributor's desk: which certified goods suit each of its demands, why, and whom it wishes to meet."""

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from marketplace.faces.storefront.match_words import match_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.web.access import current_actor
from marketplace.trade.demands.models import DemandState
from marketplace.trade.demands.queries import get_own, list_own
from marketplace.trade.distributors.queries import find_own, get_own_organisation
from marketplace.trade.matching.pairing import Match, Wish
from marketplace.trade.matching.policies import SEE_OWN_OFFERS_MATCHED
from marketplace.trade.matching.queries import find_wish, matches_of_demand, recommended
from marketplace.trade.matching.services import count_shown, wish_producer

bp = Blueprint("distributor_matches", __name__, url_prefix="/distributor/matches")


@bp.get("")
@allow(SEE_OWN_OFFERS_MATCHED)
def matches() -> str:
    by = current_actor()
    demands = list_own(by=by, state=DemandState.OPEN)
    asked = request.args.get("demand", "")
    demand = next((each for each in demands if each.code == asked), demands[0] if demands else None)
    pairs = matches_of_demand(demand, on=day_of(now())) if demand else []
    shown = recommended(pairs, side="offer")
    with transaction():
        count_shown(shown, side="offer")
    only = Counter(each.excluded[0].key for each in pairs if len(each.excluded) == 1)
    return render_template(
        "distributor_desk/matches.html",
        demands=demands,
        demand=demand,
        matches=shown,
        narrow=sorted(only.items(), key=lambda pair: (-pair[1], pair[0])),
        organisation=get_own_organisation(by),
        **match_words(),
    )


@bp.route("/<code>/<offer>", methods=["GET", "POST"])
@allow(SEE_OWN_OFFERS_MATCHED)
def match(code: str, offer: str) -> Any:
    by = current_actor()
    demand = get_own(code, by=by)
    found = pair_of(matches_of_demand(demand, on=day_of(now())), code, offer)
    error = ""
    if request.method == "POST":
        error = _wished(found)
        if not error:
            return redirect(request.path)
    own = find_own(by)
    said = own and find_wish(distributor_id=own.id, producer_id=found.offer.producer_id, by_buyer=True)
    page = render_template(
        "distributor_desk/match.html",
        demand=demand,
        match=found,
        wish=request.form.get("wish") or (said.wish.value if said else ""),
        reason=request.form.get("reason") or (said.reason if said else ""),
        error=error,
        organisation=get_own_organisation(by),
        **match_words(),
    )
    return page, 422 if error else 200


def pair_of(matches: list[Match], demand: str, offer: str) -> Match:
    """The match of these two codes, or NotFound."""
    for each in matches:
        if (each.demand.code, each.offer.code) == (demand, offer):
            return each
    raise NotFound


def read_wish() -> Wish | None:
    """The wish that was sent; none, or one that is none, takes it back."""
    sent = request.form.get("wish", "")
    return Wish(sent) if sent in set(Wish) else None


def _wished(found: Match) -> str:
    """Keep what was sent; answers what is wrong with it."""
    reason = request.form.get("reason", "")
    try:
        with transaction():
            wish_producer(slug=found.offer.producer_slug, wish=read_wish(), reason=reason, by=current_actor(), at=now())
    except Invalid as invalid:
        (text,) = invalid.fields.values()
        return str(_(text))
    flash(_("Đã lưu."), "ok")
    return ""
