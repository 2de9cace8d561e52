"""Reading campaigns, their participants, runs and meetings."""

from collections.abc import Collection
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
    Participant,
    Side,
)
from marketplace.trade.campaigns.policies import own
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


def list_runs(campaign_id: int) -> list[MatchRun]:
    """The runs of a campaign's timetable, newest first."""
    query = select(MatchRun).where(MatchRun.campaign_id == campaign_id).order_by(MatchRun.number.desc())
    return list(db.session.scalars(query))


def get_run(campaign_id: int, number: int, *, hold: bool = False) -> MatchRun:
    """A run, or NotFound."""
    query = select(MatchRun).where(MatchRun.campaign_id == campaign_id, MatchRun.number == number)
    return _one(query, MatchRun, hold)


def _meetings() -> Select[Meeting]:
    def party(which: Any) -> Any:
        return joinedload(which).options(
            joinedload(Participant.producer).joinedload(Producer.commune),
            joinedload(Participant.distributor).joinedload(Distributor.organisation),
        )

    return (
        select(Meeting)
        .join(Meeting.slot)
        .options(party(Meeting.producer), party(Meeting.buyer), joinedload(Meeting.slot))
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
