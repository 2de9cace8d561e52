"""What the tests of the peer sell."""

from typing import Any

import stripe


def open_session(client: stripe.StripeClient, *, amount: int = 150_000, **more: Any) -> stripe.checkout.Session:
    """A session for one jar of honey."""
    price = {"currency": "vnd", "unit_amount": amount, "product_data": {"name": "Mật ong rừng"}}
    params: Any = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://shop.test/paid?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/cart",
        **more,
    }
    return client.v1.checkout.sessions.create(params)


def paid_intent(client: stripe.StripeClient, *, amount: int = 150_000, **more: Any) -> stripe.PaymentIntent:
    """A PaymentIntent that has taken the amount."""
    params: Any = {"amount": amount, "currency": "vnd", "payment_method": "pm_card_visa", "confirm": True, **more}
    return client.v1.payment_intents.create(params)
