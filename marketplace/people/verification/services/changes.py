"""Facts that were checked change by the office's word; the one before stands meanwhile."""

from datetime import datetime

from sqlalchemy import select

from marketplace.people.accounts.models import Organisation
from marketplace.people.places.queries import find_commune
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.verification import mails
from marketplace.people.verification.models import ChangeState, FactChange, Field, TaxSubject, Verification
from marketplace.people.verification.queries import current
from marketplace.people.verification.rules import FIELDS, Step
from marketplace.people.verification.services.steps import (
    NotNow,
    file_to_decide,
    note,
    other_hands,
    same_as_seen,
    stands,
)
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_


def propose(producer: Producer, row: Verification, field: Field, value: str, *, by: Actor, at: datetime) -> bool:
    """Want a fact to be `value`: at once where nobody checked it yet; else it waits, and True is answered.

    What waited for the same fact gives way; wanting what stands takes the change back.
    """
    before = current(producer, row, field)
    if not stands(row):
        if value != before:
            put(producer, row, field, value, at=at)
        return False
    waits = db.session.scalar(
        select(FactChange)
        .where(
            FactChange.producer_id == producer.id,
            FactChange.field == field,
            FactChange.state == ChangeState.PENDING,
        )
        .with_for_update()
    )
    if waits is not None and waits.after_value == value:
        return True
    if waits is not None:
        waits.state = ChangeState.WITHDRAWN
        db.session.flush()
    if value == before:
        return False
    db.session.add(
        FactChange(
            producer_id=producer.id,
            field=field,
            before_value=before,
            after_value=value,
            state=ChangeState.PENDING,
            entered_at=at,
            entered_by=by.name,
            entered_by_id=by.user_id,
        )
    )
    db.session.flush()
    return True


def decide_changes(
    *, slug: str, step: Step, accepted: bool, remark: str = "", seen: int, by: Actor, at: datetime
) -> None:
    """The province's word on the changes of one step that wait: they hold from now on, or never; a letter says so."""
    producer, row = file_to_decide(slug, by, at)
    same_as_seen(row, seen)
    if not accepted and not remark.strip():
        raise Invalid({"remark": N_("Ghi lý do để nơi làm biết.")})
    waits = list(
        db.session.scalars(
            select(FactChange)
            .where(
                FactChange.producer_id == producer.id,
                FactChange.field.in_(FIELDS.get(step, ())),
                FactChange.state == ChangeState.PENDING,
            )
            .order_by(FactChange.id)
            .with_for_update()
        )
    )
    if not waits:
        raise NotNow
    for change in waits:
        other_hands(change.entered_by_id, by)
        change.state = ChangeState.APPROVED if accepted else ChangeState.REFUSED
        change.decided_at, change.decided_by, change.decided_by_id = at, by.name, by.user_id
        change.remark = remark.strip()
        if accepted:
            put(producer, row, change.field, change.after_value, at=at)
    row.version += 1
    verb = "change_approved" if accepted else "change_refused"
    note(producer, verb, subject=step.value, remark=remark.strip(), by=by, at=at)
    mails.told(producer, verb=verb, remark=remark.strip(), at=at)


def put(producer: Producer, row: Verification, field: Field, value: str, *, at: datetime) -> None:
    """Make a fact hold everywhere: page, orders, payout."""
    if field is Field.NAME:
        producer.name = value
        db.session.get_one(Organisation, producer.organisation_id).name = value
    elif field is Field.KIND:
        producer.kind = ProducerKind(value)
    elif field is Field.COMMUNE:
        commune = find_commune(value)
        assert commune is not None, "checked when it was said"
        producer.commune, producer.commune_id = commune, commune.id
    elif field is Field.REGISTRATION:
        producer.registration_number = value or None
    elif field is Field.TAX_SUBJECT:
        row.tax_subject = TaxSubject(value)
    else:
        producer.tax_code = value or None
    db.session.flush()
    changed("producer", producer.id, at=at)
