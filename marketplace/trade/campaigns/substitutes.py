"""Who may take the place of one who did not come: present, free in that slot, and allowed to meet who is waiting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.trade.campaigns.models import Answer, Campaign, Meeting, MeetingSeat, MeetingState, Participant, Side
from marketplace.trade.campaigns.queries import busy_slots, list_meetings, list_participants
from marketplace.trade.campaigns.snapshots import best_matches, tell


@dataclass(frozen=True)
class Substitute:
    """Somebody who is there and free, with what speaks for it; best first."""

    participant: Participant
    value: int
    told: Mapping[str, Any]


def list_substitutes(campaign: Campaign, missed: Meeting, *, at: datetime) -> list[Substitute]:
    """The best present substitutes for the side that missed a meeting, best first; none where nobody fits."""
    if missed.state is not MeetingState.NO_SHOW or missed.absent is None:
        return []
    waiting = missed.buyer if missed.absent is Side.PRODUCER else missed.producer
    coming = [each for each in list_participants(campaign.id, answer=Answer.COMING) if each.side is missed.absent]
    busy = set(db.session.scalars(select(MeetingSeat.participant_id).where(MeetingSeat.slot_id == missed.slot_id)))
    if waiting.id in busy:
        return []
    met = {
        other
        for m in list_meetings(campaign.id, all_states=True)
        for other in (m.producer_participant_id, m.buyer_participant_id)
        if waiting.id in (m.producer_participant_id, m.buyer_participant_id)
    }
    away = busy_slots(campaign, coming)
    free = [
        each
        for each in coming
        if each.arrived_at
        and day_of(each.arrived_at) == missed.slot.day
        and each.id not in busy | met
        and missed.slot_id not in away.get(each.id, ())
    ]
    sides = (free, [waiting]) if missed.absent is Side.PRODUCER else ([waiting], free)
    best = best_matches(campaign, *sides, on=day_of(at))
    found = [
        Substitute(free[p if missed.absent is Side.PRODUCER else b], match.value, tell(match))
        for (p, b), match in best.items()
    ]
    return sorted(found, key=lambda each: (-each.value, each.participant.id))
