"""Incoming transfers, and what of each was given to which order."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.orders.models import NOTHING
from marketplace.shop.payments.models import Payment


class TransferState(StrEnum):
    MATCHED = "matched"  # it paid what its note names
    UNDER = "under"  # it counts for its order, which is not paid yet
    OVER = "over"  # its order is paid, the rest goes back
    LATE = "late"  # its order had lapsed
    DOUBLE = "double"  # its order was paid already
    UNKNOWN = "unknown"  # no order, or several and not their sum
    RESOLVED = "resolved"  # an officer decided


QUEUES = (TransferState.UNDER, TransferState.OVER, TransferState.LATE, TransferState.DOUBLE, TransferState.UNKNOWN)


class TransferSource(StrEnum):
    STATEMENT = "statement"
    FEED = "feed"


class BankTransfer(Model):
    """Money that came to an account of ours. `allocated` is what was given to orders, or sent back, so far."""

    __tablename__ = "bank_transfers"
    __table_args__ = (
        UniqueConstraint("account", "reference"),
        UniqueConstraint("account", "other_reference"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("allocated >= 0 AND allocated <= amount", name="allocated"),
        CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved"),
        Index("ix_bank_transfers_state", "state", "booked_at"),
        Index("ix_bank_transfers_account_amount", "account", "amount"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    account: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(120))  # the bank's own number of it
    other_reference: Mapped[str | None] = mapped_column(String(120))  # what statement or feed call it otherwise
    amount: Mapped[Money]
    allocated: Mapped[Money] = mapped_column(default=NOTHING)
    booked_at: Mapped[datetime]
    timed: Mapped[bool]  # whether the minute is known, or only the day
    note: Mapped[str] = mapped_column(String(500))
    payer: Mapped[str] = mapped_column(String(200), default="")
    payer_account: Mapped[str] = mapped_column(String(60), default="")
    source: Mapped[TransferSource] = mapped_column(choice(TransferSource, "source"))
    state: Mapped[TransferState] = mapped_column(choice(TransferState, "state"))
    received_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(200))
    remark: Mapped[str] = mapped_column(String(500), default="")

    allocations: Mapped[list["BankAllocation"]] = related(order_by="BankAllocation.id", back_populates="transfer")

    @property
    def left(self) -> Money:
        """What nobody has decided on yet."""
        return self.amount - self.allocated


class BankAllocation(Model):
    """A piece of a transfer: for an order's payment, sent back by the transfer `sent_reference`, or what `settles`.

    `settles` names what the money is that no order's buyer sent: a provider's payout, what a carrier paid in.
    """

    __tablename__ = "bank_allocations"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "(payment_id IS NULL OR (sent_reference IS NULL AND settles IS NULL))"
            " AND (sent_reference IS NULL OR settles IS NULL)"
            " AND (payment_id IS NOT NULL OR sent_reference IS NOT NULL OR settles IS NOT NULL)",
            name="where_to",
        ),
        Index("ix_bank_allocations_transfer_id", "transfer_id"),
        Index("ix_bank_allocations_payment_id", "payment_id"),
    )

    id: Mapped[RowId]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("bank_transfers.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    amount: Mapped[Money]
    sent_reference: Mapped[str | None] = mapped_column(String(120))
    settles: Mapped[str | None] = mapped_column(String(120))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))

    transfer: Mapped[BankTransfer] = related(back_populates="allocations")
    payment: Mapped[Payment | None] = related()


class FeedMark(Model):
    """Up to which of the feed's numbers it was read in order: what the webhook tells does not move it."""

    __tablename__ = "bank_feed_marks"
    __table_args__ = (CheckConstraint("read_until >= 0", name="read_until"),)

    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    read_until: Mapped[int]
