"""Lines of providers' books, until when they were read, and what of them came to the bank."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.bank.models import BankTransfer
from marketplace.shop.payments.providers.interface import LineKind


class ProviderLine(Model):
    """A line of a provider's books as they have it. Only `payout` comes later: when the line is paid out.

    `presentment` is in dong, what the buyer's bank was asked for; `amount`, `fee` and `net` are in the smallest unit
    of `currency`, in which the provider settles.
    """

    __tablename__ = "provider_lines"
    __table_args__ = (
        UniqueConstraint("provider", "reference"),
        CheckConstraint("net = amount - fee", name="net"),
        CheckConstraint("(kind IN ('payout', 'payout_failed')) = (arrives_on IS NOT NULL)", name="arrives"),
        Index("ix_provider_lines_source", "source"),
        Index("ix_provider_lines_provider_payout", "provider", "payout"),
        Index("ix_provider_lines_at", "at"),
    )

    id: Mapped[RowId]
    provider: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(255))
    kind: Mapped[LineKind] = mapped_column(choice(LineKind, "kind"))
    source: Mapped[str] = mapped_column(String(255))
    presentment: Mapped[Money | None]
    amount: Mapped[int] = mapped_column(BigInteger)
    fee: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    payout: Mapped[str | None] = mapped_column(String(255))
    at: Mapped[datetime]
    arrives_on: Mapped[date | None]
    descriptor: Mapped[str] = mapped_column(String(120), default="")
    kept_at: Mapped[datetime]

    def money(self, amount: int) -> Money:
        """An amount of this line with its currency."""
        return Money(amount, self.currency)


class ProviderMark(Model):
    """When a provider's books were last read to their end."""

    __tablename__ = "provider_marks"

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    read_at: Mapped[datetime]


class Arrival(Model):
    """A provider's payout, or what a carrier paid in, found on the bank's statement: each once, each transfer once."""

    __tablename__ = "bank_arrivals"
    __table_args__ = (
        CheckConstraint("(line_id IS NULL) <> (remittance_id IS NULL)", name="of_one"),
        CheckConstraint("credited > 0", name="credited"),
    )

    id: Mapped[RowId]
    line_id: Mapped[int | None] = mapped_column(ForeignKey("provider_lines.id"), unique=True)
    remittance_id: Mapped[int | None] = mapped_column(ForeignKey("remittances.id"), unique=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("bank_transfers.id"), unique=True)
    credited: Mapped[Money]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))

    transfer: Mapped[BankTransfer] = related()
