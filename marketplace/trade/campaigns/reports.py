"""What came of campaigns, counted; and which published meetings rest on a certificate that is gone."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from marketplace.platform.core.clock import day_of
from marketplace.trade.campaigns.models import Answer, Campaign, Meeting, MeetingState, Side
from marketplace.trade.campaigns.queries import list_meetings, list_participants
from marketplace.trade.campaigns.rules import gini
from marketplace.trade.offers.facts import facts_of_open


@dataclass(frozen=True)
class Outcome:
    """One campaign in figures. `per_producer`: live meetings of each producer that came, least first."""

    campaign: Campaign
    producers: int
    buyers: int
    planned: int
    confirmed: int
    held: int
    missed_by_producer: int
    missed_by_buyer: int
    cancelled: int
    per_producer: tuple[int, ...]

    @property
    def gini(self) -> Fraction:
        """How unevenly meetings are shared among the producers that came: 0 all alike."""
        return gini(self.per_producer)

    @property
    def short(self) -> int:
        """How many producers have fewer meetings than the campaign promised."""
        return sum(count < self.campaign.least for count in self.per_producer)


def outcome_of(campaign: Campaign) -> Outcome:
    """The figures of a campaign, counted from its rows."""
    coming = list_participants(campaign.id, answer=Answer.COMING)
    meetings = list_meetings(campaign.id, all_states=True)
    states = Counter(meeting.state for meeting in meetings)
    missed = Counter(meeting.absent for meeting in meetings if meeting.absent is not None)
    live = Counter(m.producer_participant_id for m in meetings if m.state is not MeetingState.CANCELLED)
    producers = [each for each in coming if each.side is Side.PRODUCER]
    return Outcome(
        campaign=campaign,
        producers=len(producers),
        buyers=len(coming) - len(producers),
        planned=sum(states.values()) - states[MeetingState.CANCELLED],
        confirmed=states[MeetingState.CONFIRMED] + states[MeetingState.HELD] + states[MeetingState.NO_SHOW],
        held=states[MeetingState.HELD],
        missed_by_producer=missed[Side.PRODUCER],
        missed_by_buyer=missed[Side.BUYER],
        cancelled=states[MeetingState.CANCELLED],
        per_producer=tuple(sorted(live[each.id] for each in producers)),
    )


def unsound_meetings(meetings: Sequence[Meeting], *, on: date) -> Collection[str]:
    """The codes of coming meetings whose offer is no longer for sale, or whose certificate ends before the day."""
    coming = [m for m in meetings if m.state in (MeetingState.TENTATIVE, MeetingState.CONFIRMED)]
    if not coming:
        return frozenset()
    lasts = {offer.code: offer.certificate_expires_on for offer in facts_of_open(on=on)}
    return frozenset(m.code for m in coming if lasts.get(m.offer_code, date.min) < day_of(m.slot.starts_at))
