"""Orders as officers see them: found by number or phone, whole, and giving back for a delivered part."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.money_forms import GiveBackForm
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.seeing import noted
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.queries import entries_about
from marketplace.shop.orders.policies import SEE_ORDERS
from marketplace.shop.orders.queries import get_order
from marketplace.shop.payments.queries import find_charge, find_payment_of, payment_of
from marketplace.shop.payouts.queries.parts import count_orders, entries_of, find_orders, given_for
from marketplace.shop.payouts.services import give_back

bp = Blueprint("office_orders", __name__, url_prefix="/office/orders")
A_PAGE = 40


@bp.get("")
@allow(SEE_ORDERS)
def everything() -> str:
    by, words, page = current_actor(), request.args.get("q", "").strip()[:40], read_page()
    total = count_orders(words, by=by)
    listed = render_template(
        "office_desk/orders.html",
        orders=find_orders(words, by=by, page=page, per_page=A_PAGE),
        words_asked=words,
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
    )
    return noted(listed, "orders")


@bp.get("/<number>")
@allow(SEE_ORDERS)
def one(number: str) -> str:
    return _page(number, GiveBackForm())


def _page(number: str, form: GiveBackForm, position: int = 0) -> str:
    charge = find_charge(number)
    if charge is not None:  # transfers and refunds name orders and charges alike
        facts = {"payment": payment_of(number), "entries": entries_about([number])}
        return noted(render_template("office_desk/charge.html", charge=charge, **facts), "order", number)
    order = get_order(number)
    shown = render_template(
        "office_desk/order.html",
        order=order,
        payment=find_payment_of(order.id),
        entries=entries_of(order),
        given={part.position: given_for(part.id) for part in order.parts},
        form=form,
        position=position,
        may_give=KEEP_MONEY.held_by(current_actor()),
    )
    return noted(shown, "order", number)


@bp.post("/<number>/<int:position>/give-back")
@allow(KEEP_MONEY)
def give(number: str, position: int) -> Any:
    if all(part.position != position for part in get_order(number).parts):
        raise NotFound
    form = GiveBackForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            give_back(number=number, position=position, by=current_actor(), at=now(), **form.facts())
        if not form.errors:
            flash(_("Đã ghi khoản hoàn. Tiền đi trong vài phút, hoặc chờ chuyển tay nếu đã trả tiền mặt."), "ok")
            return redirect(url_for("office_orders.one", number=number))
    return _page(number, form, position), 422
