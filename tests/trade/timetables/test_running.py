"""The engine in a child process: what it tells, that it can be stopped, that its death is told."""

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

from bench.fairs import fair
from marketplace.trade.timetables.engine import solve
from marketplace.trade.timetables.problem import Problem
from marketplace.trade.timetables.running import Died, Stopped, run, work
from marketplace.trade.timetables.timetable import Stage, Timetable
from tests.trade.timetables.cases import LIMIT, everyone

# few slots in common make one stage work for seconds
LONG = fair(300, 100, 20, seed=8, tables=100, there=(0.3, 0.3))


def _ours() -> list[BaseProcess]:
    return list(multiprocessing.active_children())


def test_a_run_tells_its_stages_in_order_and_answers_what_solve_does() -> None:
    problem = everyone(4, 3, 3, least=2)
    told: list[tuple[Stage, float]] = []
    timetable = run(problem, tell=lambda *report: told.append(report), stopped=lambda: False, limit_seconds=LIMIT)
    assert [stage for stage, _ in told] == [Stage.WHO, Stage.WHEN, Stage.COMFORT, Stage.TABLES, Stage.CHECKING]
    assert [seconds for _, seconds in told] == sorted(seconds for _, seconds in told)
    assert timetable == solve(problem, limit_seconds=LIMIT)
    assert _ours() == []


def test_it_runs_from_a_thread() -> None:
    """The worker's jobs run in threads."""
    answers: list[Timetable] = []
    problem = everyone()

    def job() -> None:
        answers.append(run(problem, tell=lambda *_: None, stopped=lambda: False, limit_seconds=LIMIT))

    thread = threading.Thread(target=job)
    thread.start()
    thread.join()
    assert answers == [solve(problem, limit_seconds=LIMIT)]


def test_a_run_is_stopped_in_the_middle_of_the_solver() -> None:
    told: list[Stage] = []
    with pytest.raises(Stopped):
        run(
            LONG,
            tell=lambda stage, _: told.append(stage),
            stopped=lambda: Stage.ONE_STAGE in told,
            limit_seconds=LIMIT,
        )
    assert told == [Stage.WHO, Stage.WHEN, Stage.ONE_STAGE]
    assert _ours() == []


def test_a_killed_child_is_told_and_no_hang() -> None:
    def kill(stage: Stage, _: float) -> None:
        if stage is Stage.ONE_STAGE:  # it has seconds of work before it
            (child,) = _ours()
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(Died) as raised:
        run(LONG, tell=kill, stopped=lambda: False, limit_seconds=LIMIT)
    assert raised.value.exit_code == -signal.SIGKILL
    assert str(raised.value) == "exit code -9"
    assert _ours() == []


class _Broken(Problem):
    """A problem that becomes impossible on the way."""

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "stay": -1}


def test_an_error_in_the_child_is_told() -> None:
    whole = everyone()
    broken = _Broken(whole.producers, whole.buyers, whole.pairs, whole.tables)
    with pytest.raises(Died) as raised:
        run(broken, tell=lambda *_: None, stopped=lambda: False, limit_seconds=LIMIT)
    assert (raised.value.exit_code, raised.value.words) == (None, "Impossible: stay_below_zero")
    assert _ours() == []


def test_a_listener_that_fails_leaves_no_child() -> None:
    def fail(_: Stage, __: float) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        run(everyone(), tell=fail, stopped=lambda: False, limit_seconds=LIMIT)
    assert _ours() == []


class _Unsendable(Problem):
    def to_json(self) -> dict[str, Any]:
        return {"lock": threading.Lock()}


def test_a_child_that_cannot_be_started_leaves_nothing() -> None:
    whole = everyone()
    with pytest.raises(TypeError):
        run(
            _Unsendable(whole.producers, whole.buyers, whole.pairs, whole.tables),
            tell=lambda *_: None,
            stopped=lambda: False,
            limit_seconds=LIMIT,
        )
    assert _ours() == []


@pytest.fixture
def bounds_put_back() -> Iterator[None]:
    limits, handler = resource.getrlimit(resource.RLIMIT_CPU), signal.getsignal(signal.SIGINT)
    yield
    resource.setrlimit(resource.RLIMIT_CPU, limits)
    signal.signal(signal.SIGINT, handler)


@pytest.mark.parametrize(("stay", "last"), [(100, "done"), (-1, "failed")])
def test_the_childs_words_end_with_its_result_or_its_error(bounds_put_back: None, stay: int, last: str) -> None:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    work(theirs, {**everyone().to_json(), "stay": stay}, 3000)
    theirs.close()
    words = []
    while ours.poll():
        try:
            words.append(ours.recv()[0])
        except EOFError:
            break
    ours.close()
    assert words == (["stage"] * 5 if last == "done" else []) + [last]
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == 6060
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
