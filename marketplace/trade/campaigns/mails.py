"""Letters of a campaign, to everyone who acts for a party, each in their own language."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from marketplace.people.accounts.models import User
from marketplace.people.accounts.queries import people_of
from marketplace.platform.core.db import db
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.trade.campaigns.models import Campaign, Meeting, Participant, Side


def _page(code: str, participant: Participant) -> str:
    """Where the participant reads the campaign."""
    return f"/{'producer' if participant.side is Side.PRODUCER else 'distributor'}/campaigns/{code}"


def _people(participant: Participant) -> list[User]:
    return people_of(participant.organisation_id)


def invited(campaign: Campaign, to: Participant, *, at: datetime) -> None:
    """You are invited: answer by then."""
    for user in _people(to):
        letter = compose("campaign-invited", user.language, campaign=campaign, path=_page(campaign.code, to))
        post(key=f"campaign:{campaign.code}:invited:{to.id}:{user.code}", to=user.email, letter=letter, at=at)


def timetable_published(campaign: Campaign, to: Participant, *, at: datetime) -> None:
    """Your meetings stand, or have changed: confirm them."""
    for user in _people(to):
        letter = compose("campaign-published", user.language, campaign=campaign, path=_page(campaign.code, to))
        key = f"campaign:{campaign.code}:published:{at.isoformat()}:{to.id}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)


def tomorrow(campaign: Campaign, to: Participant, *, meetings: Sequence[Meeting], at: datetime) -> None:
    """The day before: whom you meet and when. Told once, however often it is asked."""
    told = [(each.slot, (each.buyer if to.side is Side.PRODUCER else each.producer).name) for each in meetings]
    for user in _people(to):
        path = _page(campaign.code, to)
        letter = compose("campaign-tomorrow", user.language, campaign=campaign, meetings=told, path=path)
        post(key=f"campaign:{campaign.code}:tomorrow:{to.id}:{user.code}", to=user.email, letter=letter, at=at)


def meeting_cancelled(meeting: Meeting, *, to: Participant, at: datetime) -> None:
    """A meeting is called off, by whom and why."""
    other = meeting.buyer if to.id == meeting.producer_participant_id else meeting.producer
    code = db.session.scalar(select(Campaign.code).where(Campaign.id == meeting.campaign_id)) or ""
    for user in _people(to):
        letter = compose(
            "meeting-cancelled",
            user.language,
            meeting=meeting,
            other=other.name,
            path=_page(code, to),
            slot=meeting.slot,
        )
        key = f"meeting:{meeting.code}:cancelled:{meeting.sequence}:{to.id}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)


def cancelled(campaign: Campaign, to: Participant, *, reason: str, at: datetime) -> None:
    """The campaign does not take place."""
    for user in _people(to):
        letter = compose(
            "campaign-cancelled", user.language, campaign=campaign, reason=reason, path=_page(campaign.code, to)
        )
        post(key=f"campaign:{campaign.code}:cancelled:{to.id}:{user.code}", to=user.email, letter=letter, at=at)
