"""Cards with the guard off: each call has a key of its own, so that a call made again is a new one to the provider."""

from dataclasses import replace

from flask import Flask

from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.providers.interface import Asked, Opened, RefundFact
from marketplace.shop.payments.providers.stripe_cards import StripeCards


class FreshKeys(StripeCards):
    """Forgets by which key it has asked before."""

    def create(self, asked: Asked) -> Opened:
        return super().create(replace(asked, key=new_token()))

    def refund(self, *, key: str, charge: str, amount: Money) -> RefundFact:
        return super().refund(key=new_token(), charge=charge, amount=amount)


def fresh_keys(app: Flask) -> None:
    """Have the application take cards so."""
    settings = app.config["SETTINGS"]
    app.extensions["payments"][PaymentMethod.CARD] = FreshKeys(
        secret_key=settings.stripe_secret_key,
        webhook_secret=settings.stripe_webhook_secret,
        base=settings.stripe_api_base,
        least=Money(settings.card_least),
        most=Money(settings.card_most),
    )
