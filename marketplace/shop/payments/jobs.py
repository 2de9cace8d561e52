"""The worker's part: what providers told us, what was never told, refunds, time that ran out."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from marketplace.platform.core.access import system
from marketplace.platform.core.db import let_go, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.log import log
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.orders.models import OrderPart
from marketplace.shop.payments import services
from marketplace.shop.payments.models import Attempt, RefundState
from marketplace.shop.payments.paying import NotReached, NotTaken, ask_again, close, give_up, send_refund
from marketplace.shop.payments.providers.interface import Provider, ProviderDown, ProviderRefused
from marketplace.shop.payments.queries import (
    find_attempt,
    find_attempt_by_charge,
    find_attempt_by_key,
    find_refund,
    get_event,
    list_overdue,
    list_parts_to_refund,
    list_refunds,
    list_unsettled,
)
from marketplace.shop.payments.services.events import EVENT, handled
from marketplace.shop.payments.setup import provider_named, providers

QUIET = timedelta(minutes=2)  # after so long without a word the provider is asked
LONGEST_WAIT = timedelta(hours=1)  # between two looks at one event


class TooEarly(Exception):
    """What came is about a payment of ours that the provider does not yet call paid: look again later."""


def handle_event(payload: Mapping[str, Any], at: datetime) -> None:
    """Handle the job `payments.event`: what came only says where to look; the truth is fetched.

    While the provider does not answer it is asked again, for however long: nothing that it told is given up.
    """
    event = get_event(int(payload["id"]))
    way = provider_named(event.provider)
    if way is not None and event.handled_at is None:
        try:
            ABOUT[str(payload["subject"])](way, event.reference, at)
        except (ProviderDown, NotReached) as error:
            log.warning("provider", error=repr(error))
            _again(payload, at)
            return
    with transaction():
        handled(event_id=event.id, at=at)


def _again(payload: Mapping[str, Any], at: datetime) -> None:
    tries = int(payload.get("tries", 0)) + 1
    wait = min(timedelta(minutes=2 ** min(tries - 1, 6)), LONGEST_WAIT)
    with transaction():
        key = f"{EVENT}:{payload['id']}:{tries}"
        enqueue(name=EVENT, key=key, at=at, due_at=at + wait, payload={**payload, "tries": tries})


def _attempt(way: Provider, reference: str, at: datetime) -> None:
    attempt = find_attempt(way.name, reference)
    if attempt is not None:  # else it came before our own answer was written down: the sweep finds it
        ask_again(attempt.id, at)


def _refund(_way: Provider, reference: str, at: datetime) -> None:
    refund = find_refund(reference)
    if refund is not None:
        send_refund(refund.code, at)


def _dispute(way: Provider, reference: str, at: datetime) -> None:
    let_go()
    contest = way.fetch_dispute(reference)
    attempt = find_attempt_by_key(contest.attempt)
    if find_attempt_by_charge(contest.charge) is None:  # it may come before the word of the payment that it is about
        for each in [attempt] if attempt is not None else list_unsettled(at):
            if each.provider == way.name:
                with suppress(ProviderRefused, NotTaken):
                    ask_again(each.id, at)
    with transaction():
        learnt = services.learn_dispute(provider=way.name, contest=contest, at=at)
    if attempt is not None and learnt is None:
        raise TooEarly(reference)


ABOUT: dict[str, Callable[[Provider, str, datetime], None]] = {
    "attempt": _attempt,
    "refund": _refund,
    "dispute": _dispute,
}


def refund(payload: Mapping[str, Any], at: datetime) -> None:
    """Handle the job `payments.refund`; where the provider does not answer, the sweep goes on with it."""
    _tried(send_refund, str(payload["code"]), at)


def watch_payments(at: datetime) -> int:
    """Every minute: ask after attempts that are quiet, give up what was not paid in time, give back what will not come.

    A provider that does not answer is left for the next minute. Answers how many things were done.
    """
    done = 0
    for attempt in list_unsettled(at - QUIET):
        done += _tried(_settle, attempt, at)
    for payment in list_overdue(at):
        done += _tried(give_up, payment, at)
    for payment, part in list_parts_to_refund():
        done += _tried(_give_back, (payment.id, part), at)
    for due in list_refunds([RefundState.ASKED, RefundState.SENT]):
        if due.state is RefundState.SENT or due.asked_at < at - QUIET:
            done += _tried(send_refund, due.code, at)
    return done


def _settle(attempt: Attempt, at: datetime) -> None:
    """Ask what became of it; where the order is paid in another way by now, see that it no longer can be paid."""
    way = providers().get(attempt.payment.method)
    if way is None or way.name == attempt.provider:
        ask_again(attempt.id, at)
    else:
        close(attempt, at)


def _give_back(about: tuple[int, OrderPart], at: datetime) -> None:
    payment_id, part = about
    with transaction():
        services.refund_part(payment_id=payment_id, part=part, by=system("payments"), at=at)


def _tried(deed: Callable[[Any, datetime], None], about: Any, at: datetime) -> int:
    try:
        deed(about, at)
    except (ProviderDown, ProviderRefused, Refusal) as error:  # one that cannot be done holds up no other
        log.warning("provider", error=repr(error))
        return 0
    return 1
