"""What a producer does with its own part of an order."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.fulfilment.models import Parcel
from marketplace.shop.fulfilment.rules import is_own_delivery
from marketplace.shop.ledger import rules as money
from marketplace.shop.orders import mails
from marketplace.shop.orders.models import OrderPart, PartState
from marketplace.shop.orders.policies import fulfils
from marketplace.shop.orders.queries import get_order, get_part
from marketplace.shop.orders.services import move_part, part_number
from marketplace.shop.payments.services import cash_taken, part_delivered


class AwaitsPayment(Conflict):
    """The order is to be paid before anything is done with it."""

    code = "awaits_payment"
    message = N_("Đơn này chưa được trả tiền: chờ tiền về rồi hãy gửi hàng.")


class PointHandsOver(Conflict):
    """The buyer fetches it at a point, whose people hand it over and say so."""

    code = "point_hands_over"
    message = N_("Người mua tự tới điểm nhận lấy hàng: nơi trông điểm ghi khi đã trao.")


BUYER_IS_TOLD = frozenset(
    {PartState.CONFIRMED, PartState.SHIPPED, PartState.DELIVERED, PartState.DECLINED, PartState.UNDELIVERED}
)
COMPLETE = "orders.complete"
COMPLETE_AFTER = timedelta(days=7)


def confirm_part(*, number: str, position: int, by: Actor, at: datetime) -> OrderPart:
    """Say that the part will be sent."""
    return _move(number, position, PartState.CONFIRMED, by=by, at=at)


def pack_part(*, number: str, position: int, by: Actor, at: datetime) -> OrderPart:
    """Say that the part is packed and waits for the carrier; the buyer can no longer cancel."""
    return _move(number, position, PartState.PACKED, by=by, at=at)


def ship_part(*, number: str, position: int, carrier: str, tracking_number: str, by: Actor, at: datetime) -> OrderPart:
    """Hand the part to a carrier, with the tracking number where there is one."""
    carrier, tracking_number = _line("carrier", carrier, 80), _line("tracking_number", tracking_number, 64)
    if not carrier:
        raise Invalid({"carrier": N_("Nhập tên bên vận chuyển, hoặc “tự giao”.")})
    part = _move(number, position, PartState.SHIPPED, by=by, at=at, note=f"{carrier} {tracking_number}".strip())
    db.session.add(Parcel(part_id=part.id, carrier=carrier, tracking_number=tracking_number, shipped_at=at))
    return part


def deliver_part(*, number: str, position: int, by: Actor, at: datetime) -> OrderPart:
    """Say that the buyer has the goods, and paid the part's whole amount in cash where it was not paid before."""
    part = get_part(number, position, by=by)
    if fulfils(by, part) and part.order.pickup_id is not None:
        raise PointHandsOver
    return settle_delivered(_move(number, position, PartState.DELIVERED, by=by, at=at), at=at)


def settle_delivered(part: OrderPart, *, at: datetime) -> OrderPart:
    """What a part's delivery brings: the money becomes its producer's, and a week later the part is closed."""
    order, number, position = part.order, part.order.number, part.position
    if not order.prepaid:
        db.session.execute(update(OrderPart).where(OrderPart.id == part.id).values(cash_collected=OrderPart.total))
        cash_taken(part=part, order=order, source=_pocket(part), at=at)
    part_delivered(part=part, order=order, owner=part.producer, at=at)
    payload = {"number": number, "position": position}
    enqueue(name=COMPLETE, key=f"{COMPLETE}:{number}/{position}", at=at, due_at=at + COMPLETE_AFTER, payload=payload)
    return part


def decline_part(*, number: str, position: int, reason: str, by: Actor, at: datetime) -> OrderPart:
    """Say that the part cannot be sent, and why; its stock goes back."""
    reason = _line("reason", reason, 500)
    if not reason:
        raise Invalid({"reason": N_("Ghi lý do để người mua biết.")})
    return _move(number, position, PartState.DECLINED, by=by, at=at, note=reason)


def report_undelivered(*, number: str, position: int, reason: str, by: Actor, at: datetime) -> OrderPart:
    """Say that the carrier could not hand over the goods, and why; they are on their way back."""
    reason = _line("reason", reason, 500)
    if not reason:
        raise Invalid({"reason": N_("Ghi lý do không giao được.")})
    return _move(number, position, PartState.UNDELIVERED, by=by, at=at, note=reason)


def take_back(*, number: str, position: int, by: Actor, at: datetime) -> OrderPart:
    """Say that undelivered goods are home again; their stock goes back."""
    return _move(number, position, PartState.RETURNED, by=by, at=at)


def note_invoice(*, number: str, position: int, invoice_number: str, by: Actor, at: datetime) -> OrderPart:
    """Say what the producer's invoice for its part is called, for a buyer who asked for one."""
    part = get_part(number, position, by=by)
    if not fulfils(by, part) or part.order.invoice_name is None:
        raise NotFound
    written = _line("invoice_number", invoice_number, 40)
    if not written:
        raise Invalid({"invoice_number": N_("Nhập số hóa đơn.")})
    part.invoice_number = written
    record(
        by=by,
        action="order_part.invoiced",
        subject_type="order_part",
        subject=part_number(number, position),
        at=at,
        detail={"invoice": written},
    )
    return part


def complete_part(*, number: str, position: int, at: datetime) -> None:
    """Close a part seven days after its delivery, unless it has moved on since."""
    order = get_order(number)
    part = next(part for part in order.parts if part.position == position)
    if part.state is PartState.DELIVERED:
        move_part(part=part, order_number=number, to=PartState.COMPLETED, by=system(COMPLETE), at=at)


def _pocket(part: OrderPart) -> money.Name:
    """Whose hands the cash is in: the carrier's, or the producer's own where it brought the goods itself."""
    parcel = db.session.scalar(select(Parcel).where(Parcel.part_id == part.id))
    if parcel is None or is_own_delivery(parcel.carrier):
        return money.producer(part.producer_id, part.producer.slug)
    return money.carrier(parcel.carrier)


def _line(name: str, typed: str, longest: int) -> str:
    text = nfc(typed)
    if len(text) > longest:
        raise Invalid({name: N_("Viết ngắn hơn: nhiều nhất %(longest)d ký tự.")}, longest=longest)
    return text


def _move(number: str, position: int, to: PartState, *, by: Actor, at: datetime, note: str = "") -> OrderPart:
    part = get_part(number, position, by=by)
    if not fulfils(by, part):
        raise NotFound
    if part.order.awaits_payment:
        raise AwaitsPayment
    move_part(part=part, order_number=number, to=to, by=by, at=at, note=note)
    if to in BUYER_IS_TOLD:
        mails.to_buyer(part.order, part, to, at=at, note=note)
    return part
