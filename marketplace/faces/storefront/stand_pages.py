"""An exhibitor's stand as visitors see it: who stands there, what can be ordered from it for delivery home."""

from typing import Any

from flask import Blueprint, make_response, render_template

from marketplace.faces.storefront.cards import cards
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.shop.catalog.age import left_out
from marketplace.shop.catalog.queries import list_public_of_producer
from marketplace.shop.orders.origins import keep_origin
from marketplace.trade.stands.queries import came_by, get_public_stand

bp = Blueprint("stands", __name__, url_prefix="/fairs/<slug>/stands")


@bp.get("/<code>")
@allow(PUBLIC)
def stand(slug: str, code: str) -> Any:
    """The stand's goods that are on sale today; an order placed from here within three days counts for the stand."""
    found, at = get_public_stand(slug, code), now()
    hidden = left_out()
    public = [
        each
        for each in list_public_of_producer(found.producer_id, on=day_of(at))
        if each.product.set_code not in hidden
    ]
    page = render_template(
        "storefront/stand.html", stand=found, edition=found.edition, cards=cards(public, at=at), **fair_words()
    )
    answer = make_response(page)
    keep_origin(answer, came_by(found.code))
    return answer
