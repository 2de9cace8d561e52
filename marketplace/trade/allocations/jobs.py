"""The worker's part: booths are worked out, outside any write block."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import or_, select, update

from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db, let_go, rows_changed, transaction
from marketplace.trade.allocations.models import AllocationRun, RunState
from marketplace.trade.allocations.problem import Problem
from marketplace.trade.allocations.queries import take_problem
from marketplace.trade.allocations.reasons import check, explain, explain_left, gathered
from marketplace.trade.allocations.solver import Outcome, solve
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.queries import get_edition

DEAD_AFTER = timedelta(minutes=5)  # its worker is gone: another takes it up


def work_out_booths(at: datetime) -> int:
    """Work out every run that waits; answers how many were finished."""
    finished = 0
    for run_id in _waiting(at):
        if _claim(run_id, at):
            _work_out(run_id)
            finished += 1
    return finished


def _waiting(at: datetime) -> list[int]:
    dead = (AllocationRun.state == RunState.RUNNING) & (AllocationRun.started_at <= at - DEAD_AFTER)
    query = select(AllocationRun.id).where(or_(AllocationRun.state == RunState.ASKED, dead))
    return list(db.session.scalars(query.order_by(AllocationRun.id)))


def _claim(run_id: int, at: datetime) -> bool:
    """Take a run for oneself: of two workers one does."""
    free = or_(AllocationRun.state == RunState.ASKED, AllocationRun.started_at <= at - DEAD_AFTER)
    with transaction():
        mine = update(AllocationRun).where(AllocationRun.id == run_id, free)
        return rows_changed(mine.values(state=RunState.RUNNING, started_at=at)) == 1


def _work_out(run_id: int) -> None:
    edition_id = db.session.scalar(select(AllocationRun.edition_id).where(AllocationRun.id == run_id))
    code = db.session.scalar(select(Edition.code).where(Edition.id == edition_id)) or ""
    province = current_app.config["SETTINGS"].province_code
    try:
        problem = take_problem(get_edition(code), province_code=province)
        let_go()
        result = result_of(problem, solve(problem))
    except ValueError as error:  # a problem that contradicts itself is told, and the next run goes on
        _end(run_id, state=RunState.FAILED, error=str(error))
    else:
        _end(run_id, state=RunState.DONE, problem=problem.to_json(), result=result)


def result_of(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    """An outcome as a run keeps it, with every reason. One that the checker finds unsound raises ValueError."""
    wrong = check(problem, outcome.placed)
    if wrong:
        raise ValueError("; ".join(wrong))
    near, shared = gathered(problem, outcome.placed)
    return {
        "placed": outcome.placed,
        "value": outcome.value,
        "bound": outcome.bound,
        "gap": outcome.gap,
        "near": near,
        "shared": shared,
        "explained": {key: asdict(each) for key, each in explain(problem, outcome).items()},
        "left": {key: asdict(each) for key, each in explain_left(problem, outcome).items()},
    }


def _end(run_id: int, **values: object) -> None:
    with transaction():
        ended = update(AllocationRun).where(AllocationRun.id == run_id, AllocationRun.state == RunState.RUNNING)
        db.session.execute(ended.values(finished_at=now(), **values))
