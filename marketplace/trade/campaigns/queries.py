"""Reading campaigns, their participants, runs and meetings."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.trade.campaigns.models import (
    LIVE,
    Absence,
    Answer,
    Campaign,
    CampaignSlot,
    CampaignState,
    MatchRun,
    Meeting,
    MeetingState,
    PairRule,
    Participant,
    Side,
)
from marketplace.trade.campaigns.policies import own
from marketplace.trade.deals.queries.meetings import taken_times
from marketplace.trade.distributors.models import Distributor

Row = TypeVar("Row")


def get_campaign(code: str, *, hold: bool = False) -> Campaign:
    """A campaign with its slots, or NotFound. `hold` keeps it from others until the block ends."""
    query = select(Campaign).where(Campaign.code == code).options(selectinload(Campaign.slots))
    found = db.session.scalar(held(query, Campaign) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_campaigns(*, page: int = 1, per_page: int = 30) -> list[Campaign]:
    """A page of all campaigns, newest first."""
    query = select(Campaign).options(selectinload(Campaign.slots)).order_by(Campaign.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def list_near(at: datetime, span: timedelta) -> list[Campaign]:
    """The campaigns with a published timetable whose first meeting is so near."""
    first = select(func.min(CampaignSlot.starts_at)).where(CampaignSlot.campaign_id == Campaign.id).scalar_subquery()
    query = (
        select(Campaign)
        .where(Campaign.state == CampaignState.PUBLISHED, first > at, first <= at + span)
        .options(selectinload(Campaign.slots))
        .order_by(Campaign.id)
    )
    return list(db.session.scalars(query))


def list_unconfirmed(at: datetime) -> list[tuple[str, str]]:
    """The codes of campaigns whose window for confirming is over, with each of their meetings not confirmed by both."""
    query = select(Campaign.code, Meeting.code).join(Meeting.campaign)
    over = (Campaign.state == CampaignState.PUBLISHED, Campaign.confirm_until < at)
    found = db.session.execute(query.where(*over, Meeting.state == MeetingState.TENTATIVE).order_by(Meeting.id))
    return [(row[0], row[1]) for row in found]


def released_pairs(campaign_id: int) -> frozenset[tuple[int, int]]:
    """The pairs (participants by row, producer first) whose meeting was released because it was not confirmed."""
    query = select(Meeting.producer_participant_id, Meeting.buyer_participant_id)
    query = query.where(Meeting.campaign_id == campaign_id, Meeting.released_at.is_not(None))
    return frozenset((row[0], row[1]) for row in db.session.execute(query))


def list_rulings(campaign_id: int) -> list[PairRule]:
    """What the office said of pairs of a campaign, with both parties, the last word first."""
    query = select(PairRule).where(PairRule.campaign_id == campaign_id)
    query = query.options(_party(PairRule.producer), _party(PairRule.buyer))
    return list(db.session.scalars(query.order_by(PairRule.said_at.desc(), PairRule.producer_participant_id)))


def count_campaigns() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count(Campaign.id))) or 0


def _participants() -> Select[Participant]:
    return (
        select(Participant)
        .outerjoin(Participant.producer)
        .outerjoin(Participant.distributor)
        .options(
            joinedload(Participant.producer),
            joinedload(Participant.distributor).joinedload(Distributor.organisation),
        )
    )


def list_participants(campaign_id: int, *, answer: Answer | None = None) -> list[Participant]:
    """Everybody invited to a campaign (or who answered so), producers first, in a steady order."""
    query = _participants().where(Participant.campaign_id == campaign_id)
    if answer is not None:
        query = query.where(Participant.answer == answer)
    return list(db.session.scalars(query.order_by(Participant.side.desc(), Participant.id)))


def count_answers(campaign_ids: Collection[int]) -> dict[int, dict[tuple[Side, Answer], int]]:
    """How many of each side answered how, by campaign."""
    found: dict[int, dict[tuple[Side, Answer], int]] = {row: {} for row in campaign_ids}
    query = (
        select(Participant.campaign_id, Participant.side, Participant.answer, func.count())
        .where(Participant.campaign_id.in_(list(campaign_ids)))
        .group_by(Participant.campaign_id, Participant.side, Participant.answer)
    )
    for campaign_id, side, answer, count in db.session.execute(query):
        found[campaign_id][side, answer] = count
    return found


def get_participant(participant_id: int, *, campaign_id: int, hold: bool = False) -> Participant:
    """A participant of a campaign, or NotFound."""
    query = _participants().where(Participant.id == participant_id, Participant.campaign_id == campaign_id)
    return _one(query, Participant, hold)


def get_own_participant(code: str, *, by: Actor, hold: bool = False) -> Participant:
    """The acting party's place in a campaign that it is invited to, or NotFound; not while it is a draft."""
    query = (
        _participants()
        .join(Participant.campaign)
        .where(Campaign.code == code, Campaign.state != CampaignState.DRAFT, own(by))
        .options(joinedload(Participant.campaign).selectinload(Campaign.slots))
    )
    return _one(query, Participant, hold)


def list_own_participants(*, by: Actor) -> list[Participant]:
    """The campaigns that the acting party is invited to, newest first."""
    query = (
        _participants()
        .join(Participant.campaign)
        .where(Campaign.state != CampaignState.DRAFT, own(by))
        .options(joinedload(Participant.campaign).selectinload(Campaign.slots))
        .order_by(Participant.id.desc())
    )
    return list(db.session.scalars(query))


