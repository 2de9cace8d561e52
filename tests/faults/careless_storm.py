"""A shop with the guards off: each delivery is news, and what it says is believed. For the twin of the storm."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Flask

from marketplace.platform.core.db import transaction
from marketplace.platform.core.ids import new_token
from marketplace.shop.ledger.rules import provider
from marketplace.shop.payments import views
from marketplace.shop.payments.providers.interface import Notice
from marketplace.shop.payments.queries import find_attempt, get_event
from marketplace.shop.payments.services import take_in
from marketplace.shop.payments.services.events import handled, store_event


def as_news(*, notice: Notice, **rest: Any) -> bool:
    """Whatever comes is stored, though it came before."""
    return store_event(notice=replace(notice, event_id=f"{notice.event_id}:{new_token()}"), **rest)


def believing(payload: Mapping[str, Any], at: datetime) -> None:
    """What a letter says was paid is taken in, without asking whether it is known already."""
    event = get_event(int(payload["id"]))
    attempt = find_attempt(event.provider, event.reference) if event.kind.endswith("session.completed") else None
    with transaction():
        if attempt is not None:
            source = provider(event.provider)
            take_in(
                payment_id=attempt.payment_id,
                amount=attempt.amount,
                key=event.event_id,
                source=source,
                at=at,
                whole=False,
            )
        handled(event_id=event.id, at=at)


def all_is_news(_app: Flask) -> None:
    """Have the web server's process store so."""
    vars(views).update(store_event=as_news)
