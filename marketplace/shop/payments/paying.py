"""Talking with providers: each call stands between two blocks, none inside one.

First the attempt is committed, then its provider is called with the attempt's key, then the answer is written down.
Whoever dies in between leaves a row from which the next one goes on.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import let_go, transaction
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments import services
from marketplace.shop.payments.links import paid_path, pay_path, site_address
from marketplace.shop.payments.models import UNSETTLED, Attempt, AttemptState, Payment, Refund, RefundState
from marketplace.shop.payments.providers.interface import (
    Asked,
    ProviderDown,
    ProviderRefused,
    RefundFact,
    RefundStanding,
    Standing,
)
from marketplace.shop.payments.queries import get_attempt, get_refund, payment_of
from marketplace.shop.payments.setup import offered, provider_named, providers

KEY_LASTS = timedelta(hours=23)  # a key older than 24 hours may be forgotten: it would pay anew


class NotReached(Conflict):
    """The provider does not answer: the order and its goods are kept, and the buyer tries again."""

    status = 503
    code = "provider_not_reached"
    message = N_(
        "Chưa nối được tới nơi trả tiền. Đơn và hàng vẫn giữ cho bạn: thử lại sau một phút, hoặc chọn cách trả khác."
    )


class NotOffered(Conflict):
    """This amount cannot be paid that way now, or is paid that way already."""

    code = "not_offered"
    message = N_("Lúc này không trả đơn bằng cách đó được. Hãy chọn cách khác.")


class NotTaken(Conflict):
    """The provider will not take this amount or this buyer."""

    code = "provider_refused"
    message = N_("Nơi trả tiền không nhận lượt này (%(why)s). Hãy chọn cách trả khác.")


def pay(number: str, at: datetime) -> Attempt:
    """The attempt by which an order or charge is paid, opened at its provider; repeated, the same one.

    Raises AlreadyPaid, NotReached (try again: the key is kept) or NotTaken.
    """
    payment = payment_of(number)
    way = providers().get(payment.method)
    if way is None:
        raise NotReached
    with transaction():
        attempt = services.begin_attempt(payment_id=payment.id, provider=way.name, at=at)
    return open_at_provider(attempt.id, at)


def open_at_provider(attempt_id: int, at: datetime) -> Attempt:
    """Have the provider open an attempt that is written down; one that is open already stays as it is."""
    attempt = get_attempt(attempt_id)
    way = provider_named(attempt.provider)
    if attempt.state is not AttemptState.BEGUN:
        return attempt
    if way is None:
        raise NotReached
    asked = _asked(attempt)
    let_go()
    try:
        made = way.create(asked)
    except ProviderDown as error:
        raise NotReached from error
    except ProviderRefused as error:
        with transaction():
            services.refused(attempt_id=attempt_id, trouble=error.code, at=at)
        raise NotTaken(why=error.code) from error
    with transaction():
        services.opened(attempt_id=attempt_id, reference=made.reference, url=made.url)
    return get_attempt(attempt_id)


def ask_again(attempt_id: int, at: datetime) -> None:
    """Ask the provider what became of an attempt and take it in. ProviderDown is the caller's to wait for.

    One of which the provider may never have heard is opened with its own key, for 23 hours; after that nobody can
    tell, and it waits for a person.
    """
    attempt = get_attempt(attempt_id)
    way = provider_named(attempt.provider)
    if way is None:
        return
    if attempt.reference is None:
        if attempt.state is AttemptState.BEGUN and at - attempt.begun_at < KEY_LASTS:
            open_at_provider(attempt_id, at)
            return
        with transaction():
            services.unclear(attempt_id=attempt_id, at=at)
        return
    let_go()
    fact = way.fetch(attempt.reference)
    with transaction():
        services.learn(attempt_id=attempt_id, fact=fact, at=at)


def pay_otherwise(number: str, method: PaymentMethod, by: Actor, at: datetime) -> Payment:
    """Have what is not paid yet paid in another way that is offered for it now.

    What is open at the provider is closed there if it answers, else later by the sweep; if it was paid in that
    moment, AlreadyPaid. Raises NotOffered, PartlyPaid.
    """
    payment = payment_of(number)
    if method is payment.method or method not in ways_of(payment):
        raise NotOffered
    for attempt in payment.attempts:
        if attempt.state in UNSETTLED:
            with suppress(ProviderDown, ProviderRefused, NotReached, NotTaken):
                close(attempt, at)
    with transaction():
        return services.change_method(payment_id=payment.id, method=method, by=by, at=at)


def ways_of(payment: Payment) -> list[PaymentMethod]:
    """By which ways this can be paid now: a charge never at a door."""
    cash = PaymentMethod.CASH_ON_DELIVERY
    return [method for method in offered(payment.amount) if method is not cash or payment.order_id is not None]


def give_up(payment: Payment, at: datetime) -> None:
    """Close what is open at the provider, then put the goods on sale again, unless it was paid in that moment.

    A provider that does not answer is waited for, unless it never said where to pay: nobody can have paid there.
    """
    for attempt in payment.attempts:
        if attempt.state in UNSETTLED:
            try:
                close(attempt, at)
            except (ProviderDown, NotReached, NotTaken):
                if get_attempt(attempt.id).reference is not None:
                    raise
            except ProviderRefused:  # it does not know its own page any more: a person asks what became of it
                with transaction():
                    services.unclear(attempt_id=attempt.id, at=at)
    with transaction():
        services.lapse(payment_id=payment.id, at=at)


def close(attempt: Attempt, at: datetime) -> None:
    """See at the provider that an attempt can no longer be paid, and take in what is true of it then."""
    way = provider_named(attempt.provider)
    if way is None or attempt.reference is None:
        ask_again(attempt.id, at)  # it may have been opened without our hearing of it
        attempt = get_attempt(attempt.id)
    if way is None or attempt.reference is None:
        return
    let_go()
    fact = way.cancel(attempt.reference)
    if fact.standing is not Standing.OPEN:
        with transaction():
            services.learn(attempt_id=attempt.id, fact=fact, at=at)


def send_refund(code: str, at: datetime) -> None:
    """Have the provider give back what was promised; sent before, ask what became of it: it may even come back."""
    refund = get_refund(code)
    done_there = refund.state is RefundState.DONE and refund.attempt_id is not None
    if refund.state not in (RefundState.ASKED, RefundState.SENT) and not done_there:
        return
    fact = _refund_fact(refund)
    with transaction():
        services.learn_refund(code=code, fact=fact, at=at)


def _refund_fact(refund: Refund) -> RefundFact:
    attempt = get_attempt(refund.attempt_id) if refund.attempt_id else None
    way = provider_named(attempt.provider) if attempt else None
    if way is None or attempt is None or attempt.charge is None:
        return RefundFact(None, RefundStanding.BY_HAND)
    let_go()
    if refund.state is not RefundState.ASKED and refund.reference:
        return way.fetch_refund(refund.reference)  # refused, it says nothing of money that is on its way
    try:
        return way.refund(key=f"refund:{refund.code}", charge=attempt.charge, amount=refund.amount)
    except ProviderRefused as error:
        return RefundFact(refund.reference, RefundStanding.FAILED, error.code)


def _asked(attempt: Attempt) -> Asked:
    payment = attempt.payment
    due, key = payment.due, order_key(payment.number)
    return Asked(
        key=attempt.key,
        amount=attempt.amount,
        order_number=payment.number,
        note=payment.number.replace("-", ""),
        email=due.email,
        language=due.language,
        return_url=f"{site_address(paid_path(payment))}?key={key}",
        cancel_url=f"{site_address(pay_path(payment))}?key={key}&left=card",
        expires_at=attempt.expires_at,
    )
