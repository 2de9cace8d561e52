"""The worker's part: working out a timetable that was asked for, in a process of its own, telling how far it is."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from marketplace.platform.core.access import system
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import db, let_go, rows_changed, transaction
from marketplace.trade.campaigns import mails
from marketplace.trade.campaigns.models import UNDER_WAY, Answer, Campaign, MatchRun, RunState
from marketplace.trade.campaigns.queries import (
    get_campaign,
    list_meetings,
    list_near,
    list_participants,
    list_unconfirmed,
)
from marketplace.trade.campaigns.services.meeting import release_meeting
from marketplace.trade.campaigns.snapshots import take_snapshot
from marketplace.trade.timetables.facts import Impossible
from marketplace.trade.timetables.running import Died, Stopped, run
from marketplace.trade.timetables.timetable import Stage

TOPIC = "timetables"
WORKER = system("Cho Phien")
A_DAY = timedelta(days=1)
DEAD_AFTER = timedelta(seconds=180)  # beyond its limit: its worker is gone, another takes it up


def work_out(at: datetime) -> int:
    """Work out every run that waits, one after the other; answers how many were finished."""
    finished = 0
    for run_id in _waiting(at):
        if _claim(run_id, at):
            _work_out(run_id)
            finished += 1
    return finished


def remind(at: datetime) -> int:
    """The day before a campaign begins, write to everybody who meets somebody; a letter goes once by its key."""
    for campaign in list_near(at, A_DAY):
        with transaction():
            meetings = list_meetings(campaign.id)
            for each in list_participants(campaign.id, answer=Answer.COMING):
                mine = [m for m in meetings if each.id in (m.producer_participant_id, m.buyer_participant_id)]
                if mine:
                    mails.tomorrow(campaign, each, meetings=mine, at=at)
    return 0


def release(at: datetime) -> int:
    """Let go of the meetings that were not confirmed in time; answers how many."""
    released = 0
    for code, meeting in list_unconfirmed(at):
        with transaction():
            released += release_meeting(code=code, meeting=meeting, by=WORKER, at=at)
    return released


def watch(at: datetime) -> int:
    """What the worker does about campaigns: meetings to be let go of, timetables asked for, reminders due."""
    return release(at) + work_out(at) + remind(at)


def _waiting(at: datetime) -> list[int]:
    """The runs that wait, and those whose worker is gone."""
    query = select(MatchRun).where(MatchRun.state.in_(UNDER_WAY)).order_by(MatchRun.id)
    return [row.id for row in db.session.scalars(query) if row.state is RunState.ASKED or _abandoned(row, at)]


def _abandoned(row: MatchRun, at: datetime) -> bool:
    return row.started_at is not None and row.started_at + timedelta(seconds=row.limit_seconds) + DEAD_AFTER <= at


def _claim(run_id: int, at: datetime) -> bool:
    """Take a run for oneself: of two workers one does."""
    with transaction():
        before = db.session.scalar(select(MatchRun.started_at).where(MatchRun.id == run_id))
        unclaimed = MatchRun.started_at.is_(None) if before is None else MatchRun.started_at == before
        free = update(MatchRun).where(MatchRun.id == run_id, MatchRun.state.in_(UNDER_WAY))
        return rows_changed(free.where(unclaimed).values(state=RunState.RUNNING, started_at=at, stage="")) == 1


def _work_out(run_id: int) -> None:
    row = db.session.get_one(MatchRun, run_id)
    code = db.session.scalar(select(Campaign.code).where(Campaign.id == row.campaign_id))
    limit = row.limit_seconds
    try:
        snapshot = take_snapshot(get_campaign(code or ""), on=day_of(now()))
    except Impossible as impossible:
        _end(run_id, state=RunState.FAILED, error="; ".join(str(fact) for fact in impossible.facts))
        return
    _keep(run_id, snapshot=snapshot.to_json(), digest=snapshot.problem.digest)
    let_go()
    try:
        timetable = run(
            snapshot.problem,
            tell=lambda stage, _seconds: _tell(run_id, stage),
            stopped=lambda: _stop_asked(run_id),
            limit_seconds=limit,
        )
    except Stopped:
        _end(run_id, state=RunState.STOPPED)
    except Died as died:
        _end(run_id, state=RunState.FAILED, error=str(died))
    else:
        _end(run_id, state=RunState.DONE, result=timetable.to_json())


def _tell(run_id: int, stage: Stage) -> None:
    _keep(run_id, stage=stage.value)


def _stop_asked(run_id: int) -> bool:
    asked = db.session.scalar(select(MatchRun.stop_asked).where(MatchRun.id == run_id))
    let_go()
    return bool(asked)


def _keep(run_id: int, **values: object) -> None:
    with transaction():
        db.session.execute(update(MatchRun).where(MatchRun.id == run_id).values(**values))


def _end(run_id: int, **values: object) -> None:
    """The run is over; one that was stopped meanwhile stays stopped."""
    with transaction():
        ended = update(MatchRun).where(MatchRun.id == run_id, MatchRun.state == RunState.RUNNING)
        db.session.execute(ended.values(finished_at=now(), **values))
