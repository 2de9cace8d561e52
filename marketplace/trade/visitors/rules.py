"""The ticket's signed text, what a scan shows, when a list is open. Pure.

A ticket's QR code says `T1.<code>.<signature>`: Ed25519 (RFC 8032) over a fixed word, the edition's code and the
ticket's, written as base64url without padding. Whoever has the public key can tell a ticket of ours without a network;
whether it was cancelled since, or used, the register says.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.core.ids import read_code
from marketplace.trade.visitors.models import Outcome, TicketState

VERSION = "T1"
WORD = b"fair-ticket:"  # nothing else that this key might ever sign begins so
WRITTEN = re.compile(r"T1\.([0-9A-Z]{1,16})\.([A-Za-z0-9_-]{86})")
CONSENT_VERSION = 1  # of the words on leads that a visitor agrees to; a new wording is a new number
MOST_TICKETS = 10  # of one registration
EARLY = timedelta(hours=1)  # people are let in before the hour
MARK_LENGTH = 16  # hexadecimal digits of a ticket's mark in the list that devices keep


@dataclass(frozen=True)
class Shown:
    """What a scanned or typed text says: a ticket's code, and whether a signature came with it and is ours."""

    code: str
    signed: bool = False
    good: bool = False


def public_key(seed: bytes) -> bytes:
    """The 32 bytes by which devices check what this seed signs."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def payload(edition: str, ticket: str, seed: bytes) -> str:
    """What a ticket's QR code says, always the same for a seed."""
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_signed_text(edition, ticket))
    return f"{VERSION}.{ticket}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


def read(typed: str, edition: str, key: bytes) -> Shown:
    """What a text that was scanned, or a code that was typed, says; a text of no known shape is a code nobody has."""
    text = typed.strip()
    if "." not in text:
        return Shown(read_code(text)[:16])
    found = WRITTEN.fullmatch(text)
    if found is None:
        return Shown("", signed=True)
    return Shown(found[1], signed=True, good=signed_by(text, edition, key))


def signed_by(text: str, edition: str, key: bytes) -> bool:
    """Whether a text of a ticket's shape was signed by this key for a ticket of this edition."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        return False
    raw = urlsafe_b64decode(found[2] + "==")
    if urlsafe_b64encode(raw).decode().rstrip("=") != found[2]:
        return False  # one signature is written in one way
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(raw, _signed_text(edition, found[1]))
    except InvalidSignature:
        return False
    return True


def mark(edition: str, ticket: str) -> str:
    """A ticket in the list that devices keep: enough to know it again, nothing to make a ticket from."""
    return sha256(f"{edition}:{ticket}".encode()).hexdigest()[:MARK_LENGTH]


REFUSED = {TicketState.CANCELLED: Outcome.CANCELLED, TicketState.UNPAID: Outcome.UNPAID}


def judge(*, ours: bool, forged: bool, state: TicketState | None, is_open: bool) -> Outcome:
    """What a scan comes to before the door is asked whether the ticket went in already.

    `state`: the ticket's, None where there is none of that code; `ours`: it is this edition's.
    """
    if forged:
        return Outcome.FORGED
    if state is None:
        return Outcome.UNKNOWN
    if not ours:
        return Outcome.WRONG_EDITION
    if state in REFUSED:
        return REFUSED[state]
    return Outcome.OK if is_open else Outcome.OUTSIDE_HOURS


@dataclass(frozen=True)
class Hours:
    """When a list lets people in: between two instants, or on the edition's days from an hour before it opens."""

    first_day: date
    last_day: date
    opens: time
    closes: time
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def open_at(self, at: datetime) -> bool:
        """Whether people are let in at an instant."""
        if self.starts_at is not None and at < self.starts_at:
            return False
        if self.ends_at is not None and at > self.ends_at:
            return False
        if self.starts_at is not None or self.ends_at is not None:
            return True
        day = day_of(at)
        opens = datetime.combine(day, self.opens, VIETNAM) - EARLY
        return self.first_day <= day <= self.last_day and opens <= at <= datetime.combine(day, self.closes, VIETNAM)


def _signed_text(edition: str, ticket: str) -> bytes:
    return WORD + f"{edition}:{ticket}".encode()
