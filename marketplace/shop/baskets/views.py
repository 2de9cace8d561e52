"""The cart's page and its verbs."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import whole_number
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.links import safe_target
from marketplace.shop.baskets.cookies import basket_token, keep_token
from marketplace.shop.baskets.models import Basket
from marketplace.shop.baskets.queries import contents, count_units, find_basket, is_somebody_elses, waits_to_join
from marketplace.shop.baskets.services import (
    accept_prices,
    add_to_basket,
    drop_voucher,
    join_baskets,
    save_for_later,
    set_quantity,
    take_up_again,
    use_voucher,
)
from marketplace.shop.catalog.age import left_out
from marketplace.shop.catalog.queries import get_offer
from marketplace.shop.vouchers.rules import VoucherUnfit

bp = Blueprint("baskets", __name__)


def init_baskets(app: Flask) -> None:
    """Attach the pages, and the number on the cart's icon for every page."""
    app.register_blueprint(bp)
    app.jinja_env.globals["cart_count"] = cart_count
    app.jinja_env.globals["why_not"] = why_not


def why_not(refused: VoucherUnfit) -> str:
    """Why a voucher cannot be used, in the reader's language."""
    return str(_(refused.why) % refused.facts)


def cart_count() -> int:
    """How many units this visitor's basket holds; asked once a page."""
    if "cart_count" not in g:
        g.cart_count = count_units(find_basket(basket_token(), by=current_actor())) if _may_have_basket() else 0
    return int(g.cart_count)


def _may_have_basket() -> bool:
    return basket_token() is not None or current_actor().known


def own_basket() -> Basket | None:
    """This visitor's basket; what they put in before signing in has joined it."""
    if waits_to_join(basket_token(), by=current_actor()):
        with transaction():
            join_baskets(token=basket_token() or "", by=current_actor(), at=now())
    return find_basket(basket_token(), by=current_actor())


@bp.get("/cart")
@allow(PUBLIC)
def cart() -> Any:
    return _cart_page()


def _cart_page(typed: str = "", wrong: str = "") -> str:
    """The cart; `typed` is the code that was not taken, `wrong` says why."""
    inside = contents(own_basket(), at=now())
    page = render_template("baskets/cart.html", contents=inside, typed=typed, wrong=wrong)
    if inside.basket_id is not None and any(line.price_changed for line in inside.lines):
        with transaction():
            accept_prices(basket_id=inside.basket_id, at=now())
    return page


@bp.post("/cart/add")
@allow(PUBLIC)
def add() -> Response:
    response = redirect(url_for("baskets.cart"))
    try:
        sku, quantity = request.form.get("sku", ""), _whole("quantity", 1)
        if not may_buy(sku):
            return redirect(f"/age?{urlencode({'next': safe_target(request.form.get('next'))})}")
        token = keep_token(response, fresh=is_somebody_elses(basket_token(), by=current_actor()))
        with transaction():
            if "later" in request.form:
                save_for_later(token=token, sku=sku, by=current_actor(), at=now())
            else:
                add_to_basket(token=token, sku=sku, quantity=quantity, by=current_actor(), at=now())
    except NotFound:
        flash(_("Món này hiện không bán nữa, nên chưa thêm vào giỏ."), "bad")
        return redirect(safe_target(request.form.get("next"), url_for("baskets.cart")))
    except Refusal as refusal:
        flash(_explain(refusal), "bad")
        return redirect(safe_target(request.form.get("next"), url_for("baskets.cart")))
    flash(_("Đã để dành.") if "later" in request.form else _("Đã thêm vào giỏ."), "ok")
    return response


@bp.post("/cart/<sku>")
@allow(PUBLIC)
def change(sku: str) -> Response:
    back = safe_target(request.form.get("next"), url_for("baskets.cart"))
    try:
        if ("later" in request.form or "back" in request.form) and not may_buy(sku):
            return redirect(f"/age?{urlencode({'next': back})}")
        with transaction():
            _change(basket_token() or "", sku)
    except NotFound:
        flash(_("Món này hiện không bán nữa, nên chưa thêm vào giỏ."), "bad")
    except Refusal as refusal:
        flash(_explain(refusal), "bad")
    return redirect(back)


@bp.post("/cart/voucher")
@allow(PUBLIC)
@limiter.limit("40 per hour", deduct_when=lambda response: response.status_code == VoucherUnfit.status)
def voucher() -> Any:
    """Enter a voucher's code, or take one out."""
    typed, token = request.form.get("code", "")[:60], basket_token() or ""
    try:
        with transaction():
            if "remove" in request.form:
                drop_voucher(token=token, code=request.form["remove"], by=current_actor())
            else:
                use_voucher(token=token, typed=typed, by=current_actor(), at=now())
    except VoucherUnfit as refused:
        return _cart_page(typed, why_not(refused)), refused.status
    flash(_("Đã bỏ mã giảm giá.") if "remove" in request.form else _("Đã dùng mã giảm giá."), "ok")
    return redirect(url_for("baskets.cart", _anchor="total"))


def _change(token: str, sku: str) -> None:
    """What the pressed button of a line means."""
    by, at = current_actor(), now()
    if "later" in request.form:
        save_for_later(token=token, sku=sku, by=by, at=at)
    elif "back" in request.form:
        take_up_again(token=token, sku=sku, by=by, at=at)
    else:
        quantity = 0 if "remove" in request.form else _whole("quantity", 1)
        set_quantity(token=token, sku=sku, quantity=quantity, by=by, at=at)


@bp.get("/account/wishlist")
@allow(SIGNED_IN)
def wishlist() -> str:
    """What the member has put aside, from any page and any device."""
    return render_template("baskets/wishlist.html", lines=contents(own_basket(), at=now()).saved)


def may_buy(sku: str) -> bool:
    """Whether this visitor may put it in the cart: alcohol only those who have said that they are of age."""
    return get_offer(sku, on=day_of(now())).public.product.set_code not in left_out()


def _whole(name: str, otherwise: int) -> int:
    number = whole_number(request.form.get(name, "").strip() or str(otherwise))
    return -1 if number is None else number


def _explain(refusal: Refusal) -> str:
    if isinstance(refusal, Invalid) and refusal.fields:
        return " ".join(_(message) for message in refusal.fields.values())
    return sentence(refusal)
