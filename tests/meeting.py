"""Builders of campaigns: parties that suit each other, a campaign planned and opened, a timetable worked out."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.core.db import transaction
from marketplace.trade.campaigns.jobs import work_out
from marketplace.trade.campaigns.models import Campaign, CampaignKind, MatchRun, MeetingState, RunState
from marketplace.trade.campaigns.queries import (
    get_campaign,
    get_own_participant,
    get_run,
    list_meetings_of,
    list_participants,
)
from marketplace.trade.campaigns.rules import Hours
from marketplace.trade.campaigns.services import (
    CampaignFacts,
    answer_invitation,
    ask_run,
    confirm_meeting,
    invite,
    open_campaign,
    plan_campaign,
    publish_run,
)
from marketplace.trade.campaigns.snapshots import take_snapshot
from marketplace.trade.distributors.queries import get_own as distributor_of
from marketplace.trade.timetables.engine import solve
from tests.builders import BY, make_offer, make_producer, make_user
from tests.trading import make_demand, make_distributor, make_wholesale

MEETING_DAY = date(2026, 12, 8)


def hours(**said: Any) -> Hours:
    """A morning of four slots of half an hour."""
    usual: dict[str, Any] = {
        "first_day": MEETING_DAY,
        "last_day": MEETING_DAY,
        "opens": time(8),
        "closes": time(10),
        "minutes": 30,
    }
    return Hours(**{**usual, **said})


def facts(**said: Any) -> CampaignFacts:
    """A campaign at two tables: each producer at least one meeting."""
    usual: dict[str, Any] = {
        "title": "Kết nối Đông Nam",
        "kind": CampaignKind.ON_SITE,
        "place": "Hội trường tỉnh",
        "hours": hours(),
        "least": 1,
        "most_producer": 3,
        "most_buyer": 3,
        "tables": 2,
        "wishes_until": datetime(2026, 12, 6, 23, 59, tzinfo=VIETNAM),
    }
    return CampaignFacts(**{**usual, **said})


@dataclass(frozen=True)
class Fair:
    """A campaign that is open, and who comes."""

    code: str
    makers: tuple[User, ...]
    buyers: tuple[User, ...]

    @property
    def campaign(self) -> Campaign:
        return get_campaign(self.code)

    def place_of(self, user: User) -> int:
        """The participant's row of somebody who takes part."""
        found = [p.id for p in list_participants(self.campaign.id) if p.organisation_id == user.organisation_id]
        return found[0]


def make_maker(name: str, *, at: datetime, **terms: Any) -> User:
    """A producer's person, with noodles certified, on sale and offered wholesale."""
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer(name, at=at, user=user)
    make_wholesale(user, make_offer(f"Miến {name}", at=at, producer=producer), at=at, **terms)
    return user


def make_buyer(name: str, *, at: datetime, **terms: Any) -> User:
    """A verified distributor's person, who seeks noodles."""
    user = make_distributor(name, at=at)
    make_demand(user, at=at, **terms)
    return user


def make_fair(*, at: datetime, makers: int = 2, buyers: int = 2, coming: bool = True, **said: Any) -> Fair:
    """An open campaign of so many, all of whom come."""
    people = tuple(make_maker(f"Lò {n}", at=at) for n in range(makers))
    sellers = tuple(make_buyer(f"Chợ {n}", at=at) for n in range(buyers))
    with transaction():
        code = plan_campaign(facts=facts(**said), by=BY, at=at).code
    slugs = [get_own(user.actor()).slug for user in people]
    shops = [distributor_of(user.actor()).organisation.slug for user in sellers]
    with transaction():
        invite(code=code, producers=slugs, distributors=shops, by=BY, at=at)
        open_campaign(code=code, by=BY, at=at)
    fair = Fair(code, people, sellers)
    for user in (*people, *sellers) if coming else ():
        come(fair, user, at=at)
    return fair


def come(fair: Fair, user: User, *, at: datetime, absent: tuple[int, ...] = (), most: int | None = None) -> None:
    """Somebody says that they come."""
    with transaction():
        answer_invitation(code=fair.code, coming=True, absent=absent, most=most, by=user.actor(), at=at)


def timetable(fair: Fair, *, at: datetime, publish: bool = True) -> MatchRun:
    """Have a timetable worked out, and published."""
    with transaction():
        number = ask_run(code=fair.code, by=BY, at=at).number
    work_out(at)
    if publish:
        with transaction():
            publish_run(code=fair.code, number=number, by=BY, at=at + timedelta(minutes=1))
    return get_run(fair.campaign.id, number)


def worked_out(code: str, *, at: datetime) -> int:
    """A run worked out here and now, without a child: for tests of what comes after it. Answers its number."""
    with transaction():
        run = ask_run(code=code, by=BY, at=at)
        snapshot = take_snapshot(get_campaign(code), on=day_of(at))
        run.state, run.snapshot, run.digest = RunState.DONE, snapshot.to_json(), snapshot.problem.digest
        run.result, run.finished_at = solve(snapshot.problem, limit_seconds=10).to_json(), at
        return run.number


def confirm_all(fair: Fair, at: datetime) -> None:
    """Both sides of every meeting say yes."""
    for user in (*fair.makers, *fair.buyers):
        mine = get_own_participant(fair.code, by=user.actor())
        for meeting in list_meetings_of(mine.id):
            if meeting.state is MeetingState.TENTATIVE:
                with transaction():
                    confirm_meeting(code=fair.code, meeting=meeting.code, by=user.actor(), at=at)
