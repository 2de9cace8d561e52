"""The worker's part: what providers told us, what was never told, refunds, time that ran out."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from marketplace.platform.core.access import system
from marketplace.platform.core.db import transaction
from marketplace.platform.core.log import log
from marketplace.shop.payments import services
from marketplace.shop.payments.models import Attempt, RefundState
from marketplace.shop.payments.paying import NotReached, NotTaken, ask_again, close, give_up, send_refund
from marketplace.shop.payments.providers.interface import Provider, ProviderDown, ProviderRefused
from marketplace.shop.payments.queries import (
    find_attempt,
    find_attempt_by_charge,
    find_refund,
    get_event,
    list_overdue,
    list_parts_to_refund,
    list_refunds,
    list_unsettled,
)
from marketplace.shop.payments.services.events import handled
from marketplace.shop.payments.setup import provider_named, providers

QUIET = timedelta(minutes=2)  # after so long without a word the provider is asked


def handle_event(payload: Mapping[str, Any], at: datetime) -> None:
    """Handle the job `payments.event`: what came only says where to look; the truth is fetched."""
    event = get_event(int(payload["id"]))
    way = provider_named(event.provider)
    if way is not None and event.handled_at is None:
        ABOUT[str(payload["subject"])](way, event.reference, at)
    with transaction():
        handled(event_id=event.id, at=at)


def _attempt(way: Provider, reference: str, at: datetime) -> None:
    attempt = find_attempt(way.name, reference)
    if attempt is not None:  # else it came before our own answer was written down: the sweep finds it
        ask_again(attempt.id, at)


def _refund(_way: Provider, reference: str, at: datetime) -> None:
    refund = find_refund(reference)
    if refund is not None:
        send_refund(refund.code, at)


def _dispute(way: Provider, reference: str, at: datetime) -> None:
    contest = way.fetch_dispute(reference)
    if find_attempt_by_charge(contest.charge) is None:  # it may come before the word of the payment that it is about
        for attempt in list_unsettled(at):
            if attempt.provider == way.name:
                with suppress(ProviderRefused, NotTaken):
                    ask_again(attempt.id, at)
    with transaction():
        services.learn_dispute(provider=way.name, contest=contest, at=at)


ABOUT: dict[str, Callable[[Provider, str, datetime], None]] = {
    "attempt": _attempt,
    "refund": _refund,
    "dispute": _dispute,
}


def refund(payload: Mapping[str, Any], at: datetime) -> None:
    """Handle the job `payments.refund`."""
    send_refund(str(payload["code"]), at)


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
        with transaction():
            services.refund_part(payment_id=payment.id, part=part, by=system("payments"), at=at)
        done += 1
    for sent in list_refunds([RefundState.SENT]):
        done += _tried(send_refund, sent.code, at)
    return done


def _settle(attempt: Attempt, at: datetime) -> None:
    """Ask what became of it; where the order is paid in another way by now, see that it no longer can be paid."""
    way = providers().get(attempt.payment.method)
    if way is None or way.name == attempt.provider:
        ask_again(attempt.id, at)
    else:
        close(attempt, at)


def _tried(deed: Callable[[Any, datetime], None], about: Any, at: datetime) -> int:
    try:
        deed(about, at)
    except (ProviderDown, ProviderRefused, NotReached, NotTaken) as error:
        log.warning("provider", error=repr(error))
        return 0
    return 1
