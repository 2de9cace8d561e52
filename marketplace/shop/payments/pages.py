"""Paying an order or a charge: how, what has come, and back from the card page. Card and transfer alike."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.verification.demands import banks
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.templates import local_time
from marketplace.shop.orders.links import holds_key
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.orders.views import own_order
from marketplace.shop.payments.links import pay_path
from marketplace.shop.payments.models import UNSETTLED, Payment, PaymentState
from marketplace.shop.payments.paying import NotReached, ask_again, pay, pay_otherwise, ways_of
from marketplace.shop.payments.providers.interface import ProviderDown, ProviderRefused
from marketplace.shop.payments.providers.transfer import BankTransfer
from marketplace.shop.payments.queries import find_payment_of, payment_of, sold_without_cash
from marketplace.shop.payments.setup import providers
from marketplace.shop.payments.vietqr import picture, plain

bp = Blueprint("payment_pages", __name__)
OF = "/<any(orders, charges):what>/<number>"


@bp.app_context_processor
def _shown() -> dict[str, Any]:
    """What pages of rooms below say of paying: how an order stands, and by which ways one can pay here."""
    return {"payment_shown": lambda order: find_payment_of(order.id), "ways_to_pay": lambda: list(providers())}


def _own(what: str, number: str) -> Payment:
    """What is paid for, if the visitor may see it: an order's buyer, or who holds its link; a charge's link alone."""
    if what == "orders":
        own_order(number)
    elif not holds_key(number, _key()):
        raise NotFound
    payment = payment_of(number)
    if payment.about != what.removesuffix("s"):
        raise NotFound
    return payment


@bp.get(f"{OF}/pay")
@allow(PUBLIC)
def pay_page(what: str, number: str) -> Any:
    payment = _own(what, number)
    if payment.state is not PaymentState.AWAITING:
        return _home(payment)
    left = request.args.get("left") == "card"  # back from the card page without having paid there
    return render_template("payments/pay.html", path=pay_path(payment), key=_key(), left=left, **_facts(payment))


@bp.post(f"{OF}/pay")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def begin(what: str, number: str) -> Response:
    payment = _own(what, number)
    try:
        attempt = pay(number, now())
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return _home(payment) if payment_of(number).state is not PaymentState.AWAITING else _to_pay(payment)
    return redirect(attempt.url, 303) if attempt.url else _to_pay(payment)


@bp.post(f"{OF}/pay/method")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def change(what: str, number: str) -> Response:
    payment = _own(what, number)
    try:
        method = PaymentMethod(request.form.get("method", ""))
        payment = pay_otherwise(number, method, current_actor(), now())
    except ValueError:
        return _to_pay(payment)
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return _to_pay(payment)
    if payment.state is PaymentState.AT_THE_DOOR:
        flash(_("Đơn chuyển sang trả tiền mặt khi nhận. Nơi bán bắt đầu chuẩn bị hàng."), "ok")
        return _home(payment)
    if payment.charge_id is not None:
        flash(_("Đã đổi cách trả."), "ok")
    elif payment.due.pay_until is not None:
        until = local_time(payment.due.pay_until)
        flash(_("Đã đổi cách trả. Hàng được giữ tới %(until)s: hạn đã hẹn không ngắn lại.", until=until), "ok")
    return _to_pay(payment)


@bp.get(f"{OF}/paid")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def back(what: str, number: str) -> Response:
    """Back from the card page: the address says nothing, the provider is asked."""
    payment = _own(what, number)
    for attempt in payment.attempts:
        if attempt.state in UNSETTLED:
            try:
                ask_again(attempt.id, now())
            except (ProviderDown, ProviderRefused, NotReached):
                flash(_("Chưa hỏi được nơi trả tiền. Chúng tôi hỏi lại mỗi phút, và gửi thư khi biết."), "warn")
                return _home(payment)
    _tell(payment_of(number))
    return _home(payment)


def _tell(payment: Payment) -> None:
    """Say how it stands now that the provider was asked."""
    if payment.state is not PaymentState.PAID:
        flash(_("Nơi trả tiền chưa báo có tiền. Nếu bạn vừa trả, hãy đợi một phút rồi xem lại."), "warn")
    elif payment.order_id is not None:
        flash(_("Đã nhận tiền. Nơi bán bắt đầu chuẩn bị hàng."), "ok")
    else:
        flash(_("Đã nhận tiền. Cảm ơn bạn."), "ok")


def _facts(payment: Payment) -> dict[str, Any]:
    """What is to be paid, and by a transfer where to."""
    came = payment.captured - payment.refunded
    missing = payment.amount - came
    way = providers().get(payment.method)
    facts: dict[str, Any] = {"payment": payment, "due": payment.due, "came": came, "missing": missing, "account": None}
    facts["others"] = [] if came else _others(payment)
    facts["play"] = current_app.config["SETTINGS"].environment == "development"
    facts["by_transfer"] = payment.method is PaymentMethod.BANK_TRANSFER
    if isinstance(way, BankTransfer):
        note = plain(payment.number.replace("-", ""))
        facts |= {"account": way.account, "bank": banks().get(way.account.bank, way.account.bank), "note": note}
        facts["qr"] = "data:image/svg+xml," + quote(picture(way.account, missing, note))
    return facts


def _others(payment: Payment) -> list[PaymentMethod]:
    """The other ways in which it can be paid."""
    taken = {payment.method}
    order = payment.order
    if order is not None and (order.pickup_id is not None or sold_without_cash(order.id)):
        taken.add(PaymentMethod.CASH_ON_DELIVERY)
    return [method for method in ways_of(payment) if method not in taken]


def _key() -> str:
    return request.values.get("key", "")


def _to_pay(payment: Payment) -> Response:
    what = f"{payment.about}s"
    return redirect(url_for("payment_pages.pay_page", what=what, number=payment.number, key=_key() or None))


def _home(payment: Payment) -> Response:
    """The page of what is paid for."""
    if payment.charge is not None:
        return redirect(payment.charge.page)
    return redirect(url_for("orders.order", number=payment.number, key=_key() or None))
