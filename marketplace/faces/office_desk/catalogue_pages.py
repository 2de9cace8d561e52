"""A catalogue of goods that an officer chooses among the open wholesale offers, as one PDF in either language."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from marketplace.faces.storefront.sheet_pdf import catalogue_pdf
from marketplace.faces.storefront.trade_words import marks_named, trade_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.media.models import FileKind
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import document_answer
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.language import document_language, in_language
from marketplace.trade.export.policies import MAKE_CATALOGUES
from marketplace.trade.export.queries import list_goods
from marketplace.trade.export.rules import MOST_AT_ONCE, chosen_well
from marketplace.trade.offers.facts import OfferFacts, facts_of_open

bp = Blueprint("office_catalogue", __name__, url_prefix="/office/catalogue")
STARS = ("3", "4", "5")
LONGEST_TITLE = 80


@bp.get("")
@allow(MAKE_CATALOGUES)
def catalogue() -> str:
    return _page(day_of(now()))


@bp.get("/chosen.pdf")
@allow(MAKE_CATALOGUES)
@limiter.limit("60 per hour")
def chosen() -> Any:
    """The PDF of the ticked offers, in the order they stood; the page again where there are none, or too many."""
    on = day_of(now())
    codes = list(dict.fromkeys(request.args.getlist("offer")))
    if not chosen_well(codes):
        wrong = _("Chọn từ 1 đến %(most)d món một lần; bạn đã chọn %(n)d.", most=MOST_AT_ONCE, n=len(codes))
        return _page(on, wrong, frozenset(codes)), 422
    goods = list_goods(codes, by=current_actor(), on=on)
    if not goods:
        return _page(on, _("Các món đã chọn không còn công khai.")), 422
    with in_language(document_language()):
        title = request.args.get("title", "").strip()[:LONGEST_TITLE] or _("Danh mục sản phẩm OCOP")
        made = catalogue_pdf(goods, title=title, on=on)
    return document_answer(made, f"catalogue-{on.isoformat()}.pdf", FileKind.PDF)


def _page(on: date, wrong: str = "", ticked: frozenset[str] = frozenset()) -> str:
    offers = facts_of_open(on=on)
    wanted = {name: request.args.get(name, "") for name in ("set", "stars", "place")}
    shown = sorted((each for each in offers if _fits(each, wanted)), key=lambda each: (each.name, each.code))
    if request.args.get("all"):
        ticked = frozenset(each.code for each in shown[:MOST_AT_ONCE])
    return render_template(
        "office_desk/catalogue.html",
        offers=shown,
        wanted=wanted,
        ticked=ticked,
        wrong=wrong,
        sets=sorted({each.set_code for each in offers}),
        stars=STARS,
        places=marks_named(frozenset().union(*(each.places for each in offers))),
        most=MOST_AT_ONCE,
        title=request.args.get("title", ""),
        **trade_words(),
    )


def _fits(offer: OfferFacts, wanted: dict[str, str]) -> bool:
    stars = wanted["stars"] if wanted["stars"] in STARS else STARS[0]
    in_set = wanted["set"] in ("", offer.set_code)
    return in_set and offer.stars >= int(stars) and (not wanted["place"] or wanted["place"] in offer.places)
