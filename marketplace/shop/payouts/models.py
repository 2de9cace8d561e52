"""Payout batches with their lines, carriers' remittances with the parts they cover, tax filings."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.orders.models import OrderPart


class BatchState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"  # the money is set aside, the bank file may be taken
    SENT = "sent"
    CANCELLED = "cancelled"  # before anything was set aside


class LineState(StrEnum):
    PLANNED = "planned"
    APPROVED = "approved"
    SENT = "sent"
    FAILED = "failed"  # the bank could not: the amount is the producer's again


class PayoutBatch(Model):
    """Producers paid together. Who made it never approves it (ASVS 5.0, V2.3.5).

    `earned_until` is fixed when it is made: what a producer earned after it stays for a later one.
    """

    __tablename__ = "payout_batches"
    __table_args__ = (
        CheckConstraint("approved_by_id <> made_by_id", name="two_people"),
        CheckConstraint("(state IN ('approved', 'sent')) = (approved_by_id IS NOT NULL)", name="approved"),
        CheckConstraint("(state = 'sent') = (bank_reference <> '')", name="sent"),
        Index("ix_payout_batches_state", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[BatchState] = mapped_column(choice(BatchState, "state"))
    earned_until: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str] = mapped_column(String(120), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str] = mapped_column(String(120), default="")
    bank_reference: Mapped[str] = mapped_column(String(80), default="")

    lines: Mapped[list["PayoutLine"]] = related(order_by="PayoutLine.id", back_populates="batch")

    @property
    def going(self) -> list["PayoutLine"]:
        """The lines that are or were paid: without those that the bank could not. Loads `lines`."""
        return [line for line in self.lines if line.state is not LineState.FAILED]


class PayoutLine(Model):
    """One producer's amount and the account it goes to, as it was checked when the batch was made."""

    __tablename__ = "payout_lines"
    __table_args__ = (
        UniqueConstraint("batch_id", "producer_id"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("state <> 'failed' OR trouble <> ''", name="failed_with_reason"),
        Index("ix_payout_lines_producer_id", "producer_id"),
    )

    id: Mapped[RowId]
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batches.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    amount: Mapped[Money]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    bank_bin: Mapped[str] = mapped_column(String(6))
    bank_name: Mapped[str] = mapped_column(String(100))
    account_number: Mapped[str] = mapped_column(String(24))
    holder: Mapped[str] = mapped_column(String(120))
    state: Mapped[LineState] = mapped_column(choice(LineState, "state"))
    trouble: Mapped[str] = mapped_column(String(200), default="")

    batch: Mapped[PayoutBatch] = related(back_populates="lines")
    producer: Mapped[Producer] = related()


class Remittance(Model):
    """Cash that a carrier handed over. What differs from what was due waits in a queue until it is settled."""

    __tablename__ = "remittances"
    __table_args__ = (
        UniqueConstraint("carrier", "bank_reference"),
        CheckConstraint("amount > 0 AND due > 0", name="amounts"),
        CheckConstraint("(settled_at IS NULL) = (settled_note = '')", name="settled"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    carrier: Mapped[str] = mapped_column(String(120))
    bank_reference: Mapped[str] = mapped_column(String(80))
    amount: Mapped[Money]
    due: Mapped[Money]
    received_on: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str] = mapped_column(String(120))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(120), default="")
    settled_note: Mapped[str] = mapped_column(String(200), default="")

    parts: Mapped[list["RemittedPart"]] = related(order_by="RemittedPart.part_id", back_populates="remittance")

    @property
    def difference(self) -> Money:
        """More than due, or less (below zero)."""
        return self.amount - self.due


class RemittedPart(Model):
    """A part whose cash a remittance covers: each part once."""

    __tablename__ = "remitted_parts"
    __table_args__ = (Index("ix_remitted_parts_remittance_id", "remittance_id"),)

    part_id: Mapped[int] = mapped_column(ForeignKey("order_parts.id"), primary_key=True, autoincrement=False)
    remittance_id: Mapped[int] = mapped_column(ForeignKey("remittances.id"))
    amount: Mapped[Money]

    remittance: Mapped[Remittance] = related(back_populates="parts")
    part: Mapped[OrderPart] = related()


class TaxFiling(Model):
    """A month's withheld taxes, declared and paid to the State. Once a month."""

    __tablename__ = "tax_filings"
    __table_args__ = (CheckConstraint("vat >= 0 AND income_tax >= 0", name="amounts"),)

    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    vat: Mapped[Money]
    income_tax: Mapped[Money]
    bank_reference: Mapped[str] = mapped_column(String(80))
    paid_at: Mapped[datetime]
    paid_by: Mapped[str] = mapped_column(String(120))
