"""One meeting: confirmed by both, called off, held or missed; who has arrived; a substitute in a free place."""

from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.trade.campaigns import mails
from marketplace.trade.campaigns.models import (
    MEETING_TRANSITIONS,
    TIMETABLED,
    Answer,
    Campaign,
    CampaignState,
    Meeting,
    MeetingState,
    Participant,
    Side,
)
from marketplace.trade.campaigns.policies import RUN_CAMPAIGNS
from marketplace.trade.campaigns.queries import get_campaign, get_meeting, get_own_participant, get_participant
from marketplace.trade.campaigns.services.planning import LONGEST_REASON, NotNow, NotTheDay, drop, free_seats
from marketplace.trade.campaigns.services.timetable import take_seats
from marketplace.trade.campaigns.substitutes import list_substitutes
from marketplace.trade.deals.models import Deal, Origin
from marketplace.trade.deals.services import open_deal
from marketplace.trade.demands.models import Demand
from marketplace.trade.offers.models import WholesaleOffer


class NothingLeft(Conflict):
    """What the two met for is shown to nobody today: the goods are off sale, the demand closed."""

    code = "meeting_nothing_left"
    message = N_(
        "Món và nhu cầu của cuộc gặp này hiện đều không còn mở nên chưa đi tiếp được. Mở lại nhu cầu hoặc trang bán rồi"
        " thử lại."
    )


class WindowClosed(Conflict):
    """The days in which meetings are confirmed are over."""

    code = "confirm_window_closed"
    message = N_("Đã hết hạn chốt. Cuộc chưa chốt được nhả ra để xếp lại; muốn gặp thì gọi cán bộ tỉnh phụ trách đợt.")


def confirm_meeting(*, code: str, meeting: str, by: Actor, at: datetime) -> Meeting:
    """One's own side says yes; once both have, the meeting stays where it is whatever is laid anew.

    Raises WindowClosed after the campaign's `confirm_until`.
    """
    mine, until, row = _own(code, meeting, by)
    if row.state is not MeetingState.TENTATIVE:
        raise NotNow
    if until is not None and at > until:
        raise WindowClosed
    if mine.side is Side.PRODUCER:
        row.producer_confirmed_at = row.producer_confirmed_at or at
    else:
        row.buyer_confirmed_at = row.buyer_confirmed_at or at
    if row.producer_confirmed_at and row.buyer_confirmed_at:
        _move(row, MeetingState.CONFIRMED, at)
    _record(row, "confirmed", by, at, side=mine.side.value)
    return row


def release_meeting(*, code: str, meeting: str, by: Actor, at: datetime) -> int:
    """The window is over and one side has not confirmed: the meeting is called off and both are told; answers 1.

    Its pair is not brought together again by a later run, unless the office says that it must meet. Answers 0, and
    nothing changes, where the campaign was published anew or has begun, or the meeting is settled meanwhile.
    """
    campaign = get_campaign(code, hold=True)
    over = campaign.confirm_until is not None and campaign.confirm_until < at
    row = get_meeting(meeting, campaign_id=campaign.id, hold=True)
    if campaign.state is not CampaignState.PUBLISHED or not over or row.state is not MeetingState.TENTATIVE:
        return 0
    drop(row, N_("không được cả hai bên chốt trong hạn"), at)
    row.released_at = at
    db.session.flush()
    for each in (row.producer, row.buyer):
        mails.meeting_cancelled(row, to=each, at=at)
    _record(row, "released", by, at)
    return 1


def cancel_meeting(*, code: str, meeting: str, reason: str, by: Actor, at: datetime) -> Meeting:
    """One side, or the office, calls a meeting off and says why; who did not is told by mail."""
    words = nfc(reason)[:LONGEST_REASON]
    if not words:
        raise Invalid({"reason": N_("Ghi lý do để bên kia biết.")})
    mine: Participant | None = None
    if RUN_CAMPAIGNS.held_by(by):
        row = get_meeting(meeting, campaign_id=_timetabled(code).id, hold=True)
    else:
        mine, _until, row = _own(code, meeting, by)
    if MeetingState.CANCELLED not in MEETING_TRANSITIONS[row.state]:
        raise NotNow
    drop(row, words, at)
    for other in (row.producer, row.buyer):
        if mine is None or other.id != mine.id:
            mails.meeting_cancelled(row, to=other, at=at)
    _record(row, "cancelled", by, at, reason=words)
    return row


def arrive(*, code: str, participant_id: int, by: Actor, at: datetime) -> Participant:
    """Somebody is there today; said twice on a day, the first time counts."""
    campaign = _running(code, by)
    row = get_participant(participant_id, campaign_id=campaign.id, hold=True)
    if row.answer is not Answer.COMING:
        raise NotNow
    _came(row, at)
    db.session.flush()
    return row


def hold_meeting(*, code: str, meeting: str, by: Actor, at: datetime) -> Meeting:
    """The two met; both were there, then. NotTheDay before the meeting's."""
    row = _of_today(code, meeting, by, at)
    _move(row, MeetingState.HELD, at)
    for each in (row.producer, row.buyer):
        _came(each, at)
    _record(row, "held", by, at)
    return row


