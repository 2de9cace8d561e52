"""Paying an order: how, what has come, and back from the card page. Card and transfer alike."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.verification.demands import banks
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.glue import limiter
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.orders.views import own_order
from marketplace.shop.payments.models import UNSETTLED, Payment, PaymentState
from marketplace.shop.payments.paying import NotReached, ask_again, pay, pay_otherwise
from marketplace.shop.payments.providers.interface import ProviderDown, ProviderRefused
from marketplace.shop.payments.providers.transfer import BankTransfer
from marketplace.shop.payments.queries import find_payment_of, payment_of, sold_without_cash
from marketplace.shop.payments.setup import offered, providers
from marketplace.shop.payments.vietqr import picture, plain

bp = Blueprint("payment_pages", __name__)


@bp.app_context_processor
def _shown() -> dict[str, Any]:
    """What pages of rooms below say of paying: how an order stands, and by which ways one can pay here."""
    return {"payment_shown": lambda order: find_payment_of(order.id), "ways_to_pay": lambda: list(providers())}


@bp.get("/orders/<number>/pay")
@allow(PUBLIC)
def pay_page(number: str) -> Any:
    order = own_order(number)
    payment = payment_of(number)
    if payment.state is not PaymentState.AWAITING:
        return _to_order(number)
    return render_template("payments/pay.html", order=order, key=_key(), **_facts(payment))


@bp.post("/orders/<number>/pay")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def begin(number: str) -> Response:
    own_order(number)
    try:
        attempt = pay(number, now())
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return _to_order(number) if payment_of(number).state is not PaymentState.AWAITING else _to_pay(number)
    return redirect(attempt.url, 303) if attempt.url else _to_pay(number)


@bp.post("/orders/<number>/pay/method")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def change(number: str) -> Response:
    own_order(number)
    try:
        method = PaymentMethod(request.form.get("method", ""))
        payment = pay_otherwise(number, method, current_actor(), now())
    except ValueError:
        return _to_pay(number)
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return _to_pay(number)
    if payment.state is PaymentState.AWAITING:
        return _to_pay(number)
    flash(_("Đơn chuyển sang trả tiền mặt khi nhận. Nơi bán bắt đầu chuẩn bị hàng."), "ok")
    return _to_order(number)


@bp.get("/orders/<number>/paid")
@allow(PUBLIC)
def back(number: str) -> Response:
    """Back from the card page: the address says nothing, the provider is asked."""
    own_order(number)
    for attempt in payment_of(number).attempts:
        if attempt.state in UNSETTLED:
            try:
                ask_again(attempt.id, now())
            except (ProviderDown, ProviderRefused, NotReached):
                flash(_("Chưa hỏi được nơi trả tiền. Chúng tôi hỏi lại mỗi phút, và gửi thư khi biết."), "warn")
                return _to_order(number)
    if payment_of(number).state is PaymentState.PAID:
        flash(_("Đã nhận tiền. Nơi bán bắt đầu chuẩn bị hàng."), "ok")
    else:
        flash(_("Nơi trả tiền chưa báo có tiền. Nếu bạn vừa trả, hãy đợi một phút rồi xem lại."), "warn")
    return _to_order(number)


def _facts(payment: Payment) -> dict[str, Any]:
    """What is to be paid, and by a transfer where to."""
    came = payment.captured - payment.refunded
    missing = payment.amount - came
    way = providers().get(payment.method)
    facts: dict[str, Any] = {"payment": payment, "came": came, "missing": missing, "account": None}
    facts["others"] = [] if came else _others(payment)
    facts["play"] = current_app.config["SETTINGS"].environment == "development"
    facts["by_transfer"] = payment.method is PaymentMethod.BANK_TRANSFER
    if isinstance(way, BankTransfer):
        note = plain(payment.order.number.replace("-", ""))
        facts |= {"account": way.account, "bank": banks().get(way.account.bank, way.account.bank), "note": note}
        facts["qr"] = "data:image/svg+xml," + quote(picture(way.account, missing, note))
    return facts


def _others(payment: Payment) -> list[PaymentMethod]:
    """The other ways in which it can be paid."""
    taken = {payment.method}
    if sold_without_cash(payment.order_id):
        taken.add(PaymentMethod.CASH_ON_DELIVERY)
    return [method for method in offered(payment.amount) if method not in taken]


def _key() -> str:
    return request.values.get("key", "")


def _to_pay(number: str) -> Response:
    return redirect(url_for("payment_pages.pay_page", number=number, key=_key() or None))


def _to_order(number: str) -> Response:
    return redirect(url_for("orders.order", number=number, key=_key() or None))
