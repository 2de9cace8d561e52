"""Moving the parts of an order, and a buyer's cancelling."""

from datetime import datetime

from sqlalchemy import select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import announce, db, rows_changed
from marketplace.platform.core.errors import Conflict, Refusal
from marketplace.platform.core.words import N_
from marketplace.shop.baskets.services import add_to_basket
from marketplace.shop.inventory.services import put_back
from marketplace.shop.orders import mails
from marketplace.shop.orders.models import TRANSITIONS, Order, OrderPart, PartEvent, PartState, VoucherUse
from marketplace.shop.orders.policies import BUYER_MAY_CANCEL
from marketplace.shop.orders.queries import get_order
from marketplace.shop.pricing.services import put_back_sold
from marketplace.shop.vouchers.rules import persons
from marketplace.shop.vouchers.services import give_back

GIVES_STOCK_BACK = frozenset({PartState.CANCELLED, PartState.DECLINED, PartState.RETURNED})


class PartMoved(Conflict):
    """The part is no longer where this step starts from: somebody was faster, or it was done already."""

    code = "part_state"
    message = N_("Phần đơn này đã chuyển sang trạng thái khác. Hãy xem lại rồi làm tiếp.")


class TooLateToCancel(Conflict):
    """No part of the order can be cancelled any more."""

    code = "too_late_to_cancel"
    message = N_("Đơn đã được gói hoặc gửi đi, không hủy được nữa. Hãy gọi cho nơi bán.")


def part_number(order_number: str, position: int) -> str:
    """How people name a part: the order's number and the producer's place in it."""
    return f"{order_number}/{position}"


def move_part(*, part: OrderPart, order_number: str, to: PartState, by: Actor, at: datetime, note: str = "") -> None:
    """Take a part to a state that may follow its present one, with an event; else PartMoved and nothing changes.

    One conditional UPDATE decides, so that of two who try at once one succeeds. Stock, and uses of
    vouchers, go back where nothing was, or remains, delivered. `part` needs its lines.
    """
    before = [state for state, after in TRANSITIONS.items() if to in after]
    done = rows_changed(
        update(OrderPart).where(OrderPart.id == part.id, OrderPart.state.in_(before)).values(state=to, state_since=at)
    )
    if done != 1:
        raise PartMoved
    number = part_number(order_number, part.position)
    if to in GIVES_STOCK_BACK:
        announce("payments")  # what was paid for it goes back
    db.session.add(PartEvent(part_id=part.id, state=to, at=at, actor_id=by.user_id, note=note))
    if to in GIVES_STOCK_BACK:
        _release_vouchers(part.order_id, at=at)
        put_back_sold({line.sale_id: line.quantity for line in part.lines if line.sale_id is not None}, at=at)
        quantities = {line.variant_id: line.quantity for line in part.lines}
        put_back(quantities, sold_as=order_number, reference=number, by=by, at=at)
    detail = {"note": note} if note else None
    record(by=by, action=f"order_part.{to}", subject_type="order_part", subject=number, at=at, detail=detail)


def _release_vouchers(order_id: int, *, at: datetime) -> None:
    """Give back, once, each use of a voucher of whose parts none will be delivered any more.

    Holds the uses while it looks: of an order's last two parts ending at once the second sees the first.
    """
    open_uses = select(VoucherUse).where(VoucherUse.order_id == order_id, VoucherUse.released_at.is_(None))
    uses = list(db.session.scalars(open_uses.order_by(VoucherUse.voucher_id).with_for_update(of=[VoucherUse])))
    if not uses:
        return
    living = set(
        db.session.scalars(
            select(OrderPart.producer_id).where(
                OrderPart.order_id == order_id, OrderPart.state.not_in(GIVES_STOCK_BACK)
            )
        )
    )
    order = db.session.get_one(Order, order_id)
    people = persons(phone=order.phone, user_id=order.buyer_id)
    for use in uses:
        if living if use.producer_id is None else use.producer_id in living:
            continue
        use.released_at = at
        give_back(voucher_id=use.voucher_id, people=people)


def order_again(*, number: str, token: str, by: Actor, at: datetime) -> list[str]:
    """Put what an order held into the visitor's basket anew, at today's prices; answers the names that could not be.

    The caller has made sure that `by` is the buyer or holds the signed link.
    """
    left = []
    for part in get_order(number).parts:
        for line in part.lines:
            try:
                add_to_basket(token=token, sku=line.sku, quantity=line.quantity, by=by, at=at)
            except Refusal:
                left.append(line.name)
    return left


def cancel_order(*, number: str, by: Actor, at: datetime) -> list[OrderPart]:
    """Cancel every part that the buyer still may; raises TooLateToCancel where there is none.

    The caller has made sure that `by` is the buyer or holds the signed link. Answers the parts cancelled.
    """
    order = get_order(number)
    cancelled = [part for part in order.parts if part.state in BUYER_MAY_CANCEL]
    if not cancelled:
        raise TooLateToCancel
    for part in cancelled:
        move_part(part=part, order_number=order.number, to=PartState.CANCELLED, by=by, at=at)
        mails.to_producer(order, part, at=at, state=PartState.CANCELLED)
    return cancelled
