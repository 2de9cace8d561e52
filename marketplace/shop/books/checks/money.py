"""Payments and the ledger: I3, I4, I5, I7, I8."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.books.rules import Fault, differ
from marketplace.shop.ledger.jobs import BOOKS
from marketplace.shop.ledger.models import Account, AccountKind, Entry, PartTerms, Transfer
from marketplace.shop.ledger.queries import balances, rates_of
from marketplace.shop.ledger.rules import Amounts, remaining, share
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartState
from marketplace.shop.orders.services import part_number
from marketplace.shop.payments.models import Attempt, Charge, Payment, PaymentState, Refund, RefundReason, RefundState
from marketplace.shop.payouts.models import RemittedPart
from marketplace.shop.payouts.queries.parts import AFTER_DELIVERY, given_for

NEVER_BELOW = (AccountKind.BUYERS, AccountKind.REFUNDS, AccountKind.PAYOUTS, AccountKind.CARRIER)
SURPLUS = (RefundReason.LATE, RefundReason.DOUBLE, RefundReason.OVER)
WITH_THE_BUYER = (PartState.DELIVERED, PartState.COMPLETED)


def ledger() -> list[Fault]:
    """I3: every entry moves something, and none was edited; what is kept for others is never less than nothing."""
    empty = select(Entry.key).where(~select(Transfer.id).where(Transfer.entry_id == Entry.id).exists())
    found = [Fault(key, "entry_empty") for key in db.session.scalars(empty.order_by(Entry.id))]
    found += [Fault(str(position), "chain_broken") for position in BOOKS.broken_positions()]
    found += [Fault(str(row), "seal_lost") for row in BOOKS.unsealed_before()]
    for kind in NEVER_BELOW:
        found += [Fault(code, "below_nothing", str(m.amount)) for code, m in balances(kind).items() if m < Money(0)]
    return found


def payments() -> list[Fault]:
    """I4: what was captured is in the books, what is called paid is paid, once; what was given back is in refunds."""
    received = _received()
    given = _refunds(Refund.reason.is_not(None))
    surplus = _refunds(Refund.reason.in_(SURPLUS), failed=True)  # what a person still sends was not kept as a price
    when = func.coalesce(Order.paid_at, Charge.paid_at)
    query = select(Payment, Order.total, when).outerjoin(Payment.order).outerjoin(Payment.charge)
    found = []
    for payment, total, paid_at in db.session.execute(query.order_by(Payment.number)):
        number, captured, paid = payment.number, payment.captured.amount, payment.state is PaymentState.PAID
        if payment.order_id is not None and payment.amount != total:
            found.append(differ(number, "amount_differs", payment.amount.amount, total.amount))
        if captured != received.get(number, 0):
            found.append(differ(number, "captured_differs", captured, received.get(number, 0)))
        if payment.refunded.amount != given.get(payment.id, 0):
            found.append(differ(number, "refunded_differs", payment.refunded.amount, given.get(payment.id, 0)))
        if paid != (paid_at is not None):
            found.append(Fault(number, "paid_unsaid", payment.state.value))
        kept = captured - surplus.get(payment.id, 0)
        if paid and kept != payment.amount.amount:
            what = "charged_twice" if kept > payment.amount.amount else "paid_short"
            found.append(differ(number, what, kept, payment.amount.amount))
    return found


def _received() -> dict[str, int]:
    """What the ledger says has come from buyers, by order or charge."""
    rows = db.session.execute(
        select(Entry.reference, func.sum(Transfer.amount))
        .join(Transfer.entry)
        .where(Entry.kind.in_(("payment", "cash")), Transfer.what == "payment")
        .group_by(Entry.reference)
    )
    found: dict[str, int] = defaultdict(int)
    for reference, amount in rows:
        found[reference.partition("/")[0]] += _amount(amount)
    return found


def _refunds(which: ColumnElement[bool], *, failed: bool = False) -> dict[int, int]:
    query = select(Refund.payment_id, func.sum(Refund.amount)).where(which)
    if not failed:
        query = query.where(Refund.state != RefundState.FAILED)
    return {row[0]: _amount(row[1]) for row in db.session.execute(query.group_by(Refund.payment_id))}


def shares() -> list[Fault]:
    """I5: lines, parts and order sum up; what a part or charge brought went by its terms to whom it belongs, whole."""
    earned = _earned()
    found = _totals()
    for number, part, terms in _parts():
        moved = earned.pop(number, None)
        with_buyer = part.state in WITH_THE_BUYER
        amounts = Amounts(part.goods_total, part.shipping_total, part.own_discount, part.gift)
        shared = share(amounts, rates_of(terms))
        wanted = {
            "gift": part.gift.amount,
            "goods": shared.goods.amount,
            "commission": shared.commission.amount,
            "vat": shared.vat.amount,
            "income_tax": shared.income_tax.amount,
            "shipping": 2 * shared.shipping.amount,  # in, and on to who pays the carrier
        }
        if moved is None and with_buyer and shared.whole:
            found.append(Fault(number, "not_earned"))
        elif moved is not None and not with_buyer:
            found.append(Fault(number, "earned_unsent", part.state.value))
        elif moved is not None and moved != {what: n for what, n in wanted.items() if n}:
            found.append(differ(number, "share_differs", sum(wanted.values()), sum(moved.values())))
    return found + [Fault(number, "earned_unsent") for number in sorted(earned)] + _undone() + _charged()


def _undone() -> list[Fault]:
    """What was given back after delivery left the shares of the part, to the dong."""
    rows = db.session.execute(
        select(Order.number, OrderPart.position, func.sum(Refund.amount))
        .join(OrderPart, OrderPart.order_id == Order.id)
        .join(Refund, Refund.part_id == OrderPart.id)
        .where(Refund.reason.in_(AFTER_DELIVERY), OrderPart.state.in_(WITH_THE_BUYER))
        .group_by(Order.number, OrderPart.position)
    )
    wanted = {part_number(number, position): -_amount(back) for number, position, back in rows}
    done = _net(AccountKind.BUYERS, "undone")
    return [
        differ(where, "undone_differs", wanted.get(where, 0), done.get(where, 0))
        for where in sorted(wanted.keys() | done.keys())
        if wanted.get(where, 0) != done.get(where, 0)
    ]


def _charged() -> list[Fault]:
    """What was paid for a charge is the office's, less what it gave back of it."""
    held = _net(AccountKind.CHARGES)
    back = _refunds(Refund.reason.not_in(SURPLUS), failed=True)  # failed at the provider, it is sent by hand
    paid = select(Payment).where(Payment.charge_id.is_not(None), Payment.state == PaymentState.PAID)
    wanted = {each.number: back.get(each.id, 0) - each.amount.amount for each in db.session.scalars(paid)}
    return [
        differ(number, "charge_differs", -wanted.get(number, 0), -held.get(number, 0))
        for number in sorted(wanted.keys() | held.keys())
        if wanted.get(number, 0) != held.get(number, 0)
    ]


