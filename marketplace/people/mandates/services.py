"""Giving, accepting and ending mandates; consenting to officers; beginning and ending to act for a producer."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role, SignIn
from marketplace.people.accounts.services import owned_by
from marketplace.people.mandates import mails
from marketplace.people.mandates.models import OPEN, TRANSITIONS, Mandate, MandateState, OfficeConsent
from marketplace.people.mandates.policies import ACT_AS_OFFICER, KEEP_MANDATES
from marketplace.people.mandates.queries import get_acted_for, get_mandate, list_cooperatives
from marketplace.people.producers.models import Producer
from marketplace.people.producers.queries import get_own, get_within
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.ids import new_token, random_code, token_hash
from marketplace.platform.core.words import N_

SHORTEST_PAPER = 10


class MandateGiven(Conflict):
    """The cooperative has an open mandate of this producer already."""

    code = "mandate_given"
    message = N_("Bạn đã giao quyền cho hợp tác xã này.")


class ConsentStands(Conflict):
    """Officers may help this producer already, or no longer."""

    code = "consent_state"
    message = N_("Việc cho cán bộ làm thay vừa được đổi. Xem lại trang này.")


class NoCooperative(Invalid):
    """A mandate goes to a verified cooperative other than oneself."""

    code = "no_cooperative"
    message = N_("Chọn một hợp tác xã đã xác minh.")


class MandateMoved(Conflict):
    """Where the mandate stands, this cannot be done to it."""

    code = "mandate_state"
    message = N_("Giấy giao quyền này đã được trả lời hoặc đã hết hiệu lực.")


def give_mandate(*, holder_slug: str, by: Actor, at: datetime) -> Mandate:
    """The acting owner's producer lets a verified cooperative work its desk, once the cooperative has accepted."""
    producer = _owners_producer(by)
    holder = next((each for each in list_cooperatives(but=producer.id) if each.slug == holder_slug), None)
    if holder is None:
        raise NoCooperative
    same = (Mandate.producer_id == producer.id, Mandate.holder_id == holder.id, Mandate.state.in_(OPEN))
    if db.session.scalar(select(exists().where(*same))):
        raise MandateGiven
    mandate = Mandate(
        code=f"UQ{random_code(8)}",
        producer_id=producer.id,
        holder_id=holder.id,
        state=MandateState.GIVEN,
        given_at=at,
        given_by=by.name,
    )
    db.session.add(mandate)
    db.session.flush()
    _note(mandate, producer, holder, by=by, at=at)
    return mandate


def accept_mandate(*, code: str, by: Actor, at: datetime) -> None:
    """The cooperative's owner takes a mandate up."""
    _owners_producer(by)
    mandate = _held(code, by, giver=False)
    _move(mandate, MandateState.ACCEPTED)
    mandate.accepted_at, mandate.accepted_by = at, by.name
    _note(mandate, mandate.producer, mandate.holder, by=by, at=at)


def end_mandate(*, code: str, to: MandateState, by: Actor, at: datetime) -> None:
    """Withdraw what one gave (any of its people may), or decline or lay down what one was given; holds at once."""
    if not KEEP_MANDATES.held_by(by):
        raise Forbidden
    mandate = _held(code, by, giver=to is MandateState.WITHDRAWN)
    _move(mandate, to)
    mandate.ended_at, mandate.ended_by = at, by.name
    _note(mandate, mandate.producer, mandate.holder, by=by, at=at)


def allow_officers(*, by: Actor, at: datetime) -> None:
    """The acting owner's producer lets the officers of its area work its desk, until it says otherwise."""
    _consent(_owners_producer(by), "", by=by, at=at)


def note_consent(*, slug: str, paper: str, by: Actor, at: datetime) -> None:
    """An officer notes a producer's consent on paper: where it lies and of which day. Its people are told by mail."""
    if not ACT_AS_OFFICER.held_by(by):
        raise Forbidden
    producer = get_within(slug, by=in_person(by))
    if len(paper) < SHORTEST_PAPER:
        raise Invalid({"paper": N_("Ghi giấy gì, ngày nào, ai ký, cất ở đâu.")})
    _consent(producer, paper, by=by, at=at)
    mails.helped(producer, who=by.name, what="noted", key=f"{at.timestamp()}", paper=paper, at=at)


