"""Where what is paid for is paid, and seen: an order's pages, or a charge's, with their secret part."""

from flask import current_app

from marketplace.shop.orders.links import order_key
from marketplace.shop.payments.models import Payment


def pay_path(payment: Payment) -> str:
    """The page on which it is paid; no secret in it."""
    return f"/{payment.about}s/{payment.number}/pay"


def paid_path(payment: Payment) -> str:
    """Where one comes back to from the card page; no secret in it."""
    return f"/{payment.about}s/{payment.number}/paid"


def pay_link(payment: Payment) -> str:
    """The page on which it is paid with its key, as a path."""
    return f"{pay_path(payment)}?key={order_key(payment.number)}"


def site_address(path: str) -> str:
    """A path of ours as an absolute address."""
    return f"{current_app.config['SETTINGS'].site_url}{path}"


def pay_address(payment: Payment) -> str:
    """Where it is paid, absolute, with its key: for a letter."""
    return site_address(pay_link(payment))
