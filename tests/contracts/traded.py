"""One more of everything that moves money: orders paid, owed and delivered, transfers, refunds, payouts, statements."""

from datetime import datetime, timedelta

from marketplace.people.accounts.models import User
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import transaction
from marketplace.platform.core.money import Money
from marketplace.platform.imports.rules import Row
from marketplace.platform.imports.services import stage
from marketplace.shop.bank.statements import STATEMENT
from marketplace.shop.ledger.queries import list_commission_rates
from marketplace.shop.ledger.services import set_commission
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import RefundState
from marketplace.shop.payments.paying import send_refund
from marketplace.shop.payments.providers.interface import LineKind, Settlement
from marketplace.shop.payments.queries import list_refunds
from marketplace.shop.payments.services import learn
from marketplace.shop.payouts.services import make_batch, note_remittance
from marketplace.shop.payouts.services.carriers import RemittanceFacts
from marketplace.shop.settlements.services import keep_lines, payout_arrived
from tests.money import make_attempt, make_prepaid, make_transfer, order_of
from tests.money import paid as paid_by
from tests.paying_out import Maker, deliver, make_maker, sell


def traded(maker: Maker, officer: User, at: datetime, name: str) -> dict[str, str]:
    """Sell, be paid in every way, pay out; answers addresses of what was made. `maker` has a checked account."""
    by, other = officer.actor(), make_maker(f"Nơi {name}", at=at)
    for seller in (maker, other):
        sell(seller, at=at - timedelta(days=20), carrier=f"Hãng {name}")
    unpaid = make_prepaid((maker.variant, 1), (other.variant, 2), at=at, method=PaymentMethod.BANK_TRANSFER)
    for amount in (unpaid.amount.amount - 1_000, 7_000):
        make_transfer(unpaid.number if amount > 7_000 else "khong ro", amount, at=at)
    paid = make_prepaid((maker.variant, 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    make_transfer(paid.number, paid.amount.amount + 2_000, at=at)
    deliver(order_of(paid), maker, at=at)
    settled(maker, by, at, name)
    send_refund(list_refunds([RefundState.ASKED])[0].code, at)
    with transaction():
        batch = make_batch(by=by, at=at)
        stage(kind=STATEMENT, file_name="s.csv", rows=[Row(2, {})], by=by, at=at)
    key = order_key(unpaid.number)
    return {"unpaid": f"{unpaid.number}?key={key}", "order": paid.number, "batch": batch.code}


def settled(maker: Maker, by: Actor, at: datetime, name: str) -> None:
    """One more card order paid out and at the bank, one payout that is not, a carrier's payment, a rate of its own."""
    old = at - timedelta(days=20)
    card = make_prepaid((maker.variant, 1), at=old)
    attempt = make_attempt(card, at=old, reference=f"cs_{name}")
    with transaction():
        learn(attempt_id=attempt.id, fact=paid_by(attempt, charge=f"ch_{name}", fee=900), at=old)
    rest = card.amount.amount - 900
    shares = (f"po_{name}1", rest), (f"po_{name}2", 500 + len(name))
    with transaction():
        keep_lines(
            provider="stripe",
            lines=[
                told(f"c{name}", LineKind.CHARGE, f"ch_{name}", card.amount.amount, old, fee=900, payout=shares[0][0]),
                told(f"f{name}", LineKind.FEE, "", 500 + len(name), old, payout=shares[1][0]),
                *(
                    told(f"p{payout}", LineKind.PAYOUT, payout, -amount, old, payout=payout)
                    for payout, amount in shares
                ),
            ],
            at=at,
        )
    code = make_transfer("STRIPE", rest, at=at).code
    with transaction():
        payout_arrived(payout=shares[0][0], code=code, by=by, at=at)
    order = sell(maker, at=old, carrier=f"Xe {name}")
    facts = RemittanceFacts(f"xe {name}", order.total, f"FTX{name}", old.date(), [f"{order.number}/1"])
    with transaction():
        note_remittance(facts=facts, by=by, at=at)
    day = at.date() + timedelta(days=1 + len(list_commission_rates()))
    with transaction():
        set_commission(producer_id=maker.producer.id, valid_from=day, rate_bp=0, reason="QĐ 1", by=by, at=at)


def told(name: str, kind: LineKind, source: str, amount: int, on: datetime, *, payout: str, fee: int = 0) -> Settlement:
    """A line of the provider's books."""
    own = kind is LineKind.PAYOUT
    presentment = Money(amount) if kind is LineKind.CHARGE else None
    return Settlement(
        name, kind, source, presentment, Money(amount), Money(fee), payout, on, on.date() if own else None
    )
