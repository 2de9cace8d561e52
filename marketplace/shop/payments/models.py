"""A payment for each order and each charge, attempts to make it, refunds of it, what providers told us."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.orders.models import NOTHING, Order, PaymentMethod


class PaymentState(StrEnum):
    AT_THE_DOOR = "at_the_door"  # in cash, part by part
    AWAITING = "awaiting"  # to be paid before anything is sent
    PAID = "paid"
    LAPSED = "lapsed"  # not paid in time, or cancelled before: the goods are on sale again


class AttemptState(StrEnum):
    BEGUN = "begun"  # written down; the provider may or may not have heard of it
    OPEN = "open"  # the buyer can pay
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNCLEAR = "unclear"  # not known after 23 hours: a person looks, and no new key is ever tried


UNSETTLED = frozenset({AttemptState.BEGUN, AttemptState.OPEN})


class RefundState(StrEnum):
    ASKED = "asked"  # promised, with the amount set aside
    BY_HAND = "by_hand"  # an officer sends it from the bank
    SENT = "sent"  # the provider has it
    DONE = "done"
    FAILED = "failed"  # not by the provider: an officer sends it from the bank


BY_A_PERSON = (RefundState.BY_HAND, RefundState.FAILED)


class RefundReason(StrEnum):
    CANCELLED = "cancelled"
    DECLINED = "declined"
    RETURNED = "returned"
    LATE = "late"  # paid after the order had lapsed
    DOUBLE = "double"  # paid twice
    OVER = "over"  # more than was asked
    GOODWILL = "goodwill"  # an officer decided


class ChargeKind(StrEnum):
    BOOTH = "booth"
    TICKETS = "tickets"


class Charge(Model):
    """Something to be paid to the office that is no goods: a booth at a fair, tickets. Whoever asks for it knows it.

    `page` is where it belongs, as a path; paid, it takes its place there.
    """

    __tablename__ = "charges"

    id: Mapped[RowId]
    number: Mapped[str] = mapped_column(String(16), unique=True)  # in the manner of an order's
    kind: Mapped[ChargeKind] = mapped_column(choice(ChargeKind, "kind"))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    recipient: Mapped[str] = mapped_column(String(120))  # who pays
    phone: Mapped[str] = mapped_column(String(16), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(5))
    page: Mapped[str] = mapped_column(String(300))
    placed_at: Mapped[datetime]
    pay_until: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class Payment(Model):
    """What is to be paid for one order or one charge. `refunded` holds what was given back or is promised.

    `number` is the order's or the charge's: what a transfer's note names.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount >= 0 AND captured >= 0", name="amounts"),
        CheckConstraint("refunded >= 0 AND refunded <= captured", name="refunded"),
        CheckConstraint("(method = 'cash_on_delivery') = (state = 'at_the_door')", name="at_the_door"),
        CheckConstraint("(order_id IS NULL) <> (charge_id IS NULL)", name="of_one"),
        CheckConstraint("charge_id IS NULL OR method <> 'cash_on_delivery'", name="charge_method"),
        CheckConstraint("state <> 'paid' OR captured >= amount", name="paid"),
        Index("ix_payments_state", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charges.id"), unique=True)
    method: Mapped[PaymentMethod] = mapped_column(choice(PaymentMethod, "method"))
    state: Mapped[PaymentState] = mapped_column(choice(PaymentState, "state"))
    amount: Mapped[Money]
    captured: Mapped[Money] = mapped_column(default=NOTHING)
    refunded: Mapped[Money] = mapped_column(default=NOTHING)
    created_at: Mapped[datetime]

    order: Mapped[Order | None] = related()
    charge: Mapped[Charge | None] = related()
    attempts: Mapped[list["Attempt"]] = related(order_by="Attempt.n", back_populates="payment")
    refunds: Mapped[list["Refund"]] = related(order_by="Refund.id", back_populates="payment")

    @property
    def due(self) -> Order | Charge:
        """What it pays for."""
        found = self.order or self.charge
        assert found is not None  # the table's CHECK
        return found

    @property
    def about(self) -> str:
        """The kind of thing that it pays for, as the trail calls it."""
        return "order" if self.order_id is not None else "charge"


class Attempt(Model):
    """One try to pay, committed before its provider is called with `key`, so that a repeat is the same try."""

    __tablename__ = "payment_attempts"
    __table_args__ = (
        UniqueConstraint("payment_id", "n"),
        UniqueConstraint("provider", "reference"),
        CheckConstraint("captured >= 0", name="captured"),
        CheckConstraint("state <> 'succeeded' OR captured > 0", name="succeeded"),
        Index("ix_payment_attempts_state", "state", "begun_at"),
    )

    id: Mapped[RowId]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    n: Mapped[int]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    provider: Mapped[str] = mapped_column(String(20))
    state: Mapped[AttemptState] = mapped_column(choice(AttemptState, "state"))
    amount: Mapped[Money]
    captured: Mapped[Money] = mapped_column(default=NOTHING)
    reference: Mapped[str | None] = mapped_column(String(255))  # what the provider calls it
    charge: Mapped[str | None] = mapped_column(String(255), unique=True)  # what was captured, at the provider
    url: Mapped[str | None] = mapped_column(Text)  # where the buyer pays
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(80), default="")

    payment: Mapped[Payment] = related(back_populates="attempts")


class Refund(Model):
    """An amount given back, to where it came from. `key` makes asking twice the same as once."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index("ix_refunds_payment_id", "payment_id"),
        Index("ix_refunds_state", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payment_attempts.id"))
    part_id: Mapped[int | None] = mapped_column(ForeignKey("order_parts.id"))
    reason: Mapped[RefundReason] = mapped_column(choice(RefundReason, "reason"))
    amount: Mapped[Money]
    state: Mapped[RefundState] = mapped_column(choice(RefundState, "state"))
    reference: Mapped[str | None] = mapped_column(String(255))
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(200))
    done_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(300), default="")

    payment: Mapped[Payment] = related(back_populates="refunds")


class ProviderEvent(Model):
    """What a provider told us, stored as it came and handled once: it only says where to look for the truth."""

    __tablename__ = "provider_events"
    __table_args__ = (UniqueConstraint("provider", "event_id"), Index("ix_provider_events_handled_at", "handled_at"))

    id: Mapped[RowId]
    provider: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class DisputeState(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Dispute(Model):
    """A card's bank takes an amount back; it is decided later."""

    __tablename__ = "disputes"
    __table_args__ = (UniqueConstraint("provider", "reference"), CheckConstraint("amount > 0", name="amount"))

    id: Mapped[RowId]
    provider: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(255))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempts.id"))
    amount: Mapped[Money]
    state: Mapped[DisputeState] = mapped_column(choice(DisputeState, "state"))
    reason: Mapped[str] = mapped_column(String(80), default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
