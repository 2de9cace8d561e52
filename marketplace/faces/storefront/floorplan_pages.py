"""The floor plan as visitors see it: the halls, who stands where, where a product or a producer is found."""

from flask import Blueprint, render_template, request

from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.floorplan_words import pictures
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.folding import nfc
from marketplace.trade.exhibitors.placings import find_standing
from marketplace.trade.fairs.queries import get_public
from marketplace.trade.floorplans.queries import layout_of

bp = Blueprint("fair_map", __name__, url_prefix="/fairs/<slug>/map")


@bp.get("")
@allow(PUBLIC)
def fair_map(slug: str) -> str:
    """The map; `q` finds exhibitors by their name or what they bring."""
    edition = get_public(slug)
    layout = layout_of(edition.id)
    if not layout.halls:
        raise NotFound
    asked = nfc(request.args.get("q", ""))[:100]
    standing = find_standing(edition, on=day_of(now()))
    found = {code for code, each in standing.items() if asked and each.answers(asked)}
    names = {code: each.producer.name for code, each in standing.items()}
    return render_template(
        "storefront/fair_map.html",
        edition=edition,
        halls=pictures(layout, names, found),
        standing=standing,
        asked=asked,
        found=[each for each in layout.booths if each.code in found],
        **fair_words(),
    )
