"""Reading verifications: one producer's whole file, and the officers' queue."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from marketplace.people.papers.models import Paper, PaperState
from marketplace.people.papers.queries import usable_papers
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.people.verification.demands import Demand, demands_of, paper_kinds
from marketplace.people.verification.models import (
    CHECKED_ONCE,
    AccountState,
    BankAccount,
    ChangeState,
    Contact,
    FactChange,
    Field,
    Verification,
    VerificationState,
    VerificationStep,
)
from marketplace.people.verification.rules import Check, Said, Step, asked_checks, lacking, unanswered
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.folding import fold


@dataclass(frozen=True)
class ProducerFile:
    """All that a producer gave for its verification, and what is left of it to do."""

    producer: Producer
    row: Verification | None
    changes: tuple[FactChange, ...]  # that wait
    account: BankAccount | None  # in force
    proposed: BankAccount | None
    contacts: tuple[Contact, ...]
    demands: tuple[Demand, ...]
    papers: dict[str, Paper]  # by kind, those that may answer a demand today

    @property
    def state(self) -> VerificationState:
        """Where it stands; the public's view of it, `verified_at`, has the last word."""
        return standing(self.producer, self.row)

    @property
    def said(self) -> Said:
        tax = bool(self.value(Field.TAX_SUBJECT) and self.value(Field.TAX_CODE))
        return Said(
            street=bool(self.producer.street),
            registration=bool(self.value(Field.REGISTRATION)),
            tax=tax,
            account=self.account is not None or self.proposed is not None,
            contacts=bool(self.contacts),
            workers=self.row is not None and self.row.workers is not None,
            papers=not unanswered(self.demands, self.papers),
        )

    @property
    def lacking(self) -> dict[Step, str]:
        return lacking(self.said)

    @property
    def checks(self) -> tuple[Check, ...]:
        return asked_checks(self.said)

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def remarks(self) -> dict[str, str]:
        return self.row.remarks if self.row else {}

    def pending(self, field: Field) -> FactChange | None:
        """The change of a fact that waits, if any."""
        return next((change for change in self.changes if change.field == field), None)

    def value(self, field: Field) -> str:
        """What the producer wants a fact to be: what waits, else what stands."""
        change = self.pending(field)
        return change.after_value if change else current(self.producer, self.row, field)


@dataclass(frozen=True)
class Waiting:
    """One producer of the queue; `since` is when it began to wait, `changed` what waits beside a first check."""

    producer: Producer
    state: VerificationState
    since: datetime
    facts: int = 0
    papers: int = 0
    account: bool = False


def standing(producer: Producer, row: Verification | None) -> VerificationState:
    """Where a verification stands, for a producer that was verified by file or not at all too."""
    if producer.verified_at is not None:
        return VerificationState.APPROVED
    if row is None:
        return VerificationState.OPEN
    return VerificationState.SUSPENDED if row.state is VerificationState.APPROVED else row.state


def is_suspended(producer: Producer) -> bool:
    """Whether the office has suspended a producer that it had verified."""
    row = db.session.scalar(select(Verification).where(Verification.producer_id == producer.id))
    return standing(producer, row) is VerificationState.SUSPENDED


def current(producer: Producer, row: Verification | None, field: Field) -> str:
    """The fact that stands, as text; a commune by its code (`producer.commune` is loaded)."""
    if field == Field.COMMUNE:
        return producer.commune.code
    subject = row.tax_subject.value if row and row.tax_subject else ""
    return {
        Field.NAME: producer.name,
        Field.KIND: producer.kind.value,
        Field.REGISTRATION: producer.registration_number or "",
        Field.TAX_SUBJECT: subject,
        Field.TAX_CODE: producer.tax_code or "",
    }[field]


def file_of(producer: Producer, *, on: date) -> ProducerFile:
    """The file of a producer that the caller may see."""
    row = db.session.scalar(select(Verification).where(Verification.producer_id == producer.id))
    accounts = {account.state: account for account in db.session.scalars(_accounts(producer.id))}
    changes = tuple(db.session.scalars(_pending(producer.id)))
    kind = next((c.after_value for c in changes if c.field is Field.KIND), producer.kind.value)
    demands = demands_of(kind)
    return ProducerFile(
        producer=producer,
        row=row,
        changes=changes,
        account=accounts.get(AccountState.IN_FORCE),
        proposed=accounts.get(AccountState.PROPOSED),
        contacts=tuple(list_contacts(producer.id)),
        demands=demands,
        papers=usable_papers(producer.id, kinds=paper_kinds(demands), on=on),
    )


def list_contacts(producer_id: int) -> list[Contact]:
    """A producer's contacts, the first first."""
    query = select(Contact).where(Contact.producer_id == producer_id).order_by(Contact.position, Contact.id)
    return list(db.session.scalars(query))


