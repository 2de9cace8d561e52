"""One meeting: confirmed by both, called off, held or missed; who has arrived; a substitute in a free place."""

from datetime import datetime

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
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
from marketplace.trade.campaigns.services.planning import LONGEST_REASON, NotNow, drop, free_seats
from marketplace.trade.campaigns.services.timetable import take_seats
from marketplace.trade.campaigns.substitutes import list_substitutes
from marketplace.trade.deals.models import Deal, Origin
from marketplace.trade.deals.services import open_deal
from marketplace.trade.demands.models import Demand
from marketplace.trade.offers.models import WholesaleOffer


def confirm_meeting(*, code: str, meeting: str, by: Actor, at: datetime) -> Meeting:
    """One's own side says yes; once both have, the meeting stays where it is whatever is laid anew."""
    mine, row = _own(code, meeting, by)
    if row.state is not MeetingState.TENTATIVE:
        raise NotNow
    if mine.side is Side.PRODUCER:
        row.producer_confirmed_at = row.producer_confirmed_at or at
    else:
        row.buyer_confirmed_at = row.buyer_confirmed_at or at
    if row.producer_confirmed_at and row.buyer_confirmed_at:
        _move(row, MeetingState.CONFIRMED, at)
    _record(row, "confirmed", by, at, side=mine.side.value)
    return row


def cancel_meeting(*, code: str, meeting: str, reason: str, by: Actor, at: datetime) -> Meeting:
    """One side, or the office, calls a meeting off and says why; who did not is told by mail."""
    words = nfc(reason)[:LONGEST_REASON]
    if not words:
        raise Invalid({"reason": N_("Ghi lý do để bên kia biết.")})
    mine: Participant | None = None
    if RUN_CAMPAIGNS.held_by(by):
        row = get_meeting(meeting, campaign_id=_timetabled(code).id, hold=True)
    else:
        mine, row = _own(code, meeting, by)
    if MeetingState.CANCELLED not in MEETING_TRANSITIONS[row.state]:
        raise NotNow
    drop(row, words, at)
    for other in (row.producer, row.buyer):
        if mine is None or other.id != mine.id:
            mails.meeting_cancelled(row, to=other, at=at)
    _record(row, "cancelled", by, at, reason=words)
    return row


def arrive(*, code: str, participant_id: int, by: Actor, at: datetime) -> Participant:
    """Somebody is there; said twice, the first time counts."""
    campaign = _running(code, by)
    row = get_participant(participant_id, campaign_id=campaign.id, hold=True)
    if row.answer is not Answer.COMING:
        raise NotNow
    row.arrived_at = row.arrived_at or at
    db.session.flush()
    return row


def hold_meeting(*, code: str, meeting: str, by: Actor, at: datetime) -> Meeting:
    """The two met; both were there, then."""
    row = get_meeting(meeting, campaign_id=_running(code, by).id, hold=True)
    _move(row, MeetingState.HELD, at)
    for each in (row.producer, row.buyer):
        each.arrived_at = each.arrived_at or at
    _record(row, "held", by, at)
    return row


def miss_meeting(*, code: str, meeting: str, absent: Side, by: Actor, at: datetime) -> Meeting:
    """One side did not come: its seat stays taken in the books, the other's and the table are free for a substitute."""
    row = get_meeting(meeting, campaign_id=_running(code, by).id, hold=True)
    _move(row, MeetingState.NO_SHOW, at, absent=absent)
    _record(row, "missed", by, at, absent=absent.value)
    return row


def follow_up(*, code: str, meeting: str, by: Actor, at: datetime) -> Deal:
    """The road that a held meeting began: the deal of the two about what they met for, opened if there is none."""
    if RUN_CAMPAIGNS.held_by(by):
        row = get_meeting(meeting, campaign_id=_timetabled(code).id)
    else:
        mine = get_own_participant(code, by=by)
        row = get_meeting(meeting, campaign_id=mine.campaign_id)
        if mine.id not in (row.producer_participant_id, row.buyer_participant_id):
            raise NotFound
    if row.state is not MeetingState.HELD:
        raise NotNow
    offer = select(WholesaleOffer.listing_id).where(WholesaleOffer.code == row.offer_code)
    return open_deal(
        distributor_id=row.buyer.distributor_id or 0,
        producer_id=row.producer.producer_id or 0,
        listing_id=db.session.scalar(offer),
        demand_id=db.session.scalar(select(Demand.id).where(Demand.code == row.demand_code)),
        origin=Origin.MEETING,
        by=by,
        at=at,
    )


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


def _own(code: str, meeting: str, by: Actor) -> tuple[Participant, Meeting]:
    """The acting party's place and one of its own meetings, held; while the timetable is out."""
    mine = get_own_participant(code, by=by)
    if mine.campaign.state not in TIMETABLED - {CampaignState.CLOSED}:
        raise NotNow
    row = get_meeting(meeting, campaign_id=mine.campaign_id, hold=True)
    if mine.id not in (row.producer_participant_id, row.buyer_participant_id):
        raise NotFound
    return mine, row


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
