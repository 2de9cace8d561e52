"""The worker's part: the gate of every edition, letters that are due, queues that move up."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.trade.fairs.models import COMING, Edition, EditionState, EditionStep, ProgrammeRelease
from marketplace.trade.fairs.queries import released_programme
from marketplace.trade.fairs.rules import Change, ChangeKind
from marketplace.trade.visitors import mails
from marketplace.trade.visitors.models import (
    CheckinList,
    Registration,
    SeatBooking,
    SeatState,
    Ticket,
    TicketState,
    VisitorLetter,
)
from marketplace.trade.visitors.queries import list_seated
from marketplace.trade.visitors.services.doors import ensure_gate
from marketplace.trade.visitors.services.paying import give_back_called_off, settle_paid
from marketplace.trade.visitors.services.seats import move_up

A_BATCH = 200
RECENT = timedelta(days=7)  # a release older than that is told to nobody any more
Write = Callable[[Registration], None]


def watch(at: datetime) -> int:
    """What the worker does about visitors.

    Answers how many tickets were settled or paid back, letters written and seats moved up.
    """
    with transaction():
        done = settle_paid(at=at) + give_back_called_off(at=at)
    for edition in _editions():
        if edition.state in COMING:
            _open_gate(edition)
            done += _fill_seats(edition, at) + _tell_moved(edition, at) + _tell_releases(edition, at)
            if day_of(at) + timedelta(days=1) == edition.first_day:
                done += _tell(edition, "tomorrow", lambda row: mails.tomorrow(row, at=at), at)
        else:
            done += _tell_cancelled(edition, at)
    return done


def _editions() -> list[Edition]:
    """Those that are coming, and those that were called off while they had visitors."""
    registered = select(Registration.id).where(Registration.edition_id == Edition.id).exists()
    wanted = or_(Edition.state.in_(COMING), (Edition.state == EditionState.CANCELLED) & registered)
    return list(db.session.scalars(select(Edition).where(wanted).order_by(Edition.id)))


def _open_gate(edition: Edition) -> None:
    if db.session.scalar(select(CheckinList.id).where(CheckinList.edition_id == edition.id).limit(1)) is None:
        with transaction():
            ensure_gate(edition.id)


def _tell(edition: Edition, what: str, write: Write, at: datetime, only: Sequence[int] | None = None) -> int:
    """Write to every registration with a live ticket that was not written this before, a batch in each block."""
    told = 0
    while batch := _untold(edition.id, what, only):
        with transaction():
            for registration_id in batch:
                row = db.session.scalars(_whole().where(Registration.id == registration_id)).one()
                db.session.add(VisitorLetter(registration_id=row.id, what=what, written_at=at))
                write(row)
        told += len(batch)
    return told


def _untold(edition_id: int, what: str, only: Sequence[int] | None) -> list[int]:
    letter = select(VisitorLetter.what).where(VisitorLetter.registration_id == Registration.id)
    live = select(Ticket.id).where(Ticket.registration_id == Registration.id, Ticket.state != TicketState.CANCELLED)
    query = select(Registration.id).where(Registration.edition_id == edition_id, Registration.email.is_not(None))
    query = query.where(~letter.where(VisitorLetter.what == what).exists(), live.exists())
    if only is not None:
        query = query.where(Registration.id.in_(only))
    return list(db.session.scalars(query.order_by(Registration.id).limit(A_BATCH)))


def _whole() -> Select[Registration]:
    return select(Registration).options(selectinload(Registration.tickets), joinedload(Registration.edition))


def _tell_cancelled(edition: Edition, at: datetime) -> int:
    step = select(EditionStep.note).where(EditionStep.edition_id == edition.id)
    reason = db.session.scalar(step.where(EditionStep.entered == EditionState.CANCELLED)) or ""
    return _tell(edition, "cancelled", lambda row: mails.cancelled(row, reason=reason, at=at), at)


def _tell_moved(edition: Edition, at: datetime) -> int:
    """Write to those who were told other days, and note what they know now."""
    other = or_(Registration.first_day != edition.first_day, Registration.last_day != edition.last_day)
    stale = list(db.session.scalars(select(Registration.id).where(Registration.edition_id == edition.id, other)))

    def write(row: Registration) -> None:
        mails.moved(row, at=at)

    told = _tell(edition, f"moved {edition.first_day} {edition.last_day}", write, at, stale) if stale else 0
    for begun in range(0, len(stale), A_BATCH):
        with transaction():
            for row in db.session.scalars(
                select(Registration).where(Registration.id.in_(stale[begun : begun + A_BATCH]))
            ):
                row.first_day, row.last_day = edition.first_day, edition.last_day
    return told


def _tell_releases(edition: Edition, at: datetime) -> int:
    """Write to those with a seat in what a release changed."""
    query = select(ProgrammeRelease).where(ProgrammeRelease.edition_id == edition.id)
    query = query.where(ProgrammeRelease.released_at > at - RECENT).order_by(ProgrammeRelease.number)
    return sum(_tell_release(edition, release, at) for release in list(db.session.scalars(query)))


def _tell_release(edition: Edition, release: ProgrammeRelease, at: datetime) -> int:
    changes = [Change(each["code"], each["title"], ChangeKind(each["kind"])) for each in release.changes]
    changes = [each for each in changes if each.kind is not ChangeKind.NEW]
    seated = list_seated(edition.id, [each.code for each in changes]) if changes else []
    held = _sessions_of([row for row in seated if row.asked_at <= release.released_at])

    def write(row: Registration) -> None:
        mine = [each for each in changes if each.code in held[row.id]]
        mails.sessions_changed(row, mine, release.number, at=at)

    return _tell(edition, f"release {release.number}", write, at, sorted(held)) if held else 0


def _sessions_of(rows: list[SeatBooking]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row.ticket.registration_id, set()).add(row.item)
    return found


def _fill_seats(edition: Edition, at: datetime) -> int:
    """Seats were added: those who wait move up."""
    waiting = select(SeatBooking.item).where(SeatBooking.edition_id == edition.id)
    items = set(db.session.scalars(waiting.where(SeatBooking.state == SeatState.WAITING)))
    moved = 0
    for session in released_programme(edition.id) if items else []:
        if session.code in items and session.seats is not None and session.starts_at > at:
            with transaction():
                moved += move_up(edition=edition, session=session, at=at)
    return moved