def absences_of(participant_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The slots (by row) in which each of these cannot come; one who always can is not in the answer."""
    query = select(Absence.participant_id, Absence.slot_id).where(Absence.participant_id.in_(list(participant_ids)))
    found: dict[int, frozenset[int]] = {}
    for participant_id, slot_id in db.session.execute(query):
        found[participant_id] = found.get(participant_id, frozenset()) | {slot_id}
    return found


def busy_slots(campaign: Campaign, participants: Sequence[Participant]) -> dict[int, frozenset[int]]:
    """The slots (by row) in which each of these cannot come, or has an appointment of a deal."""
    first, last = campaign.slots[0].starts_at, campaign.slots[-1].ends_at
    buyers = {each.distributor_id: each.id for each in participants if each.distributor_id}
    makers = {each.producer_id: each.id for each in participants if each.producer_id}
    found = absences_of([each.id for each in participants])
    for row in taken_times([*filter(None, buyers)], [*filter(None, makers)], first, last):
        starts, ends = row.starts_at or last, row.ends_at or last
        slots = {slot.id for slot in campaign.slots if slot.starts_at < ends and starts < slot.ends_at}
        for participant_id in {buyers.get(row.distributor_id), makers.get(row.producer_id)} - {None}:
            found[participant_id or 0] = found.get(participant_id or 0, frozenset()) | slots
    return found


def meets_then(distributor_id: int, producer_id: int, starts: datetime, ends: datetime) -> bool:
    """Whether one of the two is to meet somebody in a campaign whose timetable is out, within this time."""
    query = (
        select(Meeting.id)
        .join(Meeting.slot)
        .join(Meeting.campaign)
        .join(Participant, Participant.id.in_((Meeting.producer_participant_id, Meeting.buyer_participant_id)))
        .where(
            (Participant.distributor_id == distributor_id) | (Participant.producer_id == producer_id),
            Meeting.state.in_((MeetingState.TENTATIVE, MeetingState.CONFIRMED)),
            Campaign.state.in_((CampaignState.PUBLISHED, CampaignState.RUNNING)),
            CampaignSlot.starts_at < ends,
            CampaignSlot.ends_at > starts,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def list_runs(campaign_id: int) -> list[MatchRun]:
    """The runs of a campaign's timetable, newest first."""
    query = select(MatchRun).where(MatchRun.campaign_id == campaign_id).order_by(MatchRun.number.desc())
    return list(db.session.scalars(query))


def get_run(campaign_id: int, number: int, *, hold: bool = False) -> MatchRun:
    """A run, or NotFound."""
    query = select(MatchRun).where(MatchRun.campaign_id == campaign_id, MatchRun.number == number)
    return _one(query, MatchRun, hold)


def _party(which: Any) -> Any:
    return joinedload(which).options(
        joinedload(Participant.producer).joinedload(Producer.commune),
        joinedload(Participant.distributor).joinedload(Distributor.organisation),
    )


def _meetings() -> Select[Meeting]:
    return (
        select(Meeting)
        .join(Meeting.slot)
        .options(_party(Meeting.producer), _party(Meeting.buyer), joinedload(Meeting.slot))
        .order_by(CampaignSlot.starts_at, Meeting.table, Meeting.id)
    )


def list_meetings(campaign_id: int, *, all_states: bool = False) -> list[Meeting]:
    """The live meetings of a campaign (or all that ever were), by time and table."""
    query = _meetings().where(Meeting.campaign_id == campaign_id)
    return list(db.session.scalars(query if all_states else query.where(Meeting.state.in_(LIVE))))


def list_meetings_of(participant_id: int, *, all_states: bool = False) -> list[Meeting]:
    """A participant's live meetings, by time."""
    mine = (Meeting.producer_participant_id == participant_id) | (Meeting.buyer_participant_id == participant_id)
    query = _meetings().where(mine)
    return list(db.session.scalars(query if all_states else query.where(Meeting.state.in_(LIVE))))


def met_elsewhere(campaign_id: int) -> dict[tuple[int, int], date]:
    """The day each distributor and producer (by row) last met in another campaign."""
    maker, buyer = aliased(Participant), aliased(Participant)
    query = (
        select(buyer.distributor_id, maker.producer_id, func.max(CampaignSlot.starts_at))
        .select_from(Meeting)
        .join(maker, maker.id == Meeting.producer_participant_id)
        .join(buyer, buyer.id == Meeting.buyer_participant_id)
        .join(Meeting.slot)
        .where(Meeting.state == MeetingState.HELD, Meeting.campaign_id != campaign_id)
        .group_by(buyer.distributor_id, maker.producer_id)
    )
    return {(row[0] or 0, row[1] or 0): day_of(row[2]) for row in db.session.execute(query)}


def get_meeting(code: str, *, campaign_id: int, hold: bool = False) -> Meeting:
    """A meeting of a campaign, or NotFound."""
    return _one(_meetings().where(Meeting.code == code, Meeting.campaign_id == campaign_id), Meeting, hold)


def _one(query: Select[Row], table: type[Row], hold: bool) -> Row:
    found = db.session.scalar(held(query, table) if hold else query)
    if found is None:
        raise NotFound
    return found
