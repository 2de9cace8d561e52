"""The office's matchmaking: what keeps pairs apart, whom each demand suits, and the weights by version."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.match_words import match_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.web.access import current_actor
from marketplace.trade.demands.queries import get_any
from marketplace.trade.matching.pairing import near_misses
from marketplace.trade.matching.policies import RUN_MATCHMAKING
from marketplace.trade.matching.queries import current_weights, list_matches, list_weights, matches_of_demand
from marketplace.trade.matching.score import BUYER_PARTS, PRODUCER_PARTS, Weights
from marketplace.trade.matching.services import set_weights

bp = Blueprint("office_matches", __name__, url_prefix="/office/matchmaking")


@bp.get("")
@allow(RUN_MATCHMAKING)
def matchmaking() -> str:
    pairs = list_matches(on=day_of(now()))
    return render_template(
        "office_desk/matchmaking.html",
        eligible=sum(each.eligible for each in pairs),
        pairs=len(pairs),
        demands=len({each.demand.id for each in pairs}),
        offers=len({each.offer.offer_id for each in pairs}),
        near=near_misses(pairs),
        **match_words(),
    )


@bp.get("/near/<key>")
@allow(RUN_MATCHMAKING)
def near(key: str) -> str:
    pairs = list_matches(on=day_of(now()))
    found = next((each for each in near_misses(pairs) if each.gate == key), None)
    if found is None:
        raise NotFound
    return render_template("office_desk/near_miss.html", near=found, **match_words())


@bp.get("/demands/<code>")
@allow(RUN_MATCHMAKING)
def of_demand(code: str) -> str:
    demand = get_any(code, by=current_actor())
    pairs = matches_of_demand(demand, on=day_of(now()))
    return render_template("office_desk/demand_matches.html", demand=demand, matches=pairs, **match_words())


@bp.get("/demands/<code>/<offer>")
@allow(RUN_MATCHMAKING)
def match(code: str, offer: str) -> str:
    demand = get_any(code, by=current_actor())
    found = [each for each in matches_of_demand(demand, on=day_of(now())) if each.offer.code == offer]
    if not found:
        raise NotFound
    return render_template("office_desk/match.html", demand=demand, match=found[0], **match_words())


@bp.route("/weights", methods=["GET", "POST"])
@allow(RUN_MATCHMAKING)
def weights() -> Any:
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            with transaction():
                set_weights(weights=_typed(), note=request.form.get("note", ""), by=current_actor(), at=now())
        except Invalid as invalid:
            errors = {name: _(text) for name, text in invalid.fields.items()}
        else:
            flash(_("Đã lưu thành bản mới. Đợt kết nối đã mở vẫn dùng bản của nó."), "ok")
            return redirect(url_for("office_matches.weights"))
    page = render_template(
        "office_desk/match_weights.html",
        now_used=current_weights(),
        versions=list_weights(),
        sides=(("buyer", BUYER_PARTS), ("producer", PRODUCER_PARTS)),
        errors=errors,
        typed=request.form,
        **match_words(),
    )
    return page, 422 if errors else 200


def _typed() -> Weights:
    """The weights as they were typed; what is no whole number counts as missing."""

    def read(side: str, parts: Any) -> dict[Any, int]:
        typed = {part: request.form.get(f"{side}_{part}", "").strip() for part in parts}
        return {part: int(text) for part, text in typed.items() if text.isascii() and text.isdigit()}

    return Weights(read("buyer", BUYER_PARTS), read("producer", PRODUCER_PARTS))
