"""Addresses of a line's review."""

from marketplace.shop.orders.links import order_key


def review_path(number: str, part: int, line: int, *, keyed: bool = False) -> str:
    """Where an order's line is reviewed; `keyed` with the order's signed link, for a letter."""
    path = f"/orders/{number}/reviews/{part}/{line}"
    return f"{path}?key={order_key(number)}" if keyed else path
