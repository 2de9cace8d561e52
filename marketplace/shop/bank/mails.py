"""Letters about transfers."""

from datetime import datetime

from marketplace.platform.core.money import Money
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.payments.links import pay_address
from marketplace.shop.payments.models import Payment


def short(payment: Payment, *, came: Money, missing: Money, transfer: str, at: datetime) -> None:
    """To the buyer: less came than is to be paid; what is missing, and until when."""
    due = payment.due
    if not due.email:  # a visitor may have left a telephone number only
        return
    facts = {"due": due, "came": came, "missing": missing, "address": pay_address(payment)}
    letter = compose("transfer-short", due.language, **facts, of_order=payment.order_id is not None)
    post(key=f"transfer-short:{transfer}:{payment.number}", to=due.email, letter=letter, at=at)
