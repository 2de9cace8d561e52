"""The money of made-up orders: payments, what was agreed for each part, and the ledger, by the shop's own rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from marketplace.people.producers.models import Producer
from marketplace.people.verification.rules import withheld
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money, total
from marketplace.shop.checkout.terms import subject_of
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.models import PartTerms
from marketplace.shop.ledger.services import Event, book_all
from marketplace.shop.orders.models import PartState, PaymentMethod
from marketplace.shop.orders.services import part_number
from marketplace.shop.payments.models import Payment, PaymentState


@dataclass
class Part:
    """One part's rows before they have numbers."""

    row: dict[str, Any]
    lines: list[dict[str, Any]]
    events: list[dict[str, Any]]
    parcel: dict[str, Any] | None


Placed = tuple[dict[str, Any], int, Part, int]  # the order, which part of it, the part, its row's number


def keep_money(orders: Sequence[dict[str, Any]], ids: Sequence[int], parts: Sequence[Placed]) -> None:
    """Write payments, terms and the ledger of these orders, which were all paid at the door."""
    producers = {p.id: p for p in db.session.scalars(select(Producer))}
    subjects = {p.id: subject_of(p) for p in producers.values()}
    taken: dict[str, Money] = {order["number"]: Money(0) for order in orders}
    events: list[Event] = []
    terms = []
    for order, n, part, part_id in parts:
        owner = producers[part.row["producer_id"]]
        rates = _rates(subjects[owner.id], day_of(order["placed_at"]))
        facts = {"vat_bp": rates.vat_bp, "income_bp": rates.income_bp, "commission_bp": 0}
        terms.append({"part_id": part_id, "tax_subject": subjects[owner.id] or "unknown", **facts})
        if part.row["cash_collected"] is not None:
            taken[order["number"]] += part.row["cash_collected"]
            events += _delivered(part_number(order["number"], n), part, owner, rates)
    payments = [_payment(order, row, taken[order["number"]]) for order, row in zip(orders, ids, strict=True)]
    for model, rows in ((Payment, payments), (PartTerms, terms)):
        if rows:
            db.session.execute(insert(model), rows)
    book_all(sorted(events, key=lambda event: event.at))


def _rates(subject: str, on: date) -> money.Rates:
    vat, income = money.tax_rates(withheld(subject, on), False, on)
    return money.Rates(0, vat, income)


def _payment(order: dict[str, Any], order_id: int, captured: Money) -> dict[str, Any]:
    return {
        "code": random_code(12),
        "order_id": order_id,
        "method": PaymentMethod.CASH_ON_DELIVERY,
        "state": PaymentState.AT_THE_DOOR,
        "amount": order["total"],
        "captured": captured,
        "refunded": total([]),
        "created_at": order["placed_at"],
    }


def _delivered(number: str, part: Part, owner: Producer, rates: money.Rates) -> list[Event]:
    """The cash with the carrier, and the part's shares, at the instant it was delivered."""
    at: datetime = next(event["at"] for event in part.events if event["state"] is PartState.DELIVERED)
    assert part.parcel is not None
    cash = money.received(money.carrier(part.parcel["carrier"]), part.row["cash_collected"])
    amounts = money.Amounts(part.row["goods_total"], part.row["shipping_total"])
    name, taxes = money.producer(owner.id, owner.slug), money.withheld(owner.id, owner.slug)
    earned = money.earned(amounts, money.share(amounts, rates), name, taxes)
    return [Event(f"cash:{number}", "cash", number, cash, at), Event(f"earned:{number}", "earned", number, earned, at)]
