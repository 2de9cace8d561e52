"""A producer's verification: where it stands, its history, changes that wait, its bank account, its contacts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice


class VerificationState(StrEnum):
    OPEN = "open"  # the producer is still filling in
    WAITING = "waiting"  # sent to the province
    RETURNED = "returned"  # with remarks beside the steps
    APPROVED = "approved"
    SUSPENDED = "suspended"


TRANSITIONS: dict[VerificationState, frozenset[VerificationState]] = {
    VerificationState.OPEN: frozenset({VerificationState.WAITING, VerificationState.APPROVED}),
    VerificationState.WAITING: frozenset({VerificationState.RETURNED, VerificationState.APPROVED}),
    VerificationState.RETURNED: frozenset({VerificationState.WAITING, VerificationState.APPROVED}),
    VerificationState.APPROVED: frozenset({VerificationState.SUSPENDED}),
    VerificationState.SUSPENDED: frozenset({VerificationState.APPROVED}),
}
CHECKED_ONCE = frozenset({VerificationState.APPROVED, VerificationState.SUSPENDED})


class TaxSubject(StrEnum):
    ORGANISATION = "organisation"
    HOUSEHOLD = "household"
    INDIVIDUAL = "individual"


class Field(StrEnum):
    """A fact that the office has checked: it changes only by the office's word."""

    NAME = "name"
    KIND = "kind"
    COMMUNE = "commune"
    REGISTRATION = "registration_number"
    TAX_SUBJECT = "tax_subject"
    TAX_CODE = "tax_code"


class ChangeState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AccountState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class ContactRole(StrEnum):
    HEAD = "head"
    SALES = "sales"
    PRODUCTION = "production"
    ACCOUNTS = "accounts"
    OTHER = "other"


def _one(name: str, condition: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


class Verification(Model):
    """Where the check of a producer stands, and what it says of itself beside the register's facts.

    `version` counts what it said: an officer decides on what they saw, or not at all. Whether its goods are public is
    `Producer.verified_at`, set by an officer's approval alone.
    """

    __tablename__ = "verifications"
    __table_args__ = (
        CheckConstraint("state <> 'waiting' OR sent_at IS NOT NULL", name="sent"),
        CheckConstraint("(state = 'suspended') = (suspension_reason <> '')", name="suspended_with_reason"),
        CheckConstraint("workers >= 0 AND local_workers >= 0 AND local_workers <= workers", name="workers"),
        Index("ix_verifications_state", "state", "sent_at"),
    )

    id: Mapped[RowId]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id", ondelete="CASCADE"), unique=True)
    state: Mapped[VerificationState] = mapped_column(choice(VerificationState, "state"))
    version: Mapped[int] = mapped_column(default=0)
    tax_subject: Mapped[TaxSubject | None] = mapped_column(choice(TaxSubject, "tax_subject"))
    led_by_woman: Mapped[bool] = mapped_column(default=False)  # official statistics, and points of the programme
    led_by_minority: Mapped[bool] = mapped_column(default=False)
    workers: Mapped[int | None]
    local_workers: Mapped[int | None]
    remarks: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # by step, of the last return
    suspension_reason: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]

    producer: Mapped[Producer] = related()


class VerificationStep(Model):
    """Who did what with a verification, when, and what they had checked. Append-only."""

    __tablename__ = "verification_steps"
    __table_args__ = (Index("ix_verification_steps_producer_id", "producer_id"),)

    id: Mapped[RowId]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(200), default="")  # the step, or the paper
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_role: Mapped[str] = mapped_column(String(32))
    behalf: Mapped[str] = mapped_column(String(200), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    checked: Mapped[list[str]] = mapped_column(JSON, default=list)


class FactChange(Model):
    """A checked fact that its producer wants changed; the one before stands until an officer has said yes."""

    __tablename__ = "fact_changes"
    __table_args__ = (
        CheckConstraint("before_value <> after_value", name="differs"),
        CheckConstraint("(state IN ('approved', 'refused')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("state <> 'refused' OR remark <> ''", name="refused_with_remark"),
        CheckConstraint("decided_by_id <> entered_by_id", name="two_people"),
        _one("uq_fact_changes_pending", "state = 'pending'", "producer_id", "field"),
        Index("ix_fact_changes_producer_id", "producer_id"),
    )

    id: Mapped[RowId]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id", ondelete="CASCADE"))
    field: Mapped[Field] = mapped_column(choice(Field, "field"))
    before_value: Mapped[str] = mapped_column(String(200))  # a commune by its code
    after_value: Mapped[str] = mapped_column(String(200))
    state: Mapped[ChangeState] = mapped_column(choice(ChangeState, "state"))
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(120))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    remark: Mapped[str] = mapped_column(Text, default="")


class BankAccount(Model):
    """Where a producer is paid. In force only by the word of somebody else than who entered it (ASVS 5.0, V2.3.5).

    `told` holds the addresses that hear of the next one, so that who knew of this account learns that it is replaced.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (
        CheckConstraint("length(bank_bin) = 6", name="bin"),
        CheckConstraint("length(number) >= 4", name="number"),
        CheckConstraint("decided_by_id <> entered_by_id", name="two_people"),
        CheckConstraint("state <> 'refused' OR remark <> ''", name="refused_with_remark"),
        CheckConstraint("state <> 'in_force' OR decided_at IS NOT NULL", name="in_force_by_decision"),
        _one("uq_bank_accounts_proposed", "state = 'proposed'", "producer_id"),
        _one("uq_bank_accounts_in_force", "state = 'in_force'", "producer_id"),
        Index("ix_bank_accounts_producer_id", "producer_id"),
    )

    id: Mapped[RowId]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id", ondelete="CASCADE"))
    bank_bin: Mapped[str] = mapped_column(String(6))
    bank_name: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(24))
    holder: Mapped[str] = mapped_column(String(120))
    state: Mapped[AccountState] = mapped_column(choice(AccountState, "state"))
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(120))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    remark: Mapped[str] = mapped_column(Text, default="")

    @property
    def tail(self) -> str:
        """`•••• 6789`: what is shown once it was entered."""
        return f"•••• {self.number[-4:]}"


class Contact(Model):
    """Somebody to call or write to about a producer; the first is the one that buyers are told of."""

    __tablename__ = "producer_contacts"
    __table_args__ = (Index("ix_producer_contacts_producer_id", "producer_id"),)

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[ContactRole] = mapped_column(choice(ContactRole, "role"))
    phone: Mapped[str] = mapped_column(String(16))  # E.164
    email: Mapped[str | None] = mapped_column(String(254))
    position: Mapped[int]
