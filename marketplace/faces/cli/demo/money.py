"""The money of made-up orders: payments, what was agreed for each part, and the ledger, by the shop's own rules."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from marketplace.faces.cli.demo.settling import BY, STRIPE, Bank, Charge, Taken
from marketplace.people.producers.models import Producer
from marketplace.people.verification.rules import withheld
from marketplace.platform.audit.services import Act, record_all
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money, total
from marketplace.shop.checkout.terms import subject_of
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.models import PartTerms
from marketplace.shop.ledger.services import Event, book_all
from marketplace.shop.orders.models import NOTHING, PartState, PaymentMethod
from marketplace.shop.orders.services import part_number
from marketplace.shop.payments.models import (
    Attempt,
    AttemptState,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
)

PAID_AFTER = timedelta(minutes=4)
TO_BE_PAID = {PaymentMethod.CARD: timedelta(minutes=31), PaymentMethod.BANK_TRANSFER: timedelta(hours=24)}
GIVEN_BACK = {
    state: RefundReason(state.value) for state in (PartState.CANCELLED, PartState.DECLINED, PartState.RETURNED)
}


@dataclass
class Part:
    """One part's rows before they have numbers."""

    row: dict[str, Any]
    lines: list[dict[str, Any]]
    events: list[dict[str, Any]]
    parcel: dict[str, Any] | None

    def when(self, *states: PartState) -> datetime | None:
        """When it came to one of these states first."""
        return next((event["at"] for event in self.events if event["state"] in states), None)


Placed = tuple[dict[str, Any], int, Part, int]  # the order, which part of it, the part, its row's number


def pay_for(order: dict[str, Any], parts: Sequence[Part], at: datetime) -> None:
    """How an order was paid: in cash for the most, by transfer or card where it is old enough to have been paid."""
    chance = random.Random(order["number"]).random()
    method = PaymentMethod.CARD if chance < 0.12 else PaymentMethod.BANK_TRANSFER if chance < 0.26 else None
    cash = method is None or order["placed_at"] + PAID_AFTER > at or parts[0].when(PartState.CONFIRMED) is None
    order |= {"payment_method": PaymentMethod.CASH_ON_DELIVERY, "pay_until": None, "paid_at": None}
    if cash or method is None:
        return
    placed = order["placed_at"]
    order |= {"payment_method": method, "pay_until": placed + TO_BE_PAID[method], "paid_at": placed + PAID_AFTER}
    for part in parts:
        part.row["cash_collected"] = None


@dataclass(frozen=True)
class Back:
    """What was given back for a part that did not come."""

    code: str
    number: str
    part_id: int
    reason: RefundReason
    amount: Money
    at: datetime

    def reference(self, method: PaymentMethod) -> str:
        """What the provider, or the bank, calls it."""
        return f"re_demo_{self.code}" if method is PaymentMethod.CARD else f"FTHOAN{self.code}"


def keep_money(orders: Sequence[dict[str, Any]], ids: Sequence[int], parts: Sequence[Placed], at: datetime) -> None:
    """Write payments, refunds, terms, the bank's and the provider's lists, and the ledger of these orders."""
    bank = Bank(at)
    taken = _earn(parts, bank)
    backs: dict[str, list[Back]] = defaultdict(list)
    for order, _, part, part_id in parts:
        ended = part.when(*GIVEN_BACK)
        if order["paid_at"] and ended:
            reason, when = GIVEN_BACK[part.row["state"]], min(ended + timedelta(hours=1), at)
            back = Back(f"DEMO{part_id:06}", order["number"], part_id, reason, part.row["total"], when)
            backs[order["number"]].append(back)
    payments = [
        _payment(order, row, taken.get(order["number"], []), backs[order["number"]])
        for order, row in zip(orders, ids, strict=True)
    ]
    made = insert(Payment).returning(Payment.id, sort_by_parameter_order=True)
    numbered = dict(zip(ids, db.session.scalars(made, payments), strict=True)) if payments else {}
    prepaid = [(order, numbered[row]) for order, row in zip(orders, ids, strict=True) if order["paid_at"]]
    _pay(prepaid, backs, bank)
    bank.pay_in(each for some in taken.values() for each in some)
    bank.pay_interest()
    bank.write()
    book_all(sorted(bank.events, key=lambda event: event.at))


def _earn(parts: Sequence[Placed], bank: Bank) -> dict[str, list[Taken]]:
    """Keep what was agreed for each part, and book what was delivered; answers the cash that carriers took."""
    producers = {p.id: p for p in db.session.scalars(select(Producer))}
    subjects = {p.id: subject_of(p) for p in producers.values()}
    taken: dict[str, list[Taken]] = defaultdict(list)
    terms = []
    for order, n, part, part_id in parts:
        owner = producers[part.row["producer_id"]]
        rates = _rates(subjects[owner.id], day_of(order["placed_at"]))
        facts = {"vat_bp": rates.vat_bp, "income_bp": rates.income_bp, "commission_bp": 0}
        terms.append({"part_id": part_id, "tax_subject": subjects[owner.id] or "unknown", **facts})
        at, number = part.when(PartState.DELIVERED), part_number(order["number"], n)
        if at is not None:
            bank.events.append(_earned(number, part, owner, rates, at))
        if part.row["cash_collected"] is not None:
            assert part.parcel is not None
            assert at is not None
            carrier, amount = part.parcel["carrier"], part.row["cash_collected"]
            moves = money.received(money.carrier(carrier), amount)
            bank.events.append(Event(f"cash:{number}", "cash", number, moves, at))
            taken[order["number"]].append(Taken(part_id, carrier, amount, at))
    if terms:
        db.session.execute(insert(PartTerms), terms)
    return taken


