"""Reading the bank's feed: what its webhook tells is never believed, each transfer is read again by its number.

The answers are those of SePay's transaction API (developer.sepay.vn, /userapi/transactions/…): amounts as text with
two decimals, the time in Vietnam, `since_id` inclusive.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from flask import Flask, current_app

from config import Settings
from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import TransferSource
from marketplace.shop.bank.rules import Incoming

PATIENCE = 8.0  # seconds
A_PAGE = 500


class FeedDown(Exception):
    """No answer, or none that can be read: ask again later."""


@dataclass(frozen=True)
class Told:
    """A row of the feed: its number there, and the transfer; None where money went out, or it is another account."""

    id: int
    incoming: Incoming | None
    trouble: str = ""  # why a row of this account cannot be read: a person looks at the bank's own page


class Feed:
    """The feed of one account."""

    def __init__(self, *, url: str, token: str, secret: str, account: str) -> None:
        self.url, self.secret, self.account = url, secret, account
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def fetch(self, number: str) -> Told | None:
        """One transaction by its number; None where the feed knows none."""
        answer = self._get(f"/transactions/details/{number}")
        row = answer.get("transaction")
        return self._told(row) if row else None

    def list_since(self, number: int) -> list[Told]:
        """Transactions from this number on, the lowest first, a page at most."""
        asked = {"account_number": self.account, "since_id": str(number), "limit": str(A_PAGE)}
        rows = self._get("/transactions/list", **asked).get("transactions") or []
        return sorted((self._told(row) for row in rows), key=lambda told: told.id)

    def _get(self, path: str, **asked: str) -> dict[str, Any]:
        try:
            answer = self._session.get(self.url + path, params=asked, timeout=PATIENCE, allow_redirects=False)
            if answer.status_code == requests.codes.not_found:
                return {}
            if answer.status_code != requests.codes.ok:
                raise FeedDown(f"status {answer.status_code}")
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise FeedDown(repr(error)) from error
        if not isinstance(found, dict):
            raise FeedDown("not an object")
        return found

    def _told(self, row: dict[str, Any]) -> Told:
        number = _number(row)
        try:
            if str(row["account_number"]) != self.account:
                return Told(number, None)
            amount = _dong(row["amount_in"])
            at = datetime.strptime(str(row["transaction_date"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=VIETNAM)
            if amount <= 0:
                return Told(number, None)
            return Told(
                number,
                Incoming(
                    account=self.account,
                    reference=str(row.get("reference_number") or f"feed {number}")[:120],
                    amount=Money(amount),
                    booked_at=at,
                    timed=True,
                    note=nfc(str(row.get("transaction_content") or "")),
                    payer="",
                    payer_account="",
                    source=TransferSource.FEED,
                ),
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            return Told(number, None, repr(error))


def _number(row: dict[str, Any]) -> int:
    try:
        return int(row["id"])
    except (KeyError, TypeError, ValueError) as error:
        raise FeedDown(f"a row without a number: {error!r}") from error


def init_feed(app: Flask, settings: Settings) -> None:
    """Attach the feed where the settings have one."""
    feed = None
    if settings.bank_feed_url and settings.bank_account:
        feed = Feed(
            url=settings.bank_feed_url,
            token=settings.bank_feed_token,
            secret=settings.bank_feed_secret,
            account=settings.bank_account.number,
        )
    app.extensions["bank_feed"] = feed


def bank_feed() -> Feed | None:
    """The feed, if the settings have one."""
    found: Feed | None = current_app.extensions["bank_feed"]
    return found


def _dong(text: object) -> int:
    """`18067000.00` as whole dong."""
    whole, _, rest = str(text).partition(".")
    if rest.strip("0"):
        raise ValueError(f"not whole dong: {text!r}")
    return int(whole)
