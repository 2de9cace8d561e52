"""Uses of vouchers: I7, beside what they cost the province (`money.gifts`)."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import func, select

from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.books.rules import Fault, differ
from marketplace.shop.orders.models import Order, OrderPart, VoucherUse
from marketplace.shop.orders.services import part_number
from marketplace.shop.vouchers.models import Voucher, VoucherPerson
from marketplace.shop.vouchers.rules import persons


def uses() -> list[Fault]:
    """I7: a voucher counts the uses that orders hold of it and have not given back, within its limits.

    So for each person where it bounds them; and what it took off is what the orders' parts were lowered by.
    """
    held, people = _held()
    found = []
    for voucher in db.session.scalars(select(Voucher).order_by(Voucher.code)):
        recorded = held[voucher.id]
        if voucher.used != recorded:
            found.append(differ(voucher.code, "uses_differ", voucher.used, recorded))
        if voucher.most_uses is not None and recorded > voucher.most_uses:
            found.append(differ(voucher.code, "uses_over", recorded, voucher.most_uses))
        found += _of_persons(voucher, people[voucher.id])
    return found + _lowered()


def _held() -> tuple[Counter[int], dict[int, Counter[str]]]:
    """How many uses of each voucher orders hold that were not given back, in all and by person."""
    held: Counter[int] = Counter()
    people: dict[int, Counter[str]] = defaultdict(Counter)
    query = select(VoucherUse.voucher_id, Order.phone, Order.buyer_id).join(Order, Order.id == VoucherUse.order_id)
    for voucher_id, phone, buyer_id in db.session.execute(query.where(VoucherUse.released_at.is_(None))):
        held[voucher_id] += 1
        people[voucher_id].update(persons(phone=phone, user_id=buyer_id))
    return held, people


def _of_persons(voucher: Voucher, recorded: Counter[str]) -> list[Fault]:
    """What each person has used, of a voucher that bounds it; of another nobody is counted."""
    query = select(VoucherPerson).where(VoucherPerson.voucher_id == voucher.id).order_by(VoucherPerson.person)
    counted = {row.person: row for row in db.session.scalars(query)}
    wanted = recorded if voucher.most_each is not None else Counter[str]()
    found = []
    for person in sorted(counted.keys() | wanted.keys()):
        where, row = f"{voucher.code} {person[:8]}", counted.get(person)
        used = row.used if row else 0
        if used != wanted[person]:
            found.append(differ(where, "person_differs", used, wanted[person]))
        most = voucher.most_each or 0
        if wanted[person] > most or (row is not None and row.most != most):
            found.append(differ(where, "person_over", wanted[person], row.most if row else 0, most))
    return found


def _lowered() -> list[Fault]:
    """What vouchers took off an order, given back or not: a producer's lower its own part, the province's all."""
    taken = _sums(
        select(VoucherUse.order_id, VoucherUse.producer_id, func.sum(VoucherUse.amount)).group_by(
            VoucherUse.order_id, VoucherUse.producer_id
        )
    )
    query = select(Order.number, OrderPart).join(Order, Order.id == OrderPart.order_id)
    gifts: Counter[tuple[int, str]] = Counter()
    found = []
    for number, part in db.session.execute(query.order_by(Order.number, OrderPart.position)):
        gifts[part.order_id, number] += part.gift.amount
        own = taken.get((part.order_id, part.producer_id), 0)
        if part.own_discount.amount != own:
            where = part_number(number, part.position)
            found.append(differ(where, "lowered_otherwise", part.own_discount.amount, own))
    for (order_id, number), gift in gifts.items():
        if gift != taken.get((order_id, None), 0):
            found.append(differ(number, "lowered_otherwise", gift, taken.get((order_id, None), 0)))
    return found


def _sums(query: Any) -> dict[tuple[int, int | None], int]:
    rows = db.session.execute(query)
    return {(row[0], row[1]): row[2].amount if isinstance(row[2], Money) else int(row[2]) for row in rows}