def miss_meeting(*, code: str, meeting: str, absent: Side, by: Actor, at: datetime) -> Meeting:
    """One side did not come: its seat stays taken in the books, the other's and the table are free for a substitute.

    NotTheDay before the meeting's.
    """
    row = _of_today(code, meeting, by, at)
    _move(row, MeetingState.NO_SHOW, at, absent=absent)
    _record(row, "missed", by, at, absent=absent.value)
    return row


def _of_today(code: str, meeting: str, by: Actor, at: datetime) -> Meeting:
    """A meeting whose day has come, held."""
    row = get_meeting(meeting, campaign_id=_running(code, by).id, hold=True)
    if day_of(at) < row.slot.day:
        raise NotTheDay
    return row


def _came(row: Participant, at: datetime) -> None:
    if row.arrived_at is None or day_of(row.arrived_at) < day_of(at):
        row.arrived_at = at


def follow_up(*, code: str, meeting: str, by: Actor, at: datetime) -> Deal:
    """The road that a held meeting began: the deal of the two about what they met for, opened if there is none.

    About the goods alone, or the demand alone, where the other is not seen any more; NothingLeft where neither is.
    """
    if RUN_CAMPAIGNS.held_by(by):
        row = get_meeting(meeting, campaign_id=_timetabled(code).id)
    else:
        mine = get_own_participant(code, by=by)
        row = get_meeting(meeting, campaign_id=mine.campaign_id)
        if mine.id not in (row.producer_participant_id, row.buyer_participant_id):
            raise NotFound
    if row.state is not MeetingState.HELD:
        raise NotNow
    buyer, maker = row.buyer.distributor_id or 0, row.producer.producer_id or 0
    begin = partial(open_deal, distributor_id=buyer, producer_id=maker, origin=Origin.MEETING, by=by, at=at)
    listing = db.session.scalar(select(WholesaleOffer.listing_id).where(WholesaleOffer.code == row.offer_code))
    demand = db.session.scalar(select(Demand.id).where(Demand.code == row.demand_code))
    for about in ((listing, demand), (listing, None), (None, demand)):  # what is not seen any more is left out
        with suppress(NotFound):
            return begin(listing_id=about[0], demand_id=about[1])
    raise NothingLeft


def note_meeting(*, code: str, meeting: str, note: str, by: Actor, at: datetime) -> Meeting:
    """What came of it, in the office's words."""
    campaign = _timetabled(code)
    if not RUN_CAMPAIGNS.held_by(by):
        raise Forbidden
    row = get_meeting(meeting, campaign_id=campaign.id, hold=True)
    row.note, row.changed_at = nfc(note)[:2000], at
    db.session.flush()
    return row


def put_in(*, code: str, meeting: str, participant_id: int, by: Actor, at: datetime) -> Meeting:
    """The best present substitute takes the place of who did not come; both know, for both are there."""
    campaign = _running(code, by)
    missed = get_meeting(meeting, campaign_id=campaign.id, hold=True)
    if missed.state is not MeetingState.NO_SHOW:
        raise NotNow
    there = list_substitutes(campaign, missed, at=at)
    found = next((each for each in there if each.participant.id == participant_id), None)
    if found is None:
        raise NotFound
    row = Meeting(code=f"CG{random_code(8)}", campaign_id=campaign.id, state=MeetingState.CONFIRMED)
    stays = missed.buyer if missed.absent is Side.PRODUCER else missed.producer
    pair = (found.participant, stays) if missed.absent is Side.PRODUCER else (stays, found.participant)
    row.producer_participant_id, row.buyer_participant_id = pair[0].id, pair[1].id
    row.slot_id, row.table = missed.slot_id, missed.table
    row.demand_code, row.offer_code, row.explained = found.told["demand"], found.told["offer"], dict(found.told)
    row.producer_confirmed_at = row.buyer_confirmed_at = row.changed_at = at
    db.session.add(row)
    db.session.flush()
    take_seats(row)
    _record(row, "put_in", by, at, instead_of=missed.code)
    return row


def _own(code: str, meeting: str, by: Actor) -> tuple[Participant, datetime | None, Meeting]:
    """The acting party's place, until when it confirms, and one of its meetings, held; while the timetable is out."""
    mine = get_own_participant(code, by=by)
    if mine.campaign.state not in TIMETABLED - {CampaignState.CLOSED}:
        raise NotNow
    until = mine.campaign.confirm_until
    row = get_meeting(meeting, campaign_id=mine.campaign_id, hold=True)
    if mine.id not in (row.producer_participant_id, row.buyer_participant_id):
        raise NotFound
    return mine, until, row


def _timetabled(code: str) -> Campaign:
    campaign = get_campaign(code)
    if campaign.state not in TIMETABLED:
        raise NotNow
    return campaign


def _running(code: str, by: Actor) -> Campaign:
    if not RUN_CAMPAIGNS.held_by(by):
        raise Forbidden
    campaign = get_campaign(code)
    if campaign.state is not CampaignState.RUNNING:
        raise NotNow
    return campaign


def _move(row: Meeting, to: MeetingState, at: datetime, absent: Side | None = None) -> None:
    if to not in MEETING_TRANSITIONS[row.state]:
        raise NotNow
    row.state, row.absent, row.changed_at = to, absent, at
    if to is MeetingState.NO_SHOW:
        free_seats([row.id])
    db.session.flush()


def _record(row: Meeting, verb: str, by: Actor, at: datetime, **detail: object) -> None:
    record(by=by, action=f"meeting.{verb}", subject_type="meeting", subject=row.code, at=at, detail=detail or None)