def _parts() -> Iterator[tuple[str, OrderPart, PartTerms | None]]:
    """Every part of an order that has a payment, by its number."""
    query = (
        select(Order.number, OrderPart, PartTerms)
        .join(Order, Order.id == OrderPart.order_id)
        .join(Payment, Payment.order_id == Order.id)
        .outerjoin(PartTerms, PartTerms.part_id == OrderPart.id)
        .order_by(Order.number, OrderPart.position)
    )
    for number, part, terms in db.session.execute(query.execution_options(yield_per=1000)):
        yield part_number(number, part.position), part, terms


def _earned() -> dict[str, dict[str, int]]:
    rows = db.session.execute(
        select(Entry.reference, Transfer.what, func.sum(Transfer.amount))
        .join(Transfer.entry)
        .where(Entry.kind == "earned")
        .group_by(Entry.reference, Transfer.what)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for reference, what, amount in rows:
        found[reference][what] = _amount(amount)
    return found


def _totals() -> list[Fault]:
    columns = [func.sum(getattr(OrderPart, name)) for name in ("goods_total", "shipping_total", "total")]
    parts = {row[0]: [_amount(n) for n in row[1:]] for row in _by_order(select(OrderPart.order_id, *columns))}
    found = []
    for order in db.session.scalars(select(Order).order_by(Order.number)):
        own = [order.goods_total.amount, order.shipping_total.amount, order.total.amount]
        if parts.get(order.id, [0, 0, 0]) != own:
            found.append(differ(order.number, "totals_differ", own, parts.get(order.id)))
    lines = select(OrderLine.part_id, func.sum(OrderLine.line_total)).group_by(OrderLine.part_id)
    sums = {row[0]: _amount(row[1]) for row in db.session.execute(lines)}
    query = select(Order.number, OrderPart).join(Order, Order.id == OrderPart.order_id)
    for number, part in db.session.execute(query.order_by(Order.number, OrderPart.position)):
        if sums.get(part.id, 0) != part.goods_total.amount:
            name = part_number(number, part.position)
            found.append(differ(name, "totals_differ", part.goods_total.amount, sums.get(part.id, 0)))
    return found


def _by_order(query: Any) -> Any:
    return db.session.execute(query.group_by(OrderPart.order_id))


def gifts() -> list[Fault]:
    """I7: what the province gave away, in the ledger, is what the parts that were delivered say."""
    given = _net(AccountKind.VOUCHERS)
    query = select(Order.number, OrderPart).join(Order, Order.id == OrderPart.order_id)
    delivered = query.where(OrderPart.state.in_(WITH_THE_BUYER), OrderPart.gift > Money(0))
    wanted = {}
    for number, part in db.session.execute(delivered):
        whole = Amounts(part.goods_total, part.shipping_total, part.own_discount, part.gift)
        back = given_for(part.id)
        wanted[part_number(number, part.position)] = (remaining(whole, back) if back else whole).gift.amount
    return [
        differ(where, "gift_differs", wanted.get(where, 0), given.get(where, 0))
        for where in sorted(wanted.keys() | given.keys())
        if wanted.get(where, 0) != given.get(where, 0)
    ]


def _net(kind: AccountKind, of: str = "") -> dict[str, int]:
    """What accounts of a kind were given less what they gave, by what the entry is about."""
    debit, credit = aliased(Account), aliased(Account)
    query = (
        select(Entry.reference, debit.kind, func.sum(Transfer.amount))
        .join(Transfer.entry)
        .join(debit, debit.id == Transfer.debit_id)
        .join(credit, credit.id == Transfer.credit_id)
        .where(or_(debit.kind == kind, credit.kind == kind))
        .group_by(Entry.reference, debit.kind)
    )
    rows = db.session.execute(query.where(Entry.kind == of) if of else query)
    found: dict[str, int] = defaultdict(int)
    for reference, into, amount in rows:
        found[reference] += _amount(amount) if into is kind else -_amount(amount)
    return {reference: amount for reference, amount in found.items() if amount}


def limits() -> list[Fault]:
    """I8: no more was given back than came, in all and by each attempt; no more cash handed over than was taken."""
    found = []
    given = _refunds(Refund.reason.is_not(None))
    for payment in db.session.scalars(select(Payment).order_by(Payment.number)):
        if given.get(payment.id, 0) > payment.captured.amount:
            found.append(differ(payment.number, "refunds_over", given[payment.id], payment.captured.amount))
    sums = (
        select(Attempt.key, Attempt.captured, func.sum(Refund.amount))
        .join(Refund, Refund.attempt_id == Attempt.id)
        .where(Refund.state != RefundState.FAILED)
        .group_by(Attempt.id, Attempt.key, Attempt.captured)
    )
    for key, captured, back in db.session.execute(sums.order_by(Attempt.key)):
        if _amount(back) > captured.amount:
            found.append(differ(key, "refunds_over", _amount(back), captured.amount))
    return found + _remitted()


def _remitted() -> list[Fault]:
    query = (
        select(Order.number, OrderPart.position, RemittedPart.amount, OrderPart.cash_collected)
        .join(OrderPart, OrderPart.id == RemittedPart.part_id)
        .join(Order, Order.id == OrderPart.order_id)
    )
    rows = db.session.execute(query.order_by(Order.number, OrderPart.position))
    return [
        differ(part_number(number, position), "remitted_over", amount.amount, taken.amount if taken else 0)
        for number, position, amount, taken in rows
        if taken is None or amount > taken
    ]


def _amount(found: Any) -> int:
    return found.amount if isinstance(found, Money) else int(found)
