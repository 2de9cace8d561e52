"""The signed link by which a visitor comes back to a ticket, and the key that its QR code is signed with."""

import hmac

from flask import current_app
from itsdangerous import Signer

from marketplace.trade.visitors.rules import payload


def ticket_key(code: str) -> str:
    """The link's secret part, made from the ticket's code by the application's secret."""
    return Signer(current_app.config["SECRET_KEY"], salt="fair-ticket-link").get_signature(code).decode()


def holds_key(code: str, key: str | None) -> bool:
    """Whether `key` is the ticket's, compared in constant time."""
    return bool(key) and hmac.compare_digest(ticket_key(code).encode(), str(key).encode())


def ticket_path(slug: str, code: str) -> str:
    """The ticket's page with its key."""
    return f"/fairs/{slug}/tickets/{code}?k={ticket_key(code)}"


def ticket_address(slug: str, code: str) -> str:
    """The same as an absolute address, for a letter."""
    return f"{current_app.config['SETTINGS'].site_url}{ticket_path(slug, code)}"


def ticket_seed() -> bytes:
    """What tickets are signed with."""
    seed: bytes = current_app.config["SETTINGS"].ticket_seed
    return seed


def ticket_text(edition: str, code: str) -> str:
    """What the ticket's QR code says."""
    return payload(edition, code, ticket_seed())
