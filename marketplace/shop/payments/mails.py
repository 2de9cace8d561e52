"""Letters about charges: what is paid for an order has the order's letters."""

from datetime import datetime

from marketplace.platform.core.money import Money
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.payments.links import site_address
from marketplace.shop.payments.models import Charge


def charge_paid(charge: Charge, amount: Money, *, at: datetime) -> None:
    """To who paid: the money came, for what, and where it counts."""
    if charge.email:
        address = site_address(charge.page)
        letter = compose("charge-paid", charge.language, charge=charge, amount=amount, address=address)
        post(key=f"charge-paid:{charge.number}", to=charge.email, letter=letter, at=at, secret=True)
