"""Appointments: times proposed, one accepted, others proposed in their place; kept, or not and by whom."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.trade.deals.models import Appointment, Deal, EventKind, MeetingState, Side
from marketplace.trade.deals.queries.meetings import ANSWERABLE_FOR, get_appointment, overlapping
from marketplace.trade.deals.services.steps import NotNow, held_deal, read_words, step
from marketplace.trade.distributors.models import Distributor

MOST_TIMES = 3
Elsewhere = Callable[[int, int, datetime, datetime], bool]  # a distributor's row, a producer's, from when, until when
AHEAD = timedelta(days=180)
OUTCOMES = {
    "held": MeetingState.HELD,
    "buyer_absent": MeetingState.BUYER_ABSENT,
    "producer_absent": MeetingState.PRODUCER_ABSENT,
}


class AlreadyMeeting(Conflict):
    """One of the two meets somebody else at this time."""

    code = "already_meeting"
    message = N_("Một trong hai bên đã có cuộc hẹn hoặc cuộc gặp khác trùng giờ này. Hãy chọn giờ khác.")


@dataclass(frozen=True)
class MeetingFacts:
    """When, for how long, where: a link where it is online."""

    times: tuple[datetime, ...]
    minutes: int | None
    online: bool
    place: str
    note: str = ""


def propose_meeting(*, code: str, facts: MeetingFacts, by: Actor, at: datetime, instead_of: str = "") -> Appointment:
    """Propose up to three times; with `instead_of` in the place of what the other side proposed."""
    deal, side = held_deal(code, by=by)
    times = _checked(facts, at)
    sequence = 0
    if instead_of:
        row = get_appointment(deal.id, instead_of, hold=True)
        _answer(row, side, MeetingState.COUNTERED, at)
        sequence = row.sequence + 1
    new = Appointment(
        code=random_code(8),
        deal_id=deal.id,
        distributor_id=deal.distributor_id,
        producer_id=deal.producer_id,
        proposed_by=side,
        proposed_at=at,
        state=MeetingState.PROPOSED,
        times=[each.isoformat() for each in times],
        minutes=facts.minutes,
        online=facts.online,
        place=read_words(facts.place)[:300],
        note=read_words(facts.note, name="note"),
        sequence=sequence,
    )
    db.session.add(new)
    step(deal, EventKind.MEETING, side, by=by, at=at, words=new.note, turn=side.other)
    return new


def _checked(facts: MeetingFacts, at: datetime) -> list[datetime]:
    wrong = {}
    times = sorted(set(facts.times))
    if not 1 <= len(times) <= MOST_TIMES:
        wrong["times"] = N_("Chọn từ một đến ba giờ.")
    elif times[0] <= at or times[-1] > at + AHEAD:
        wrong["times"] = N_("Giờ hẹn phải ở phía trước, trong sáu tháng tới.")
    if facts.minutes is None or not 10 <= facts.minutes <= 480:
        wrong["minutes"] = N_("Từ 10 đến 480 phút.")
    place = facts.place.strip()
    if not place:
        wrong["place"] = N_("Ghi nơi gặp, hoặc đường dẫn nếu gặp trực tuyến.")
    elif facts.online and not place.startswith("https://"):
        wrong["place"] = N_("Đường dẫn bắt đầu bằng https://")
    if wrong:
        raise Invalid(wrong)
    return times


def accept_meeting(*, code: str, appointment: str, time: int, elsewhere: Elsewhere, by: Actor, at: datetime) -> None:
    """Accept one of the proposed times (from 0): raises AlreadyMeeting where a party meets somebody else then.

    `elsewhere` knows what deals do not: whether one of the two is in a meeting of another kind (a campaign's). Who
    meets is held while it is looked: of two acceptances at once the second sees the first.
    """
    deal, side = held_deal(code, by=by)
    row = get_appointment(deal.id, appointment, hold=True)
    if not 0 <= time < len(row.slots) or row.slots[time] <= at:
        raise NotNow
    starts, ends = row.slots[time], row.slots[time] + timedelta(minutes=row.minutes)
    hold_parties(deal)
    check_free(deal, starts, ends, elsewhere)
    _answer(row, side, MeetingState.ACCEPTED, at, starts_at=starts, ends_at=ends)
    step(deal, EventKind.MEETING, side, by=by, at=at, turn=None)


def hold_parties(deal: Deal) -> None:
    """Keep both parties' calendars from others until the block ends."""
    hold_calendars([deal.distributor_id], [deal.producer_id])


def hold_calendars(distributor_ids: Collection[int], producer_ids: Collection[int]) -> None:
    """Keep the calendars of these from others until the block ends; in one order, so that nobody waits in a ring."""
    for table, ids in ((Distributor, distributor_ids), (Producer, producer_ids)):
        rows = select(table.id).where(table.id.in_(list(ids))).order_by(table.id)
        db.session.execute(rows.with_for_update(key_share=True))


def check_free(deal: Deal, starts: datetime, ends: datetime, elsewhere: Elsewhere) -> None:
    """Raises AlreadyMeeting where one of the two has an accepted appointment that overlaps, or is met elsewhere."""
    if overlapping(deal, starts, ends) or elsewhere(deal.distributor_id, deal.producer_id, starts, ends):
        raise AlreadyMeeting


def _answer(row: Appointment, side: Side, to: MeetingState, at: datetime, **values: object) -> None:
    """The other side's answer to what waits, once and within seven days; else NotNow."""
    waiting = update(Appointment).where(
        Appointment.id == row.id,
        Appointment.state == MeetingState.PROPOSED,
        Appointment.proposed_by != side,
        Appointment.proposed_at > at - ANSWERABLE_FOR,
    )
    if rows_changed(waiting.values(state=to, **values)) != 1:
        raise NotNow


def decline_meeting(*, code: str, appointment: str, reason: str, by: Actor, at: datetime) -> None:
    """Say no to the proposed times, and why."""
    deal, side = held_deal(code, by=by)
    words = read_words(reason, name="meeting_reason", least=N_("Ghi lý do; bên kia đọc được."))[:500]
    row = get_appointment(deal.id, appointment, hold=True)
    _answer(row, side, MeetingState.DECLINED, at, reason=words)
    step(deal, EventKind.MEETING, side, by=by, at=at, words=words, turn=side.other)


def cancel_meeting(*, code: str, appointment: str, reason: str, by: Actor, at: datetime) -> None:
    """Call off what was accepted and has not begun, or take back what one proposed; by either side, saying why."""
    deal, side = held_deal(code, by=by)
    words = read_words(reason, name="meeting_reason", least=N_("Ghi lý do; bên kia đọc được."))[:500]
    row = get_appointment(deal.id, appointment, hold=True)
    accepted = row.state is MeetingState.ACCEPTED and row.starts_at is not None and row.starts_at > at
    if not accepted and not (row.state is MeetingState.PROPOSED and row.proposed_by is side):
        raise NotNow
    row.state, row.reason, row.sequence = MeetingState.CANCELLED, words, row.sequence + 1
    step(deal, EventKind.MEETING, side, by=by, at=at, words=words, turn=side.other)


def tell_outcome(*, code: str, appointment: str, outcome: str, by: Actor, at: datetime) -> None:
    """Say after it began that it was held, or which side did not come; the first word stands."""
    deal, side = held_deal(code, by=by)
    row = get_appointment(deal.id, appointment, hold=True)
    begun = row.state is MeetingState.ACCEPTED and row.starts_at is not None and row.starts_at <= at
    if outcome not in OUTCOMES or not begun:
        raise NotNow
    row.state = OUTCOMES[outcome]
    step(deal, EventKind.MEETING, side, by=by, at=at, turn=side.other)
