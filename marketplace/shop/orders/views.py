"""One order, for its buyer: signed in, or by the signed link."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as BaseResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page
from marketplace.shop.baskets.cookies import basket_token, keep_token
from marketplace.shop.baskets.queries import is_somebody_elses
from marketplace.shop.orders.links import holds_key
from marketplace.shop.orders.models import Order
from marketplace.shop.orders.policies import BUYER_MAY_CANCEL, is_buyer
from marketplace.shop.orders.queries import count_of_buyer, get_order, list_of_buyer
from marketplace.shop.orders.receipts import receipt
from marketplace.shop.orders.services import cancel_order, order_again

bp = Blueprint("orders", __name__)
A_PAGE = 20


def own_order(number: str) -> Order:
    """The order, if the visitor is its buyer or holds its link; to all others it does not exist."""
    found = get_order(number)
    if not (is_buyer(current_actor(), found) or holds_key(number, request.values.get("key"))):
        raise NotFound
    return found


@bp.get("/orders/<number>")
@allow(PUBLIC)
def order(number: str) -> str:
    found = own_order(number)
    cancellable = any(part.state in BUYER_MAY_CANCEL for part in found.parts)
    key = request.args.get("key", "")
    return render_template("orders/order.html", order=found, key=key, cancellable=cancellable)


@bp.post("/orders/<number>/cancel")
@allow(PUBLIC)
def cancel(number: str) -> Response:
    before = own_order(number)
    try:
        with transaction():
            cancel_order(number=number, by=current_actor(), at=now())
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_cancelled(before), "ok")
    return redirect(url_for("orders.order", number=number, key=request.form.get("key") or None))


def _cancelled(order: Order) -> str:
    """What the buyer is told: what was paid comes back; of what is not paid in full some may have come."""
    if order.paid_at is not None:
        return str(_("Đã hủy những phần chưa gửi. Tiền đã trả cho chúng được hoàn về nơi bạn đã trả."))
    if order.prepaid:
        return str(_("Đã hủy đơn. Bạn không phải trả nữa; khoản nào đã tới thì được hoàn về nơi bạn đã trả."))
    return str(_("Đã hủy những phần chưa gửi. Bạn không phải trả tiền cho chúng."))


@bp.get("/orders/<number>/receipt.pdf")
@allow(PUBLIC)
def on_paper(number: str) -> BaseResponse:
    response = BaseResponse(receipt(own_order(number)), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


@bp.post("/orders/<number>/again")
@allow(PUBLIC)
def again(number: str) -> Response:
    own_order(number)
    response = redirect(url_for("baskets.cart"))
    token = keep_token(response, fresh=is_somebody_elses(basket_token(), by=current_actor()))
    with transaction():
        left = order_again(number=number, token=token, by=current_actor(), at=now())
    if left:
        flash(_("Chưa đưa được vào giỏ: %(names)s. Món đó hết hàng hoặc không còn bán.", names=", ".join(left)), "warn")
    else:
        flash(_("Đã đưa các món của đơn vào giỏ, theo giá hôm nay."), "ok")
    return response


@bp.get("/account/orders")
@allow(SIGNED_IN)
def own_orders() -> Any:
    page, under_way = read_page(), request.args.get("under_way") == "1"
    user_id = current_actor().user_id or 0
    total = count_of_buyer(user_id, under_way=under_way)
    return render_template(
        "orders/list.html",
        orders=list_of_buyer(user_id, page=page, per_page=A_PAGE, under_way=under_way),
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        under_way=under_way,
    )
