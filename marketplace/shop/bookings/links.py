"""The signed link by which a guest comes back to a request."""

import hmac

from flask import current_app, url_for
from itsdangerous import Signer


def booking_key(number: str) -> str:
    """The link's secret part, made from the number by the application's secret."""
    return Signer(current_app.config["SECRET_KEY"], salt="booking-link").get_signature(number).decode()


def holds_key(number: str, key: str | None) -> bool:
    """Whether `key` is this request's, compared in constant time."""
    return bool(key) and hmac.compare_digest(booking_key(number).encode(), str(key).encode())


def booking_link(number: str) -> str:
    """The request's page with its key, as a path."""
    return url_for("bookings.booking", number=number, key=booking_key(number))


def booking_address(number: str) -> str:
    """The same as an absolute address, for a letter."""
    return f"{current_app.config['SETTINGS'].site_url}/bookings/{number}?key={booking_key(number)}"
