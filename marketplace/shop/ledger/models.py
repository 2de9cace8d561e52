"""Accounts, entries, transfers. A transfer takes an amount from one account and gives it to another.

So an entry cannot be out of balance, and the sum over all accounts is zero, always. Rows are added, never changed:
the database itself refuses to (triggers); what was wrong is put right by an entry the other way.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice


class AccountKind(StrEnum):
    BUYERS = "buyers"  # what buyers have paid and not yet received goods for
    PRODUCER = "producer"  # what a producer is owed: payable; below zero, what it owes
    COMMISSION = "commission"  # the platform's own share
    CHARGES = "charges"  # paid to the office itself: booths and tickets of fairs
    SHIPPING = "shipping"  # delivery charged to buyers, on its way to whoever delivers
    VOUCHERS = "vouchers"  # what the province gave away
    TAX_WITHHELD = "tax_withheld"  # VAT and income tax kept back for the State, by producer
    REFUNDS = "refunds"  # promised to buyers, not yet gone out
    CARRIER = "carrier"  # cash that carriers hold, by carrier
    PROVIDER = "provider"  # with the card provider, not yet paid out to the bank
    PROVIDER_FEES = "provider_fees"
    DISPUTES = "disputes"  # taken back by the card's bank, not yet decided
    BANK = "bank"
    UNMATCHED = "unmatched"  # received, and not yet known for what
    PAYOUTS = "payouts"  # promised to producers' banks, not yet gone out
    EXCHANGE = "exchange"  # between what a buyer's bank was asked for and what the provider settles


class Account(Model):
    """What money is kept apart for. `party` says whose, where a kind has several: a producer's slug, a carrier."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        CheckConstraint("(kind IN ('producer', 'tax_withheld')) = (producer_id IS NOT NULL)", name="producer"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[AccountKind] = mapped_column(choice(AccountKind, "kind"))
    party: Mapped[str] = mapped_column(String(120), default="")
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))


class Entry(Model):
    """One event of money, booked once: `key` names the event, `reference` the order, part, payout it is about.

    `position` and `seal` are empty until the worker has chained it.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_reference", "reference"), Index("ix_ledger_entries_day", "day"))

    id: Mapped[RowId]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(60))
    memo: Mapped[str] = mapped_column(String(200), default="")
    day: Mapped[date]  # in the province
    at: Mapped[datetime]
    position: Mapped[int | None] = mapped_column(unique=True)
    seal: Mapped[str | None] = mapped_column(String(64))

    transfers: Mapped[list["Transfer"]] = related(order_by="Transfer.position", back_populates="entry")


class Transfer(Model):
    """An amount that goes from the account `credit_id` to the account `debit_id`."""

    __tablename__ = "ledger_transfers"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        Index("ix_ledger_transfers_entry_id", "entry_id"),
        Index("ix_ledger_transfers_debit_id", "debit_id"),
        Index("ix_ledger_transfers_credit_id", "credit_id"),
    )

    id: Mapped[RowId]
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entries.id"))
    position: Mapped[int]
    debit_id: Mapped[int] = mapped_column(ForeignKey("ledger_accounts.id"))
    credit_id: Mapped[int] = mapped_column(ForeignKey("ledger_accounts.id"))
    amount: Mapped[Money]
    what: Mapped[str] = mapped_column(String(40))  # goods, shipping, vat, …: how the statement names the line

    entry: Mapped[Entry] = related(back_populates="transfers")
    debit: Mapped[Account] = related(foreign_keys=[debit_id])
    credit: Mapped[Account] = related(foreign_keys=[credit_id])


class PartTerms(Model):
    """What was agreed for a part when it was ordered: rates in hundredths of a percent, frozen.

    `goods` is what the producer's taxes and commission are worked out from: its goods less what it gives away itself.
    """

    __tablename__ = "ledger_part_terms"
    __table_args__ = (
        CheckConstraint("commission_bp BETWEEN 0 AND 10000", name="commission"),
        CheckConstraint("vat_bp >= 0 AND income_bp >= 0", name="taxes"),
    )

    part_id: Mapped[int] = mapped_column(ForeignKey("order_parts.id"), primary_key=True, autoincrement=False)
    commission_bp: Mapped[int]
    vat_bp: Mapped[int]
    income_bp: Mapped[int]
    tax_subject: Mapped[str] = mapped_column(String(20))


class CommissionRate(Model):
    """What the platform keeps of a producer's goods from a day on; without a producer, of everybody's.

    One rate a day of each: a second word would leave orders of that day in doubt.
    """

    __tablename__ = "commission_rates"
    __table_args__ = (
        CheckConstraint("rate_bp BETWEEN 0 AND 5000", name="rate"),
        Index("uq_commission_rates_producer_id_valid_from", "producer_id", "valid_from", unique=True),
        Index(
            "uq_commission_rates_everybody",
            "valid_from",
            unique=True,
            postgresql_where=text("producer_id IS NULL"),
            sqlite_where=text("producer_id IS NULL"),
        ),
    )

    id: Mapped[RowId]
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))
    valid_from: Mapped[date]
    rate_bp: Mapped[int]
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(200))

    producer: Mapped[Producer | None] = related()
