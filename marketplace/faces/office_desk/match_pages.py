"""The office's matchmaking: what keeps pairs apart, whom each demand suits, and the weights by version."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.faces.storefront.gate_words import need_of
from marketplace.faces.storefront.match_words import match_words, told
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import whole_number
from marketplace.platform.web.language import language
from marketplace.platform.web.verbs import perform
from marketplace.trade.demands.queries import get_any
from marketplace.trade.demands.rules import wanted_paper
from marketplace.trade.matching.pairing import NearMiss, near_misses
from marketplace.trade.matching.policies import RUN_MATCHMAKING
from marketplace.trade.matching.queries import current_weights, list_matches, list_weights, match_of, matches_of_demand
from marketplace.trade.matching.score import BUYER_PARTS, PRODUCER_PARTS, Weights
from marketplace.trade.matching.services import set_weights, tell_makers

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
    return render_template("office_desk/near_miss.html", near=_near(key), **match_words())


@bp.post("/near/<key>/tell")
@allow(RUN_MATCHMAKING)
def tell(key: str) -> Any:
    """Write to the producers that this alone keeps from buyers."""
    found, by, at = _near(key), current_actor(), now()
    makers = perform(lambda: tell_makers(near=found, words=need_and_where, by=by, at=at)).value
    done = ngettext(
        "Đã gửi thư cho %(num)d nơi làm; nơi đã nhận thư này trong tháng thì không nhận lại.",
        "Đã gửi thư cho %(num)d nơi làm; nơi đã nhận thư này trong tháng thì không nhận lại.",
        makers,
    )
    flash(done, "ok")
    return redirect(url_for("office_matches.near", key=key))


def _near(key: str) -> NearMiss:
    found = next((each for each in near_misses(list_matches(on=day_of(now()))) if each.gate == key), None)
    if found is None:
        raise NotFound
    return found


def need_and_where(key: str) -> tuple[str, str]:
    """What a producer has to do to pass a gate, and where a paper is had, in the reader's language."""
    subject = key.partition(":")[2]
    paper = wanted_paper(subject) if subject else None
    return need_of(key), ((paper.where_en if language() == "en" else paper.where) if paper else "")


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
    found = match_of(matches_of_demand(demand, on=day_of(now())), demand=code, offer=offer)
    return render_template("office_desk/match.html", demand=demand, match=found, gates=told(found), **match_words())


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
    """The weights as they were typed; what is no whole number of three digits counts as missing."""

    def read(side: str, parts: Any) -> dict[Any, int]:
        typed = {part: whole_number(request.form.get(f"{side}_{part}", ""), 3) for part in parts}
        return {part: number for part, number in typed.items() if number is not None}

    return Weights(read("buyer", BUYER_PARTS), read("producer", PRODUCER_PARTS))
