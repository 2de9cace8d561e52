"""The timetable is asked for, stopped, and published: until then nobody outside the office sees anything of it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import announce, db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.trade.campaigns import mails
from marketplace.trade.campaigns.models import (
    CHANGEABLE,
    UNDER_WAY,
    Answer,
    Campaign,
    CampaignState,
    MatchRun,
    Meeting,
    MeetingSeat,
    MeetingState,
    RunState,
    TableSeat,
)
from marketplace.trade.campaigns.policies import RUN_CAMPAIGNS
from marketplace.trade.campaigns.queries import get_campaign, get_run, list_meetings, list_participants
from marketplace.trade.campaigns.services.planning import NotNow, drop, free_seats
from marketplace.trade.campaigns.snapshots import Snapshot, shape, take_snapshot
from marketplace.trade.deals.services import hold_calendars
from marketplace.trade.timetables.timetable import Timetable

TOPIC = "timetables"
USUAL_LIMIT, LONGEST_LIMIT = 60, 600  # seconds
CONFIRM_WITHIN = timedelta(days=3)


class RunUnderWay(Conflict):
    """A run of this campaign is being worked out."""

    code = "run_under_way"
    message = N_("Đang xếp lịch rồi. Đợi xong, hoặc dừng lượt ấy trước.")


class RunStale(Conflict):
    """Something that the run rests on has changed since."""

    code = "run_stale"
    message = N_("Từ khi xếp đến giờ đã có thay đổi (người đến, giờ bận, giấy, mong muốn). Hãy xếp lại rồi công bố.")


def ask_run(*, code: str, limit_seconds: int = USUAL_LIMIT, by: Actor, at: datetime) -> MatchRun:
    """Ask the worker for a timetable; raises RunUnderWay where one is being worked out."""
    campaign = _changeable(code, by)
    if not 5 <= limit_seconds <= LONGEST_LIMIT:
        raise Invalid({"limit": N_("Từ 5 đến 600 giây.")})
    busy = select(MatchRun.id).where(MatchRun.campaign_id == campaign.id, MatchRun.state.in_(UNDER_WAY))
    if db.session.scalar(busy) is not None:
        raise RunUnderWay
    last = db.session.scalar(select(func.max(MatchRun.number)).where(MatchRun.campaign_id == campaign.id)) or 0
    run = MatchRun(campaign_id=campaign.id, number=last + 1, state=RunState.ASKED, limit_seconds=limit_seconds)
    run.asked_by, run.asked_at = by.name, at
    db.session.add(run)
    db.session.flush()
    announce(TOPIC)
    _record(campaign, "run_asked", by, at, number=run.number)
    return run


def stop_run(*, code: str, number: int, by: Actor, at: datetime) -> MatchRun:
    """Have a run stopped: one that waits at once, one at work by the worker within a second."""
    campaign = _changeable(code, by)
    run = get_run(campaign.id, number, hold=True)
    if run.state not in UNDER_WAY:
        raise NotNow
    run.stop_asked = True
    if run.state is RunState.ASKED:
        run.state, run.finished_at = RunState.STOPPED, at
    _record(campaign, "run_stopped", by, at, number=number)
    return run


def publish_run(*, code: str, number: int, by: Actor, at: datetime) -> Campaign:
    """Make a run's meetings the campaign's timetable and tell everybody concerned; raises RunStale.

    Everybody's calendar is held meanwhile, so that no appointment of a deal is accepted in a slot that is given.
    Confirmed meetings stay as they are. The others are laid anew: those that go on keep their row, those that fell
    away are cancelled, new ones begin tentative. The seats' keys refuse a party or table twice in a slot.
    """
    campaign = _changeable(code, by)
    run = get_run(campaign.id, number, hold=True)
    if run.state is not RunState.DONE or run.snapshot is None or run.result is None:
        raise NotNow
    coming = list_participants(campaign.id, answer=Answer.COMING)
    hold_calendars([p.distributor_id or 0 for p in coming], [p.producer_id or 0 for p in coming])
    snapshot = Snapshot.from_json(run.snapshot)
    if shape(take_snapshot(campaign, on=day_of(at)).problem) != shape(snapshot.problem):
        raise RunStale
    changed = _lay(campaign, snapshot, Timetable.from_json(run.result), at)
    run.state = RunState.PUBLISHED
    campaign.state = CampaignState.PUBLISHED
    campaign.confirm_until = min(at + CONFIRM_WITHIN, max(at, campaign.slots[0].starts_at))
    _record(campaign, "published", by, at, number=number, changed=len(changed))
    db.session.flush()
    for each in list_participants(campaign.id):
        if each.id in changed:
            mails.timetable_published(campaign, each, at=at)
    return campaign


def _lay(campaign: Campaign, snapshot: Snapshot, timetable: Timetable, at: datetime) -> set[int]:
    """Write the timetable; answers the participants for whom something changed."""
    slots = {slot.number: slot.id for slot in campaign.slots}
    rows = {(m.producer_participant_id, m.buyer_participant_id): m for m in list_meetings(campaign.id, all_states=True)}
    wanted = {(snapshot.producers[seat.producer], snapshot.buyers[seat.buyer]): seat for seat in timetable.meetings}
    changed: set[int] = set()
    loose = [m for m in rows.values() if m.state is MeetingState.TENTATIVE]
    free_seats([m.id for m in loose])
    for pair, meeting in rows.items():
        if meeting.state is MeetingState.TENTATIVE and pair not in wanted:
            drop(meeting, N_("lịch được xếp lại"), at)
            changed |= set(pair)
    for pair, seat in wanted.items():
        row, place = rows.get(pair), (slots[seat.slot], seat.table)
        if row is not None and row.state not in (MeetingState.TENTATIVE, MeetingState.CANCELLED):
            continue  # confirmed, held or missed: it stays
        told = snapshot.pairs[seat.producer, seat.buyer]
        if row is None:
            row = Meeting(code=f"CG{random_code(8)}", campaign_id=campaign.id, state=MeetingState.TENTATIVE)
            row.producer_participant_id, row.buyer_participant_id = pair
            row.slot_id, row.table = place
            changed |= set(pair)
        elif row.state is MeetingState.CANCELLED or (row.slot_id, row.table) != place:
            row.state, row.reason, row.slot_id, row.table = MeetingState.TENTATIVE, "", *place
            row.producer_confirmed_at = row.buyer_confirmed_at = row.released_at = None
            row.sequence += 1
            changed |= set(pair)
        row.demand_code, row.offer_code = told["demand"], told["offer"]
        row.explained, row.changed_at = dict(told), at
        db.session.add(row)
        db.session.flush()
        take_seats(row)
    return changed


def take_seats(meeting: Meeting) -> None:
    """Both parties and the table are taken in the meeting's slot; raises NotNow where one is already."""
    seats = [
        MeetingSeat(participant_id=participant, slot_id=meeting.slot_id, meeting_id=meeting.id)
        for participant in (meeting.producer_participant_id, meeting.buyer_participant_id)
    ]
    try:
        with db.session.begin_nested():
            db.session.add_all([*seats, TableSeat(slot_id=meeting.slot_id, table=meeting.table, meeting_id=meeting.id)])
            db.session.flush()
    except IntegrityError as taken:
        raise NotNow from taken


def _changeable(code: str, by: Actor) -> Campaign:
    if not RUN_CAMPAIGNS.held_by(by):
        raise Forbidden
    campaign = get_campaign(code, hold=True)
    if campaign.state not in CHANGEABLE:
        raise NotNow
    return campaign


def _record(campaign: Campaign, verb: str, by: Actor, at: datetime, **detail: object) -> None:
    record(by=by, action=f"campaign.{verb}", subject_type="campaign", subject=campaign.code, at=at, detail=detail)
