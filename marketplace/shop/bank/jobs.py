"""The worker's part: what the feed's webhook told of, and what it never told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.platform.core.db import transaction
from marketplace.platform.core.log import log
from marketplace.shop.bank.feed import A_PAGE, FeedDown, bank_feed
from marketplace.shop.bank.queries import read_until
from marketplace.shop.bank.services import mark_read, take_transfers, unreadable
from marketplace.shop.payments.queries import get_event
from marketplace.shop.payments.services.events import handled

NOTICE = "bank.notice"
MOST_PAGES = 20  # in one minute


def handle_notice(payload: Mapping[str, Any], at: datetime) -> None:
    """Handle the job `bank.notice`: read the transaction again by its number, and take in what is true of it."""
    event, feed = get_event(int(payload["id"])), bank_feed()
    if event.handled_at is not None or feed is None:
        return
    told = feed.fetch(event.reference)
    with transaction():
        if told is not None and told.incoming is not None:
            take_transfers(incoming=[told.incoming], at=at)
        if told is not None and told.trouble:
            unreadable(number=told.id, trouble=told.trouble, at=at)
        handled(event_id=event.id, at=at)


def catch_up(at: datetime) -> int:
    """Every minute: read the feed in order from where it was left; answers how many transfers were new.

    A webhook that was lost, or came before others, leaves no gap: its word does not move the mark.
    """
    feed, new = bank_feed(), 0
    if feed is None:
        return 0
    try:
        for _ in range(MOST_PAGES):
            mark = read_until(feed.account)
            rows = [told for told in feed.list_since(mark) if told.id > mark]
            if not rows:
                break
            with transaction():
                new += len(take_transfers(incoming=[told.incoming for told in rows if told.incoming], at=at))
                mark_read(account=feed.account, until=rows[-1].id)
                for told in rows:
                    if told.trouble:
                        unreadable(number=told.id, trouble=told.trouble, at=at)
            if len(rows) < A_PAGE - 1:
                break
    except FeedDown as error:
        log.warning("bank_feed", error=repr(error))
    return new