def _rates(subject: str, on: date) -> money.Rates:
    vat, income = money.tax_rates(withheld(subject, on), False, on)
    return money.Rates(0, vat, income)


def _earned(number: str, part: Part, owner: Producer, rates: money.Rates, at: datetime) -> Event:
    """The part's shares, at the instant it was delivered."""
    amounts = money.Amounts(part.row["goods_total"], part.row["shipping_total"])
    name, taxes = money.producer(owner.id, owner.slug), money.withheld(owner.id, owner.slug)
    return Event(
        f"earned:{number}", "earned", number, money.earned(amounts, money.share(amounts, rates), name, taxes), at
    )


def _payment(order: dict[str, Any], order_id: int, taken: Sequence[Taken], backs: Sequence[Back]) -> dict[str, Any]:
    paid = order["paid_at"] is not None
    return {
        "code": random_code(12),
        "number": order["number"],
        "order_id": order_id,
        "method": order["payment_method"],
        "state": PaymentState.PAID if paid else PaymentState.AT_THE_DOOR,
        "amount": order["total"],
        "captured": order["total"] if paid else total(each.amount for each in taken),
        "refunded": total(back.amount for back in backs),
        "created_at": order["placed_at"],
    }


def _pay(prepaid: Sequence[tuple[dict[str, Any], int]], backs: dict[str, list[Back]], bank: Bank) -> None:
    """Attempts and refunds of orders that were paid before they were sent, and what came to the bank of them."""
    attempts = [_attempt(order, payment_id) for order, payment_id in prepaid]
    made = insert(Attempt).returning(Attempt.id, sort_by_parameter_order=True)
    attempt_ids = list(db.session.scalars(made, attempts)) if attempts else []
    charges, refunds = list[Charge](), list[dict[str, Any]]()
    for (order, payment_id), attempt_id in zip(prepaid, attempt_ids, strict=True):
        method, number, at = order["payment_method"], order["number"], order["paid_at"]
        card = method is PaymentMethod.CARD
        if card:
            charge = Charge(f"ch_demo_{number}", order["total"], at)
            charges.append(charge)
            bank.events += _charged(number, charge)
        else:
            bank.pay(number, payment_id, order["total"], order["recipient"], at)
        for back in backs[number]:
            refunds.append(_refund(back, method, payment_id, attempt_id))
            bank.events += _given_back(back, money.provider(STRIPE) if card else money.BANK)
            if card:
                charges.append(Charge(back.reference(method), NOTHING - back.amount, back.at))
    if refunds:
        db.session.execute(insert(Refund), refunds)
    asked = [Act("refund.asked", "order", back.number) for some in backs.values() for back in some]
    record_all(asked, by=BY, at=bank.at)
    bank.pay_out(charges)


def _attempt(order: dict[str, Any], payment_id: int) -> dict[str, Any]:
    number, card = order["number"], order["payment_method"] is PaymentMethod.CARD
    return {
        "payment_id": payment_id,
        "n": 1,
        "key": f"demo:{number}",
        "provider": STRIPE if card else "transfer",
        "state": AttemptState.SUCCEEDED,
        "amount": order["total"],
        "captured": order["total"],
        "reference": f"cs_demo_{number}" if card else number.replace("-", ""),
        "charge": f"ch_demo_{number}" if card else None,
        "begun_at": order["placed_at"],
        "expires_at": order["pay_until"],
        "settled_at": order["paid_at"],
    }


def _charged(number: str, charge: Charge) -> list[Event]:
    there = money.provider(STRIPE)
    fee = [money.Move(money.FEES, there, charge.fee, "fee")]
    received = money.received(there, charge.amount)
    return [
        Event(f"received:{STRIPE}:{charge.source}", "payment", number, received, charge.at),
        Event(f"fee:{STRIPE}:{charge.source}", "fee", number, fee, charge.at),
    ]


def _refund(back: Back, method: PaymentMethod, payment_id: int, attempt_id: int) -> dict[str, Any]:
    return {
        "code": back.code,
        "key": f"demo:{back.code}",
        "payment_id": payment_id,
        "attempt_id": attempt_id,
        "part_id": back.part_id,
        "reason": back.reason,
        "amount": back.amount,
        "state": RefundState.DONE,
        "reference": back.reference(method),
        "asked_at": back.at,
        "asked_by": BY.name,
        "done_at": back.at,
    }


def _given_back(back: Back, source: money.Name) -> list[Event]:
    promised = [money.Move(money.BUYERS, money.REFUNDS, back.amount, "refund")]
    gone = [money.Move(money.REFUNDS, source, back.amount, "refund")]
    return [
        Event(f"refund-promised:{back.code}", "refund_promised", back.number, promised, back.at),
        Event(f"refund-done:{back.code}", "refund", back.number, gone, back.at),
    ]
