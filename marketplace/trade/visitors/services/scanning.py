"""Letting people in: every scan is kept with what came of it, and the database admits a ticket once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.core.db import db, insert_into, rows_changed
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.trade.fairs.models import COMING
from marketplace.trade.visitors.gates import admission_day, find_scans, find_tickets, hours_of
from marketplace.trade.visitors.models import Admission, CheckinList, Outcome, Scan, Ticket, TicketState
from marketplace.trade.visitors.queries import paid_but_unsettled
from marketplace.trade.visitors.rules import judge, public_key, read, signed_by
from marketplace.trade.visitors.services.paying import settle_paid

MOST_AT_ONCE = 500
MOST_BEHIND = timedelta(days=60)  # beyond it the device's clock is wrong


@dataclass(frozen=True)
class Seen:
    """One scan as a device tells it. `let_in`: the device opened the door, offline or after it got no answer."""

    client_id: str
    typed: str
    scanned_at: datetime
    offline: bool = False
    let_in: bool = False


def scan_one(row: CheckinList, seen: Seen, *, device: str, seed: bytes, at: datetime) -> Scan:
    """Look at one ticket at a list; the same client_id again answers what the first did."""
    return scan_all(row, [seen], device=device, seed=seed, at=at)[0]


def scan_all(row: CheckinList, all_seen: Sequence[Seen], *, device: str, seed: bytes, at: datetime) -> list[Scan]:
    """Look at what a device has gathered, the earliest first; answers in the order that was given.

    Whoever went in twice without a network is found: the second to arrive here is kept as `double` with `let_in`, and
    the admission's time becomes the earliest scan's. The list's edition is loaded. Raises Invalid where a client_id
    was another scan's.
    """
    if len(all_seen) > MOST_AT_ONCE:
        raise Invalid({"scans": N_("Nhiều nhất 500 lượt một lần gửi.")})
    key = public_key(seed)
    known = find_scans([seen.client_id for seen in all_seen])
    _same_looks(row, all_seen, known)
    shown = {seen.client_id: read(seen.typed, row.edition.code, key) for seen in all_seen}
    tickets = find_tickets(sorted({each.code for each in shown.values() if each.code}))
    # in the order of the tickets' codes, so that two batches never wait for each other
    for seen in sorted(all_seen, key=lambda each: (shown[each.client_id].code, each.scanned_at)):
        if seen.client_id in known:
            _told_later(known[seen.client_id], seen)
            continue
        what = shown[seen.client_id]
        ticket, edition = tickets.get(what.code, (None, ""))
        if ticket is not None and ticket.state is TicketState.UNPAID and paid_but_unsettled(ticket.registration_id):
            settle_paid(at=at, registration_id=ticket.registration_id)
        signed = what.good or (what.signed and bool(edition) and signed_by(seen.typed, edition, key))
        came = _cap(seen.scanned_at, at)
        outcome = judge(
            ours=ticket is not None and ticket.edition_id == row.edition_id,
            forged=what.signed and not signed,
            state=ticket.state if ticket else None,
            is_open=row.edition.state in COMING and hours_of(row).open_at(came),
        )
        known[seen.client_id] = _keep(row, seen, ticket, outcome, came=came, device=device, at=at)
    return [known[seen.client_id] for seen in all_seen]


def _same_looks(row: CheckinList, all_seen: Sequence[Seen], known: Mapping[str, Scan]) -> None:
    """A number that came before stands for the same text at the same list; else what it was answered is no answer."""
    told = {number: (scan.list_id, scan.typed) for number, scan in known.items()}
    for seen in all_seen:
        if told.setdefault(seen.client_id, (row.id, seen.typed[:200])) != (row.id, seen.typed[:200]):
            raise Invalid({"scans": N_("Số hiệu lượt quét này đã dùng cho một lượt khác.")})


def _cap(scanned_at: datetime, at: datetime) -> datetime:
    """A device's clock goes wrong; no scan is later than its coming, nor older than any fair."""
    return scanned_at if at - MOST_BEHIND <= scanned_at <= at else at


def _keep(
    row: CheckinList,
    seen: Seen,
    ticket: Ticket | None,
    outcome: Outcome,
    *,
    came: datetime,
    device: str,
    at: datetime,
) -> Scan:
    scan = Scan(
        client_id=seen.client_id,
        list_id=row.id,
        ticket_id=ticket.id if ticket else None,
        typed=seen.typed[:200],
        device=device[:80],
        scanned_at=came,
        received_at=at,
        result=outcome,
        offline=seen.offline,
        let_in=seen.let_in,
    )
    if outcome is Outcome.OK and ticket is not None:
        if take_admission(row, ticket, came):
            scan.let_in = True
            _write(scan)
            _point(row, ticket, scan)
            return scan
        scan.result = Outcome.DOUBLE
        scan.against_id = _standing(row, ticket, came).scan_id
        _write(scan)
        if scan.let_in:
            _first_counts(row, ticket, scan)
        return scan
    _write(scan)
    return scan


def _write(scan: Scan) -> None:
    db.session.add(scan)
    db.session.flush()


def take_admission(row: CheckinList, ticket: Ticket, came: datetime) -> bool:
    """Let the ticket in, unless it is in: of two doors one is answered True, by the table's key."""
    values = {
        "list_id": row.id,
        "day": admission_day(row, day_of(came)),
        "ticket_id": ticket.id,
        "scanned_at": came,
        "came_on": day_of(came),
        "hour": came.astimezone(VIETNAM).hour,
    }
    entering = insert_into(Admission).values(**values).on_conflict_do_nothing()
    return db.session.scalar(entering.returning(Admission.ticket_id)) is not None


def _key(row: CheckinList, ticket: Ticket, came: datetime) -> tuple[int, object, int]:
    return (row.id, admission_day(row, day_of(came)), ticket.id)


def _standing(row: CheckinList, ticket: Ticket, came: datetime) -> Admission:
    return db.session.get_one(Admission, _key(row, ticket, came), populate_existing=True)


def _point(row: CheckinList, ticket: Ticket, scan: Scan) -> None:
    """The admission's scan is this one."""
    day = admission_day(row, day_of(scan.scanned_at))
    mine = update(Admission).where(Admission.list_id == row.id, Admission.day == day)
    rows_changed(mine.where(Admission.ticket_id == ticket.id).values(scan_id=scan.id))


def _first_counts(row: CheckinList, ticket: Ticket, scan: Scan) -> None:
    """Two doors let the ticket in: the earlier by the doors' clocks is the admission's time."""
    day = admission_day(row, day_of(scan.scanned_at))
    mine = update(Admission).where(Admission.list_id == row.id, Admission.day == day)
    earlier = mine.where(Admission.ticket_id == ticket.id, Admission.scanned_at > scan.scanned_at)
    came_on, hour = day_of(scan.scanned_at), scan.scanned_at.astimezone(VIETNAM).hour
    rows_changed(earlier.values(scan_id=scan.id, scanned_at=scan.scanned_at, came_on=came_on, hour=hour))


def _told_later(scan: Scan, seen: Seen) -> None:
    """A device that got no answer opened the door by itself, and says so when it sends the scan again."""
    if seen.let_in and not scan.let_in:
        scan.let_in = True
        scan.offline = True
