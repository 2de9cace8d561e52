"""The signed link by which a guest comes back to an order."""

import hmac

from flask import current_app, url_for
from itsdangerous import Signer


def order_key(number: str) -> str:
    """The link's secret part, made from the order's number by the application's secret."""
    return Signer(current_app.config["SECRET_KEY"], salt="order-link").get_signature(number).decode()


def holds_key(number: str, key: str | None) -> bool:
    """Whether `key` is the order's, compared in constant time."""
    return bool(key) and hmac.compare_digest(order_key(number).encode(), str(key).encode())


def order_link(number: str) -> str:
    """The order's page with its key, as a path."""
    return url_for("orders.order", number=number, key=order_key(number))


def order_address(number: str) -> str:
    """The same as an absolute address, for a letter written outside any request."""
    site = current_app.config["SETTINGS"].site_url
    return f"{site}/orders/{number}?key={order_key(number)}"
