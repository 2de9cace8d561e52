"""One more of everything that moves money: orders paid, owed and delivered, transfers, refunds, payouts, statements."""

from datetime import datetime, timedelta

from marketplace.people.accounts.models import User
from marketplace.platform.core.db import transaction
from marketplace.platform.imports.rules import Row
from marketplace.platform.imports.services import stage
from marketplace.shop.bank.statements import STATEMENT
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import RefundState
from marketplace.shop.payments.paying import send_refund
from marketplace.shop.payments.queries import list_refunds
from marketplace.shop.payouts.services import make_batch
from tests.money import make_prepaid, make_transfer
from tests.paying_out import Maker, deliver, make_maker, sell


def traded(maker: Maker, officer: User, at: datetime, name: str) -> dict[str, str]:
    """Sell, be paid in every way, pay out; answers addresses of what was made. `maker` has a checked account."""
    by, other = officer.actor(), make_maker(f"Nơi {name}", at=at)
    for seller in (maker, other):
        sell(seller, at=at - timedelta(days=20), carrier=f"Hãng {name}")
    unpaid = make_prepaid((maker.variant, 1), (other.variant, 2), at=at, method=PaymentMethod.BANK_TRANSFER)
    for amount in (unpaid.amount.amount - 1_000, 7_000):
        make_transfer(unpaid.order.number if amount > 7_000 else "khong ro", amount, at=at)
    paid = make_prepaid((maker.variant, 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    make_transfer(paid.order.number, paid.amount.amount + 2_000, at=at)
    deliver(paid.order, maker, at=at)
    send_refund(list_refunds([RefundState.ASKED])[0].code, at)
    with transaction():
        batch = make_batch(by=by, at=at)
        stage(kind=STATEMENT, file_name="s.csv", rows=[Row(2, {})], by=by, at=at)
    key = order_key(unpaid.order.number)
    return {"unpaid": f"{unpaid.order.number}?key={key}", "order": paid.order.number, "batch": batch.code}
