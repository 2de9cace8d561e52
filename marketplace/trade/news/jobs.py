"""The worker's part: an issue goes to everybody who gets the newsletter, some hundred letters a block."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.platform.core.db import transaction
from marketplace.trade.news import mails
from marketplace.trade.news.queries import get_issue, list_subscribers

A_BLOCK = 200


def send_letters(payload: Mapping[str, Any], at: datetime) -> None:
    """Handle the job `newsletter.send`: begun anew it writes nobody a second letter, for each has its key."""
    after, more = 0, True
    while more:
        with transaction():
            issue, subscribers = get_issue(payload["code"]), list_subscribers(after, limit=A_BLOCK)
            for subscriber in subscribers:
                mails.issue_to(subscriber, issue, at=at)
            more = len(subscribers) == A_BLOCK
            after = subscribers[-1].id if subscribers else after
