"""Whom to show: what speaks for which product, and which certified producers nobody sees."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.cards import cards
from marketplace.faces.storefront.placed_words import category_name, placed_words
from marketplace.faces.storefront.results import category
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.templates import dmy
from marketplace.platform.web.verbs import perform
from marketplace.registry.certification.product_sets import all_groups
from marketplace.trade.collections.policies import CURATE
from marketplace.trade.promotion.models import ROOMS, Place, Target
from marketplace.trade.promotion.queries import count_seen, list_seen, list_turns
from marketplace.trade.promotion.services import give_turn
from marketplace.trade.promotion.suggestions import suggest

bp = Blueprint("office_featured_choice", __name__, url_prefix="/office/featured")
A_PAGE = 30
SPANS = (30, 90)
FOR_PRODUCTS = [place for place, room in ROOMS.items() if Target.PRODUCT in room.targets]


@bp.get("/suggestions")
@allow(CURATE)
def suggestions() -> str:
    at, asked = now(), request.args
    place = Place(asked["place"]) if asked.get("place") in set(FOR_PRODUCTS) else Place.FEATURED_ROW
    group = asked.get("category", "")
    sets = frozenset(category(group).sets) if group else frozenset[str]()
    found = suggest(place, at=at, sets=sets)
    shown = {card.slug: card for card in cards([each.public for each in found], at=at)}
    return render_template(
        "office_desk/featured_suggestions.html",
        place=place,
        places=FOR_PRODUCTS,
        group=group,
        groups=[(each.slug, category_name(each.slug)) for each in all_groups()],
        rows=[(shown.get(each.public.listing.slug), each) for each in found],
        **placed_words(),
    )


@bp.get("/fairness")
@allow(CURATE)
def fairness() -> str:
    asked, on, page = request.args.get("days", ""), day_of(now()), read_page()
    days = int(asked) if asked in {str(span) for span in SPANS} else SPANS[0]
    since = on - timedelta(days=days - 1)
    rows = list_seen(since=since, on=on, page=page, per_page=A_PAGE)
    total, nobody = count_seen(since=since, on=on)
    return render_template(
        "office_desk/featured_fairness.html",
        rows=rows,
        turns=list_turns([row.producer_id for row in rows], on=on),
        days=days,
        spans=SPANS,
        total=total,
        nobody=nobody,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
    )


@bp.post("/fairness/<producer>/turn")
@allow(CURATE)
def turn(producer: str) -> Any:
    came = perform(partial(give_turn, producer=producer, by=current_actor(), at=now()))
    if came.made:
        said = {"first": dmy(came.value.first_day), "last": dmy(came.value.last_day)}
        flash(_("Đã cho một lượt ở hàng giới thiệu, từ %(first)s đến %(last)s.", **said), "ok")
    return redirect(url_for("office_featured_choice.fairness", days=request.form.get("days", "30")))
