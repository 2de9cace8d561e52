"""Registering and verifying producers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from marketplace.people.accounts.models import User
from marketplace.people.accounts.services import NewAccount, register
from marketplace.people.places.queries import find_commune
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.producers.policies import VERIFY_PRODUCERS
from marketplace.people.producers.queries import get_own, get_within
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug
from marketplace.platform.core.words import N_


@dataclass(frozen=True)
class ProducerFacts:
    """Who makes the goods, where. `phone` in E.164."""

    name: str
    kind: ProducerKind
    commune_code: str
    contact_name: str
    phone: str | None = None
    story: str = ""
    story_en: str = ""
    founded_year: int | None = None


@dataclass(frozen=True)
class ProducerProfile:
    """What a producer says of itself and may change itself; what the office checks is `people.verification`'s."""

    street: str = ""
    founded_year: int | None = None
    story: str = ""
    story_en: str = ""


def register_producer(*, account: NewAccount, facts: ProducerFacts, at: datetime, target: str = "") -> User | None:
    """Register a person together with the producer they act for, which then waits to be verified."""
    if find_commune(facts.commune_code) is None:
        raise Invalid({"commune_code": N_("Chọn xã hoặc phường")})
    user = register(account=account, at=at, target=target)
    if user is not None and user.organisation_id is not None:
        create_producer(organisation_id=user.organisation_id, facts=facts, by=user.actor(), at=at)
    return user


def create_producer(*, organisation_id: int, facts: ProducerFacts, by: Actor, at: datetime) -> Producer:
    """Make an organisation a producer, not yet verified."""
    commune = find_commune(facts.commune_code)
    if commune is None:
        raise Invalid({"commune_code": N_("Chọn xã hoặc phường")})
    producer = Producer(
        organisation_id=organisation_id,
        slug=free_slug(facts.name, lambda s: bool(db.session.scalar(select(exists().where(Producer.slug == s))))),
        name=nfc(facts.name),
        kind=facts.kind,
        commune_id=commune.id,
        contact_name=nfc(facts.contact_name),
        phone=facts.phone,
        story=facts.story.strip(),
        story_en=facts.story_en.strip(),
        founded_year=facts.founded_year,
        created_at=at,
    )
    db.session.add(producer)
    db.session.flush()
    record(by=by, action="producer.created", subject_type="producer", subject=producer.slug, at=at)
    return producer


def save_profile(*, profile: ProducerProfile, by: Actor, at: datetime) -> Producer:
    """Change what the actor's own producer says of itself; NotFound for who acts for none."""
    producer = get_own(by)
    if profile.founded_year is not None and not 1500 <= profile.founded_year <= day_of(at).year:
        raise Invalid({"founded_year": N_("Năm bắt đầu không thể ở tương lai.")})
    producer.street = nfc(profile.street) or None
    producer.founded_year = profile.founded_year
    producer.story, producer.story_en = profile.story.strip(), profile.story_en.strip()
    changed("producer", producer.id, at=at)
    record(by=by, action="producer.profile", subject_type="producer", subject=producer.slug, at=at)
    return producer


def verify_producer(*, slug: str, by: Actor, at: datetime) -> Producer:
    """Say that the office has verified who the producer is; from then on its certified products are public."""
    return _set_verified(slug, at, by=by, at=at, action="producer.verified")


def suspend_producer(*, slug: str, by: Actor, at: datetime) -> Producer:
    """Take the verification back; everything of the producer leaves the shop at once."""
    return _set_verified(slug, None, by=by, at=at, action="producer.suspended")


def forget_contact(*, by: Actor, at: datetime) -> None:
    """Strike the acting person out where they are the contact of their producer."""
    producer = db.session.scalar(select(Producer).where(Producer.organisation_id == by.organisation_id))
    if producer is not None and producer.contact_name == by.name:
        producer.contact_name, producer.phone = "", None
        changed("producer", producer.id, at=at)


def _set_verified(slug: str, verified_at: datetime | None, *, by: Actor, at: datetime, action: str) -> Producer:
    if not VERIFY_PRODUCERS.held_by(by):
        raise Forbidden
    producer = get_within(slug, by=by)
    producer.verified_at = verified_at
    changed("producer", producer.id, at=at)
    record(by=by, action=action, subject_type="producer", subject=slug, at=at)
    return producer