def end_consent(*, by: Actor, at: datetime) -> None:
    """Any of the producer's own people ends it; officers who act at that moment lose it with their next step."""
    if not KEEP_MANDATES.held_by(by):
        raise Forbidden
    producer = get_own(in_person(by))
    ending = update(OfficeConsent).where(OfficeConsent.producer_id == producer.id, OfficeConsent.ended_at.is_(None))
    if rows_changed(ending.values(ended_at=at, ended_by=by.name)) != 1:
        raise ConsentStands
    record(by=by, action="consent.ended", subject_type="producer", subject=producer.slug, at=at)


def _consent(producer: Producer, paper: str, *, by: Actor, at: datetime) -> None:
    new = OfficeConsent(producer_id=producer.id, paper=paper, given_at=at, given_by=by.name)
    try:
        with db.session.begin_nested():
            db.session.add(new)
    except IntegrityError as first:
        raise ConsentStands from first
    detail = {"paper": paper}
    record(by=by, action="consent.given", subject_type="producer", subject=producer.slug, at=at, detail=detail)


def start_acting(*, sign_in: str, slug: str, by: Actor, at: datetime) -> str:
    """Have one's own sign-in, by its code, act for a producer; answers the cookie's new secret.

    NotFound for a producer that the person may not act for. The secret is a new one, so that no cookie known before
    carries the right.
    """
    producer = get_acted_for(slug, by=in_person(by))
    secret = _set_acting(sign_in, producer.organisation_id, by)
    if ACT_AS_OFFICER.held_by(by):
        mails.helped(producer, who=by.name, what="began", key=f"{by.user_id}:{at.timestamp()}", at=at)
    record(by=acting_as(by, producer), action="acting.started", subject_type="producer", subject=producer.slug, at=at)
    return secret


def stop_acting(*, sign_in: str, by: Actor, at: datetime) -> str:
    """Be oneself again; answers the cookie's new secret."""
    secret = _set_acting(sign_in, None, by)
    record(by=by, action="acting.stopped", subject_type="sign_in", subject=sign_in, at=at)
    return secret


def lose_acting(*, sign_in: str, by: Actor, at: datetime) -> None:
    """The right is gone (a mandate withdrawn, an officer moved): the sign-in is its person's own again."""
    db.session.execute(update(SignIn).where(SignIn.code == sign_in).values(acting_for_id=None))
    record(by=by, action="acting.lost", subject_type="sign_in", subject=sign_in, at=at)


def acting_as(by: Actor, producer: Producer) -> Actor:
    """The same person as services know them while they act for a producer: its role and organisation, no unit."""
    return Actor(by.user_id, by.name, Role.PRODUCER, producer.organisation_id, None, behalf=producer.name)


def _set_acting(code: str, organisation_id: int | None, by: Actor) -> str:
    token = new_token()
    own = update(SignIn).where(SignIn.code == code, SignIn.user_id == by.user_id, SignIn.ended_at.is_(None))
    if rows_changed(own.values(acting_for_id=organisation_id, token_hash=token_hash(token))) != 1:
        raise NotFound
    return token


def _owners_producer(by: Actor) -> Producer:
    """The producer that the acting person owns, in person."""
    if not KEEP_MANDATES.held_by(by):
        raise Forbidden
    owned_by(by)
    return get_own(by)


def _held(code: str, by: Actor, *, giver: bool) -> Mandate:
    mandate = get_mandate(code, by=by, hold=True)
    own = mandate.producer if giver else mandate.holder
    if own.organisation_id != by.organisation_id:
        raise Forbidden
    return mandate


def _move(mandate: Mandate, to: MandateState) -> None:
    if to not in TRANSITIONS[mandate.state]:
        raise MandateMoved
    mandate.state = to


def _note(mandate: Mandate, producer: Producer, holder: Producer, *, by: Actor, at: datetime) -> None:
    """Into the trail, and a letter to the people of the other side."""
    db.session.flush()
    detail = {"producer": producer.slug, "holder": holder.slug}
    action = f"mandate.{mandate.state.value}"
    record(by=by, action=action, subject_type="mandate", subject=mandate.code, at=at, detail=detail)
    told = producer if by.organisation_id == holder.organisation_id else holder
    mails.moved(mandate, producer, holder, told=told, at=at)
