"""The distributor's desk: its deals, from enquiry to order."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.deal_desk import (
    VERBS,
    Done,
    act_on,
    deal_list,
    deal_page,
    give_file,
    perform,
    tell_opened,
)
from marketplace.faces.storefront.deal_forms import request_facts, whole
from marketplace.faces.storefront.deal_steps import STEPS, take_step
from marketplace.faces.storefront.deal_words import deal_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.errors import sentence
from marketplace.shop.baskets.cookies import basket_token, keep_token
from marketplace.shop.baskets.queries import is_somebody_elses
from marketplace.shop.catalog.queries import get_public
from marketplace.trade.deals.models import Origin
from marketplace.trade.deals.policies import BUY_WHOLESALE
from marketplace.trade.deals.queries import (
    count_waiting,
    get_file,
    get_within,
    list_deals,
    newest_quotes,
)
from marketplace.trade.deals.services import NotVerified, open_deal, order_agreed, request_quotes
from marketplace.trade.demands.queries import get_own as get_own_demand
from marketplace.trade.distributors.queries import find_own, get_own_organisation

bp = Blueprint("distributor_deals", __name__, url_prefix="/distributor")
A_PAGE = 30


@bp.get("/quotes")
@allow(BUY_WHOLESALE)
def quotes() -> str:
    by = current_actor()
    listed = deal_list(A_PAGE)
    return render_template(
        "distributor_desk/quotes.html",
        newest=newest_quotes([deal.id for deal in listed["deals"]]),
        waiting=count_waiting(by=by),
        **listed,
        organisation=get_own_organisation(by),
        distributor=find_own(by),
        **deal_words(),
    )


@bp.post("/enquire/<slug>")
@allow(BUY_WHOLESALE)
def enquire(slug: str) -> Any:
    """Begin, or go on with, the deal about a listing; from its page, or from a match of an own demand."""
    by, at = current_actor(), now()
    listing = get_public(slug, on=day_of(at))
    own = find_own(by)
    if own is None:
        flash(_("Viết hồ sơ nơi bán trước, rồi hỏi mua sỉ."), "warn")
        return redirect(url_for("distributor_desk.profile"))
    asked = request.form.get("demand", "")
    demand_id = get_own_demand(asked, by=by).id if asked else None
    try:
        with transaction():
            deal = open_deal(
                distributor_id=own.id,
                producer_id=listing.producer.id,
                listing_id=listing.listing.id,
                demand_id=demand_id,
                origin=Origin.ENQUIRY,
                by=by,
                at=at,
                words=request.form.get("words", "")[:2000],
            )
    except NotVerified as refusal:
        flash(sentence(refusal), "bad")
        return redirect(url_for("distributor_desk.profile"))
    tell_opened(
        deal,
        request.form.get("words", ""),
        _("Nơi làm đã được báo. Gửi yêu cầu báo giá ở dưới khi bạn biết cần bao nhiêu."),
        at=at,
    )
    return redirect(url_for("distributor_deals.deal", code=deal.code))


@bp.get("/deals/<code>")
@allow(BUY_WHOLESALE)
def deal(code: str) -> str:
    return _look(code)


def _look(code: str, done: Done | None = None) -> str:
    by = current_actor()
    found = get_within(code, by=by)
    others = [each for each in list_deals(by=by, open_only=True, per_page=20) if each.code != code]
    return render_template(
        "distributor_desk/deal.html",
        others=others,
        also=request.form.getlist("also"),
        base=f"/distributor/deals/{code}",
        organisation=get_own_organisation(by),
        **deal_page(found, done.errors if done else None),
    )


def _answer(code: str, done: Done) -> Any:
    if done.errors:
        return _look(code, done), 422
    return redirect(url_for("distributor_deals.deal", code=code))


@bp.post(f"/deals/<code>/<{VERBS}:verb>")
@allow(BUY_WHOLESALE)
def act(code: str, verb: str) -> Any:
    return _answer(code, act_on(code, verb))


@bp.post("/deals/<code>/request")
@allow(BUY_WHOLESALE)
def ask(code: str) -> Any:
    codes = [code, *request.form.getlist("also")]
    facts, by, at = request_facts(request.form), current_actor(), now()
    done = perform(
        "request",
        lambda: request_quotes(codes=codes, facts=facts, by=by, at=at),
        _("Đã gửi yêu cầu báo giá."),
    )
    return _answer(code, done)


@bp.post("/deals/<code>/order")
@allow(BUY_WHOLESALE)
def order(code: str) -> Any:
    """Lay the agreed goods into the basket; from there it is an order like any other."""
    by, at = current_actor(), now()
    get_within(code, by=by)
    response = redirect(url_for("baskets.cart"))
    token = keep_token(response, fresh=is_somebody_elses(basket_token(), by=by))
    quantity = whole(request.form, "quantity") or 0
    try:
        done = perform(
            "order",
            lambda: order_agreed(code=code, quantity=quantity, token=token, by=by, at=at),
            _("Đã để vào giỏ theo giá đã đồng ý. Xem lại rồi đặt."),
        )
    except NotFound:
        flash(_("Món này hiện không bán: hết mùa, tạm dừng, hoặc giấy chứng nhận không còn hiệu lực."), "bad")
        return redirect(url_for("distributor_deals.deal", code=code))
    return _answer(code, done) if done.errors or not done.made else response


@bp.post(f"/deals/<code>/<{STEPS}:verb>")
@allow(BUY_WHOLESALE)
def step(code: str, verb: str) -> Any:
    return _answer(code, take_step(code, verb))


@bp.post("/deals/<code>/files")
@allow(BUY_WHOLESALE)
def add(code: str) -> Any:
    return _answer(code, give_file(code))


@bp.get("/deals/<code>/files/<file>")
@allow(BUY_WHOLESALE)
def file(code: str, file: str) -> Response:
    return file_answer(get_file(code, file, by=current_actor()).file)
