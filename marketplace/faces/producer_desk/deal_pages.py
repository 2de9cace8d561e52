"""The producer's desk: its deals, from a demand or an enquiry to deliveries."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.deal_desk import VERBS, Done, act_on, deal_list, deal_page, give_file, tell_opened
from marketplace.faces.storefront.deal_steps import STEPS, take_step
from marketplace.faces.storefront.deal_words import deal_words
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.shop.catalog.queries import get_public
from marketplace.trade.deals.models import Origin
from marketplace.trade.deals.policies import SELL_WHOLESALE
from marketplace.trade.deals.queries import count_waiting, get_file, get_within, newest_quotes
from marketplace.trade.deals.services import open_deal
from marketplace.trade.demands.queries import get_wanted

bp = Blueprint("producer_deals", __name__, url_prefix="/producer/deals")
A_PAGE = 30


@bp.get("")
@allow(SELL_WHOLESALE)
def deals() -> str:
    by = current_actor()
    listed = deal_list(A_PAGE)
    return render_template(
        "producer_desk/deals.html",
        newest=newest_quotes([deal.id for deal in listed["deals"]]),
        waiting=count_waiting(by=by),
        **listed,
        **desk(by),
        **deal_words(),
    )


@bp.post("/offer/<demand>")
@allow(SELL_WHOLESALE)
def offer(demand: str) -> Any:
    """Begin, or go on with, the deal about a demand, or about an own listing that suits it."""
    by, at = current_actor(), now()
    on = day_of(at)
    wanted, own, slug = get_wanted(demand, on=on), get_own(by), request.form.get("listing", "")
    listing_id = get_public(slug, on=on).listing.id if slug else None
    with transaction():
        deal = open_deal(
            distributor_id=wanted.distributor_id,
            producer_id=own.id,
            listing_id=listing_id,
            demand_id=wanted.id,
            origin=Origin.DEMAND,
            by=by,
            at=at,
            words=request.form.get("words", "")[:2000],
        )
    tell_opened(deal, request.form.get("words", ""), _("Nơi mua đã được báo. Gửi báo giá ở dưới."), at=at)
    return redirect(url_for("producer_deals.deal", code=deal.code))


@bp.get("/<code>")
@allow(SELL_WHOLESALE)
def deal(code: str) -> str:
    return _look(code)


def _look(code: str, done: Done | None = None) -> str:
    by = current_actor()
    found = get_within(code, by=by)
    return render_template(
        "producer_desk/deal.html",
        base=f"/producer/deals/{code}",
        **{**desk(by), **deal_page(found, done.errors if done else None)},
    )


def _answer(code: str, done: Done) -> Any:
    if done.errors:
        return _look(code, done), 422
    return redirect(url_for("producer_deals.deal", code=code))


@bp.post(f"/<code>/<{VERBS}:verb>")
@allow(SELL_WHOLESALE)
def act(code: str, verb: str) -> Any:
    return _answer(code, act_on(code, verb))


@bp.post(f"/<code>/<{STEPS}:verb>")
@allow(SELL_WHOLESALE)
def step(code: str, verb: str) -> Any:
    return _answer(code, take_step(code, verb))


@bp.post("/<code>/files")
@allow(SELL_WHOLESALE)
def add(code: str) -> Any:
    return _answer(code, give_file(code))


@bp.get("/<code>/files/<file>")
@allow(SELL_WHOLESALE)
def file(code: str, file: str) -> Response:
    return file_answer(get_file(code, file, by=current_actor()).file)
