"""Cash on delivery: nobody is called; the money is with whoever stood at the door."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.providers.interface import (
    Asked,
    BadNotice,
    Contest,
    Fact,
    Notice,
    Opened,
    ProviderRefused,
    RefundFact,
    RefundStanding,
    Settlement,
    Standing,
)


class ByHand:
    """What is common to ways of paying that no machine of ours can ask: people say what happened."""

    name: str
    method: PaymentMethod
    keeps_books = False

    def offers(self, amount: Money) -> bool:
        return amount > Money(0)

    def create(self, asked: Asked) -> Opened:
        return Opened(asked.key, None)

    def fetch(self, reference: str) -> Fact:
        return Fact(reference, Standing.OPEN)

    def capture(self, reference: str, amount: Money) -> Fact:
        raise ProviderRefused("nothing_to_capture")

    def cancel(self, reference: str) -> Fact:
        return Fact(reference, Standing.CANCELLED)

    def refund(self, *, key: str, charge: str, amount: Money) -> RefundFact:
        return RefundFact(None, RefundStanding.BY_HAND)

    def fetch_refund(self, reference: str) -> RefundFact:
        return RefundFact(reference, RefundStanding.BY_HAND)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        raise BadNotice

    def fetch_dispute(self, reference: str) -> Contest:
        raise ProviderRefused("no_disputes")

    def list_settlements(self, since: datetime) -> Iterable[Settlement]:
        return ()


class CashOnDelivery(ByHand):
    """Paid to the carrier or the producer, part by part."""

    name = "cash"
    method = PaymentMethod.CASH_ON_DELIVERY

    def offers(self, amount: Money) -> bool:
        return amount >= Money(0)  # what vouchers pay for whole is handed over for nothing
