"""The producer's desk: its deals, from a demand or an enquiry to deliveries."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.deal_desk import VERBS, Done, act_on, deal_page, give_file
from marketplace.faces.storefront.deal_steps import STEPS, take_step
from marketplace.faces.storefront.deal_words import deal_words
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.forms import read_page
from marketplace.shop.catalog.queries import get_public
from marketplace.trade.deals.models import Origin, Stage
from marketplace.trade.deals.policies import SELL_WHOLESALE
from marketplace.trade.deals.queries import (
    count_by_stage,
    count_deals,
    get_file,
    get_within,
    list_deals,
    newest_quotes,
)
from marketplace.trade.deals.services import open_deal
from marketplace.trade.demands.queries import get_wanted

bp = Blueprint("producer_deals", __name__, url_prefix="/producer/deals")
A_PAGE = 30


@bp.get("")
@allow(SELL_WHOLESALE)
def deals() -> str:
    by, page, asked = current_actor(), read_page(), request.args.get("stage", "")
    stage = Stage(asked) if asked in set(Stage) else None
    total = count_deals(by=by, stage=stage)
    found = list_deals(by=by, stage=stage, page=page, per_page=A_PAGE)
    return render_template(
        "producer_desk/deals.html",
        deals=found,
        newest=newest_quotes([deal.id for deal in found]),
        by_stage=count_by_stage(by=by),
        stage=stage,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        today=day_of(now()),
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
    flash(_("Nơi mua đã được báo. Gửi báo giá ở dưới."), "ok")
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
        return _look(code, done), done.status
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