def list_steps(producer_id: int) -> list[VerificationStep]:
    """Who did what with a producer's verification, newest first."""
    query = select(VerificationStep).where(VerificationStep.producer_id == producer_id)
    return list(db.session.scalars(query.order_by(VerificationStep.at.desc(), VerificationStep.id.desc())))


def account_in_force(producer_id: int) -> BankAccount | None:
    """Where a producer is paid today; None: nowhere yet."""
    return db.session.scalar(_accounts(producer_id).where(BankAccount.state == AccountState.IN_FORCE))


def tax_subject_of(producer_id: int) -> str:
    """Who pays tax how, as the office has checked it; empty where nobody has said."""
    found = db.session.scalar(select(Verification.tax_subject).where(Verification.producer_id == producer_id))
    return found.value if found else ""


def list_first_checks(*, by: Actor) -> list[Waiting]:
    """Producers sent to be verified, longest waiting first."""
    query = _within(by).where(Producer.verified_at.is_(None), Verification.state == VerificationState.WAITING)
    rows = db.session.execute(query.order_by(Verification.sent_at, Producer.id))
    return [Waiting(producer, row.state, row.sent_at or row.started_at) for producer, row in rows]


def list_changed(*, by: Actor) -> list[Waiting]:
    """Producers checked before of which something new waits, longest waiting first."""
    facts = _count(FactChange.producer_id, FactChange.entered_at, FactChange.state == ChangeState.PENDING)
    papers = _count(Paper.producer_id, Paper.given_at, Paper.state == PaperState.GIVEN)
    account = _count(BankAccount.producer_id, BankAccount.entered_at, BankAccount.state == AccountState.PROPOSED)
    checked = or_(Producer.verified_at.is_not(None), Verification.state.in_(CHECKED_ONCE))
    query = _within(by)
    for counted in (facts, papers, account):
        query = query.outerjoin(counted, counted.c.producer_id == Producer.id)
    anything = or_(*(counted.c.n > 0 for counted in (facts, papers, account)))
    columns = [column for counted in (facts, papers, account) for column in (counted.c.n, counted.c.since)]
    found = []
    for producer, row, *told in db.session.execute(query.where(checked, anything).add_columns(*columns)):
        since = min(when for when in told[1::2] if when is not None)
        n_facts, n_papers, n_accounts = (n or 0 for n in told[::2])
        found.append(Waiting(producer, standing(producer, row), since, n_facts, n_papers, n_accounts > 0))
    return sorted(found, key=lambda each: (each.since, each.producer.id))


def list_unfinished(*, by: Actor) -> list[Waiting]:
    """Producers that are neither verified nor waiting: still filling in, returned or suspended; oldest first."""
    idle = or_(Verification.id.is_(None), Verification.state != VerificationState.WAITING)
    query = _within(by).where(Producer.verified_at.is_(None), idle)
    rows = db.session.execute(query.order_by(Producer.created_at, Producer.id))
    return [Waiting(p, standing(p, row), (row.decided_at if row else None) or p.created_at) for p, row in rows]


def list_verified_within(*, by: Actor, words: str = "", page: int = 1, per_page: int = 40) -> list[Producer]:
    """Verified producers that an officer looks after, by name; `words` narrows to names that contain them."""
    query = _verified(by, words).options(joinedload(Producer.commune)).order_by(Producer.name, Producer.id)
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_verified_within(*, by: Actor, words: str = "") -> int:
    """How many there are of those."""
    return db.session.scalar(select(func.count()).select_from(_verified(by, words).subquery())) or 0


def _verified(by: Actor, words: str) -> Select[Producer]:
    query = select(Producer).where(Producer.verified_at.is_not(None), producers_within(by))
    return query.where(Producer.folded.contains(fold(words), autoescape=True)) if words else query


def _within(by: Actor) -> Select[Producer, Verification]:
    return (
        select(Producer, Verification)
        .outerjoin(Verification, Verification.producer_id == Producer.id)
        .where(producers_within(by))
        .options(joinedload(Producer.commune))
    )


def _count(
    producer_id: InstrumentedAttribute[int], since: InstrumentedAttribute[Any], waits: ColumnElement[bool]
) -> Subquery:
    """How many rows wait by producer, and since when."""
    n, first = func.count().label("n"), func.min(since).label("since")
    return select(producer_id.label("producer_id"), n, first).where(waits).group_by(producer_id).subquery()


def _pending(producer_id: int) -> Select[FactChange]:
    waits = (FactChange.producer_id == producer_id, FactChange.state == ChangeState.PENDING)
    return select(FactChange).where(*waits).order_by(FactChange.id)


def _accounts(producer_id: int) -> Select[BankAccount]:
    shown = (AccountState.IN_FORCE, AccountState.PROPOSED)
    return select(BankAccount).where(BankAccount.producer_id == producer_id, BankAccount.state.in_(shown))
