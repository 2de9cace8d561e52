"""Which ways to pay there are, from the settings."""

from flask import Flask, current_app

from config import Settings
from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.providers.cash import CashOnDelivery
from marketplace.shop.payments.providers.interface import Provider
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from marketplace.shop.payments.providers.transfer import BankTransfer


def init_payments(app: Flask, settings: Settings) -> None:
    """Attach a provider for each way to pay that the settings allow."""
    ways: list[Provider] = [CashOnDelivery()]
    if settings.bank_account is not None:
        ways.append(BankTransfer(settings.bank_account))
    if settings.stripe_secret_key:
        ways.append(
            StripeCards(
                secret_key=settings.stripe_secret_key,
                webhook_secret=settings.stripe_webhook_secret,
                base=settings.stripe_api_base,
                least=Money(settings.card_least),
                most=Money(settings.card_most),
            )
        )
    app.extensions["payments"] = {way.method: way for way in ways}
    app.extensions["prepays"] = prepays


def providers() -> dict[PaymentMethod, Provider]:
    """The ways to pay, in the order they are offered."""
    found: dict[PaymentMethod, Provider] = current_app.extensions["payments"]
    return found


def prepays() -> bool:
    """Whether there is a way to pay before goods are sent."""
    return any(method is not PaymentMethod.CASH_ON_DELIVERY for method in providers())


def first_prepaid() -> PaymentMethod:
    """The first way to pay in advance, for what is not paid at any door; `prepays` says that there is one."""
    return next(method for method in reversed(providers()) if method is not PaymentMethod.CASH_ON_DELIVERY)


def provider_named(name: str) -> Provider | None:
    """The provider that calls itself so, if the settings have it."""
    return next((way for way in providers().values() if way.name == name), None)


def offered(amount: Money) -> list[PaymentMethod]:
    """By which ways an amount can be paid now."""
    return [method for method, way in providers().items() if way.offers(amount)]
