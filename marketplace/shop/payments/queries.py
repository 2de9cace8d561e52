"""Reading payments."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.product_sets import alcohol_sets
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.orders.models import ENDED_UNPAID, Order, OrderLine, OrderPart, PartState
from marketplace.shop.payments.models import (
    BY_A_PERSON,
    UNSETTLED,
    Attempt,
    AttemptState,
    Charge,
    Dispute,
    Payment,
    PaymentState,
    ProviderEvent,
    Refund,
    RefundState,
)


def payment_of(number: str) -> Payment:
    """The payment of an order or a charge, with its attempts and refunds.

    NotFound for an order from before there were payments.
    """
    found = db.session.scalar(_whole().where(Payment.number == number).options(*with_due()))
    if found is None:
        raise NotFound
    return found


def find_payment_of(order_id: int) -> Payment | None:
    """The payment of an order, by its row."""
    return db.session.scalar(_whole().where(Payment.order_id == order_id).options(*with_due()))


def hold(payment_id: int) -> Payment:
    """A payment with its order or charge, both held until the block ends, that first: what is decided on stands."""
    order_id = select(Payment.order_id).where(Payment.id == payment_id).scalar_subquery()
    charge_id = select(Payment.charge_id).where(Payment.id == payment_id).scalar_subquery()
    held = {"populate_existing": True}
    if db.session.scalar(select(Order).where(Order.id == order_id).with_for_update(), execution_options=held) is None:
        db.session.execute(select(Charge).where(Charge.id == charge_id).with_for_update(), execution_options=held)
    found = db.session.scalar(
        select(Payment)
        .where(Payment.id == payment_id)
        .options(*with_due(), selectinload(Payment.attempts), selectinload(Payment.refunds))
        .with_for_update(of=Payment),
        execution_options=held,
    )
    if found is None:
        raise NotFound
    return found


def all_ended(order_id: int) -> bool:
    """Whether nothing of an order will come any more."""
    alive = select(OrderPart.id).where(OrderPart.order_id == order_id, OrderPart.state.not_in(ENDED_UNPAID))
    return db.session.scalar(alive.limit(1)) is None


def sold_without_cash(order_id: int) -> bool:
    """Whether alcohol is among the goods of an order."""
    sets = (
        select(Product.set_code)
        .join(Listing, Listing.product_id == Product.id)
        .join(Variant, Variant.listing_id == Listing.id)
        .join(OrderLine, OrderLine.variant_id == Variant.id)
        .join(OrderPart, OrderPart.id == OrderLine.part_id)
        .where(OrderPart.order_id == order_id, Product.set_code.in_(alcohol_sets()))
    )
    return db.session.scalar(sets.limit(1)) is not None


def with_due() -> tuple[ExecutableOption, ...]:
    """What a payment is for, loaded with it."""
    return joinedload(Payment.order), joinedload(Payment.charge)


def _due_of_attempt() -> tuple[ExecutableOption, ...]:
    payment = joinedload(Attempt.payment)
    return payment.joinedload(Payment.order), payment.joinedload(Payment.charge)


def find_charge(number: str) -> Charge | None:
    """The charge of this number."""
    return db.session.scalar(select(Charge).where(Charge.number == number))


def find_attempt(provider: str, reference: str) -> Attempt | None:
    """The attempt that a provider calls so."""
    return db.session.scalar(
        select(Attempt).where(Attempt.provider == provider, Attempt.reference == reference).options(*_due_of_attempt())
    )


def get_attempt(attempt_id: int) -> Attempt:
    """An attempt with its payment and what that is for."""
    query = select(Attempt).where(Attempt.id == attempt_id)
    return db.session.scalars(query.options(*_due_of_attempt())).one()


def find_attempt_by_charge(charge: str) -> Attempt | None:
    """The attempt by which a charge was made."""
    return db.session.scalar(select(Attempt).where(Attempt.charge == charge).options(joinedload(Attempt.payment)))


def find_attempt_by_key(key: str) -> Attempt | None:
    """The attempt with this key."""
    return db.session.scalar(select(Attempt).where(Attempt.key == key).options(joinedload(Attempt.payment)))


def list_unsettled(before: datetime, limit: int = 200) -> list[Attempt]:
    """Attempts not known to have ended, begun before an instant: the provider is asked what is true."""
    return list(
        db.session.scalars(
            select(Attempt)
            .where(Attempt.state.in_(UNSETTLED), Attempt.begun_at < before)
            .options(*_due_of_attempt())
            .order_by(Attempt.begun_at, Attempt.id)
            .limit(limit)
        )
    )


def list_overdue(at: datetime, limit: int = 200) -> list[Payment]:
    """Payments still awaited whose time is over, or whose order was cancelled before."""
    alive = select(OrderPart.order_id).where(OrderPart.state.not_in(ENDED_UNPAID))
    dead = Payment.order_id.is_not(None) & Payment.order_id.not_in(alive)
    return list(
        db.session.scalars(
            _whole()
            .outerjoin(Payment.order)
            .outerjoin(Payment.charge)
            .where(Payment.state == PaymentState.AWAITING)
            .where((Order.pay_until <= at) | dead | (Charge.pay_until <= at))
            .options(contains_eager(Payment.order), contains_eager(Payment.charge))
            .order_by(func.coalesce(Order.pay_until, Charge.pay_until), Payment.id)
            .limit(limit)
        )
    )


def list_parts_to_refund(limit: int = 200) -> list[tuple[Payment, OrderPart]]:
    """Parts that will not come, of orders that were paid, for which nothing has been given back yet."""
    ended = (PartState.CANCELLED, PartState.DECLINED, PartState.RETURNED)
    known = select(Refund.part_id).where(
        Refund.part_id == OrderPart.id, Refund.reason.in_([state.value for state in ended])
    )
    rows = db.session.execute(
        select(Payment, OrderPart)
        .join(Payment.order)
        .join(OrderPart, OrderPart.order_id == Order.id)
        .where(Payment.state == PaymentState.PAID, OrderPart.state.in_(ended), OrderPart.total > Money(0))
        .where(~known.exists())
        .options(contains_eager(Payment.order))
        .order_by(OrderPart.state_since, OrderPart.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def get_refund(code: str) -> Refund:
    """A refund with its payment and order."""
    found = db.session.scalar(_refunds().where(Refund.code == code))
    if found is None:
        raise NotFound
    return found


def find_refund(reference: str) -> Refund | None:
    """The refund that a provider calls so."""
    return db.session.scalar(_refunds().where(Refund.reference == reference))


def list_refunds(states: Iterable[RefundState], *, limit: int = 200) -> list[Refund]:
    """Refunds in these states, the oldest first."""
    return list(db.session.scalars(_refunds().where(Refund.state.in_(list(states))).order_by(Refund.id).limit(limit)))


def count_by_hand() -> int:
    """How many refunds an officer has to send from the bank."""
    return db.session.scalar(select(func.count(Refund.id)).where(Refund.state.in_(BY_A_PERSON))) or 0


def refunded_of_attempt(attempt_id: int) -> Money:
    """What was given back, or is promised, of what an attempt captured."""
    found = db.session.scalar(
        select(func.coalesce(func.sum(Refund.amount), 0)).where(
            Refund.attempt_id == attempt_id, Refund.state != RefundState.FAILED
        )
    )
    return found if isinstance(found, Money) else Money(int(found or 0))


def get_event(event_id: int) -> ProviderEvent:
    """A stored event."""
    return db.session.get_one(ProviderEvent, event_id)


def list_unclear() -> list[Attempt]:
    """Attempts of which nobody knows after 23 hours whether they were paid: a person asks the provider."""
    query = select(Attempt).where(Attempt.state == AttemptState.UNCLEAR)
    return list(db.session.scalars(query.options(*_due_of_attempt()).order_by(Attempt.id)))


def list_disputes(limit: int = 100) -> list[Dispute]:
    """What cards' banks have taken back, the newest first."""
    return list(db.session.scalars(select(Dispute).order_by(Dispute.opened_at.desc(), Dispute.id.desc()).limit(limit)))


def _whole() -> Select[Payment]:
    return select(Payment).options(selectinload(Payment.attempts), selectinload(Payment.refunds))


def _refunds() -> Select[Refund]:
    payment = joinedload(Refund.payment)
    return select(Refund).options(payment.joinedload(Payment.order), payment.joinedload(Payment.charge))
