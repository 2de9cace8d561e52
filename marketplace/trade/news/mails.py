"""Letters of the newsletter."""

from datetime import datetime

from flask import current_app

from marketplace.platform.core.ids import token_hash
from marketplace.platform.mail.services import Letter, post
from marketplace.platform.web.letters import compose
from marketplace.trade.news.links import confirm_token, leave_address
from marketplace.trade.news.models import Issue, Subscriber


def confirm(email: str, language: str, *, left_at: datetime | None, at: datetime) -> None:
    """To an address that somebody typed: the link that has the newsletter come; anew since it was ended last."""
    address = f"{current_app.config['SETTINGS'].site_url}/newsletter/confirm/{confirm_token(email, language)}"
    letter = compose("newsletter-confirm", language, address=address)
    again = f":{left_at:%H%M%S%f}" if left_at else ""
    post(key=_hourly("newsletter-confirm", email, at) + again, to=email, letter=letter, at=at, secret=True)


def known(subscriber: Subscriber, *, at: datetime) -> None:
    """To who has it already: that it comes, and how it is ended."""
    leave = leave_address(subscriber.email)
    letter = compose("newsletter-known", subscriber.language, leave=leave)
    post(key=_hourly("newsletter-known", subscriber.email, at), to=subscriber.email, letter=letter, at=at)


def issue_to(subscriber: Subscriber, issue: Issue, *, at: datetime) -> None:
    """The issue in the reader's language, with one click to end it."""
    letter = letter_of(issue, subscriber.language, reader=subscriber.email)
    key = f"newsletter:{issue.code}:{subscriber.id}"
    post(key=key, to=subscriber.email, letter=letter, at=at, unsubscribe=leave_address(subscriber.email))


def letter_of(issue: Issue, language: str, *, reader: str = "") -> Letter:
    """The issue as a reader of the language gets it; without a reader its link to end it is nobody's."""
    return compose("newsletter-issue", language, issue=issue, leave=leave_address(reader))


def _hourly(kind: str, email: str, at: datetime) -> str:
    return f"{kind}:{token_hash(email)[:32]}:{at:%Y%m%d%H}"
