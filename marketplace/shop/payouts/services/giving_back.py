"""Giving back for a part that was delivered: the buyer's money and the producer's share, in one block."""

from datetime import datetime

from sqlalchemy import func, select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.queries import rates_of, terms_of_parts
from marketplace.shop.ledger.services import book
from marketplace.shop.orders.models import OrderPart, PartState
from marketplace.shop.orders.queries import get_order
from marketplace.shop.orders.services import part_number
from marketplace.shop.payments.models import Refund, RefundReason
from marketplace.shop.payments.queries import hold, payment_of
from marketplace.shop.payments.services import TooMuch, ask_refund
from marketplace.shop.payouts.queries.parts import AFTER_DELIVERY, given_for


class NotDelivered(Conflict):
    """The part is not with its buyer: what was paid for it goes back by itself when it ends."""

    code = "part_not_delivered"
    message = N_("Phần này chưa giao tới người mua: nếu hủy, tiền tự hoàn lại.")


def give_back(
    *, number: str, position: int, amount: Money, reason: RefundReason, note: str, by: Actor, at: datetime
) -> Refund:
    """Give a buyer back some of what was paid for a delivered part, because it came back or out of goodwill.

    What the producer, the platform and the State had of it is undone in proportion; a producer paid out already owes
    it, and it is netted in its next payout. Raises NotDelivered, TooMuch (more than was paid for the part and not
    given back yet) or Invalid; then nothing is changed.
    """
    if not KEEP_MONEY.held_by(by):
        raise Forbidden
    _check(amount, reason, note)
    payment = hold(payment_of(number).id)
    part = next((each for each in get_order(number).parts if each.position == position), None)
    if part is None:
        raise NotFound
    if part.state not in (PartState.DELIVERED, PartState.COMPLETED):
        raise NotDelivered
    before = given_for(part.id)
    if before + amount > part.total:
        raise TooMuch
    times = db.session.scalar(select(func.count(Refund.id)).where(Refund.part_id == part.id)) or 0
    key = f"part:{position}:{reason}:{times + 1}"
    refund = ask_refund(payment=payment, amount=amount, reason=reason, key=key, by=by, at=at, part=part, note=note)
    moves = _undone(part, before, before + amount)
    book(
        key=f"undone:{refund.code}",
        kind="undone",
        reference=part_number(number, position),
        moves=moves,
        at=at,
        memo=note[:200],
    )
    return refund


def _check(amount: Money, reason: RefundReason, note: str) -> None:
    wrong = {}
    if amount <= Money(0):
        wrong["amount"] = N_("Nhập số tiền lớn hơn không.")
    if reason not in AFTER_DELIVERY:
        wrong["reason"] = N_("Chọn hàng trả lại hoặc hoàn thiện chí.")
    if not nfc(note):
        wrong["note"] = N_("Ghi lý do để người mua và nơi bán biết.")
    if wrong:
        raise Invalid(wrong)


def _undone(part: OrderPart, before: Money, after: Money) -> list[money.Move]:
    whole = money.Amounts(part.goods_total, part.shipping_total, part.own_discount, part.gift)
    rates = rates_of(terms_of_parts([part.id]).get(part.id))
    owner = money.producer(part.producer_id, part.producer.slug)
    taxes = money.withheld(part.producer_id, part.producer.slug)
    was = money.remaining(whole, before) if before else whole
    return money.given_back(was, money.remaining(whole, after), rates, owner, taxes)
