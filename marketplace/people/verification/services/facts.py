"""What a producer says of itself, step by step: saved as it comes; what was checked before waits for the office."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select

from marketplace.people.accounts.models import User
from marketplace.people.places.queries import find_commune
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.verification.models import Contact, ContactRole, Field, Verification
from marketplace.people.verification.queries import file_of, list_contacts
from marketplace.people.verification.rules import Step, read_tax
from marketplace.people.verification.services.changes import propose
from marketplace.people.verification.services.steps import note, own_file
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_

MOST_CONTACTS = 10
MOST_WORKERS = 100_000


class TooManyContacts(Conflict):
    """A producer has at most ten contacts."""

    code = "too_many_contacts"
    message = N_("Mỗi nơi làm ghi nhiều nhất 10 người liên hệ.")


@dataclass(frozen=True)
class IdentityFacts:
    """Who makes the goods, as registered, and where."""

    name: str
    kind: ProducerKind
    commune_code: str
    registration_number: str = ""
    street: str = ""
    founded_year: int | None = None


@dataclass(frozen=True)
class LeaderFacts:
    """Who leads, and how many work there; `local_workers` of them live in the commune."""

    led_by_woman: bool
    led_by_minority: bool
    workers: int
    local_workers: int


@dataclass(frozen=True)
class ContactFacts:
    """Somebody to call: `phone` in E.164, `email` as `read_email` gives it."""

    name: str
    role: ContactRole
    phone: str
    email: str | None = None


def save_identity(*, facts: IdentityFacts, by: Actor, at: datetime) -> None:
    """Say who the producer is; what the office has checked of it before waits for its word."""
    producer, row = own_file(by, at)
    wrong = {}
    if not nfc(facts.name):
        wrong["name"] = N_("Nhập tên như trên giấy đăng ký.")
    if find_commune(facts.commune_code) is None:
        wrong["commune_code"] = N_("Chọn xã hoặc phường")
    if facts.founded_year is not None and not 1500 <= facts.founded_year <= day_of(at).year:
        wrong["founded_year"] = N_("Năm bắt đầu không thể ở tương lai.")
    if wrong:
        raise Invalid(wrong)
    said = {
        Field.NAME: nfc(facts.name),
        Field.KIND: facts.kind.value,
        Field.COMMUNE: facts.commune_code,
        Field.REGISTRATION: nfc(facts.registration_number),
    }
    waiting = [field.value for field, value in said.items() if propose(producer, row, field, value, by=by, at=at)]
    producer.street, producer.founded_year = nfc(facts.street) or None, facts.founded_year
    changed("producer", producer.id, at=at)
    _saved(producer, row, Step.IDENTITY, waiting, by=by, at=at)


def save_tax(*, subject: str, code: str, by: Actor, at: datetime) -> None:
    """Say who pays tax how, and by which code; both wait for the office where it checked them before."""
    producer, row = own_file(by, at)
    kind = file_of(producer, on=day_of(at)).value(Field.KIND)
    said = {Field.TAX_SUBJECT: subject, Field.TAX_CODE: read_tax(kind, subject, code)}
    waiting = [field.value for field, value in said.items() if propose(producer, row, field, value, by=by, at=at)]
    _saved(producer, row, Step.TAX, waiting, by=by, at=at)


def save_leaders(*, facts: LeaderFacts, by: Actor, at: datetime) -> None:
    """Say who leads and how many work there; counts at once."""
    producer, row = own_file(by, at)
    if not 0 <= facts.workers <= MOST_WORKERS:
        raise Invalid({"workers": N_("Nhập số người làm.")})
    if not 0 <= facts.local_workers <= facts.workers:
        raise Invalid({"local_workers": N_("Số người ở xã không thể nhiều hơn số người làm.")})
    row.led_by_woman, row.led_by_minority = facts.led_by_woman, facts.led_by_minority
    row.workers, row.local_workers = facts.workers, facts.local_workers
    _saved(producer, row, Step.LEADERS, [], by=by, at=at)


def add_contact(*, facts: ContactFacts, by: Actor, at: datetime) -> Contact:
    """Add somebody to call; the first is who buyers are told of. Counts at once."""
    producer, row = own_file(by, at)
    known = list_contacts(producer.id)
    if len(known) >= MOST_CONTACTS:
        raise TooManyContacts
    if not nfc(facts.name):
        raise Invalid({"name": N_("Nhập tên người liên hệ.")})
    contact = Contact(
        code=random_code(8),
        producer_id=producer.id,
        name=nfc(facts.name),
        role=facts.role,
        phone=facts.phone,
        email=facts.email,
        position=max((each.position for each in known), default=-1) + 1,
    )
    db.session.add(contact)
    db.session.flush()
    _tell_buyers(producer, at)
    _saved(producer, row, Step.CONTACTS, [], by=by, at=at)
    return contact


def remove_contact(*, code: str, by: Actor, at: datetime) -> None:
    """Take somebody off the own producer's contacts."""
    producer, row = own_file(by, at)
    db.session.delete(_own_contact(producer, code))
    db.session.flush()
    _tell_buyers(producer, at)
    _saved(producer, row, Step.CONTACTS, [], by=by, at=at)


def put_contact_first(*, code: str, by: Actor, at: datetime) -> None:
    """Make one of the own producer's contacts the one that buyers are told of."""
    producer, row = own_file(by, at)
    first = db.session.scalar(select(func.min(Contact.position)).where(Contact.producer_id == producer.id)) or 0
    _own_contact(producer, code).position = first - 1
    db.session.flush()
    _tell_buyers(producer, at)
    _saved(producer, row, Step.CONTACTS, [], by=by, at=at)


def forget_contacts(*, by: Actor) -> None:
    """Strike the acting person out of their producer's contacts (Luật 91/2025/QH15)."""
    email = select(User.email).where(User.id == by.user_id).scalar_subquery()
    producer = select(Producer.id).where(Producer.organisation_id == by.organisation_id).scalar_subquery()
    theirs = or_(Contact.name == by.name, Contact.email == email)
    db.session.execute(delete(Contact).where(Contact.producer_id == producer, theirs))


def _own_contact(producer: Producer, code: str) -> Contact:
    found = db.session.scalar(select(Contact).where(Contact.producer_id == producer.id, Contact.code == code))
    if found is None:
        raise NotFound
    return found


def _tell_buyers(producer: Producer, at: datetime) -> None:
    """The first contact is the producer's, as its page and its orders name it."""
    first = next(iter(list_contacts(producer.id)), None)
    if first is not None:
        producer.contact_name, producer.phone = first.name, first.phone
        changed("producer", producer.id, at=at)


def _saved(producer: Producer, row: Verification, step: Step, waiting: list[str], *, by: Actor, at: datetime) -> None:
    row.version += 1
    note(producer, "said", subject=step.value, by=by, at=at, remark=", ".join(waiting))
