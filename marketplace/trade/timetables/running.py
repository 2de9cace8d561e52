"""The engine in a process of its own: a solver at work cannot be interrupted, a process can be ended.

The child is started afresh, so that it has nothing of the parent's: no connection, no lock, no thread. It gets the
problem as plain JSON and answers over a pipe. A child whose parent is gone ends at its next word, or at its limit.
"""

import math
import multiprocessing
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from marketplace.trade.timetables.engine import Tell, solve
from marketplace.trade.timetables.problem import Problem
from marketplace.trade.timetables.timetable import Stage, Timetable

POLL_SECONDS = 0.25
GRACE_SECONDS = 60  # of CPU beyond the limit, for what is no search
THREADS = 2  # the solver may use as many, each counts


class Stopped(Exception):
    """The run was stopped as the caller wished; there is no result."""


class Died(Exception):
    """The child ended without a result: its exit code (below zero: the signal) or the error it told."""

    def __init__(self, exit_code: int | None, words: str = "") -> None:
        self.exit_code, self.words = exit_code, words
        super().__init__(words or f"exit code {exit_code}")


def run(problem: Problem, *, tell: Tell, stopped: Callable[[], bool], limit_seconds: float) -> Timetable:
    """What `solve` answers, worked out by a child; `tell` hears the stages, `stopped` is asked a few times a second.

    Raises Stopped once `stopped` says so, and Died when the child failed or was killed. The child is gone afterwards.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=work, args=(theirs, problem.to_json(), limit_seconds), daemon=True)
    try:
        child.start()
        theirs.close()  # so that the pipe ends with the child
        return _listen(ours, child, tell, stopped)
    finally:
        theirs.close()
        if child.pid is not None:
            child.kill()
            child.join()
        child.close()
        ours.close()


def _listen(pipe: Connection, child: Any, tell: Tell, stopped: Callable[[], bool]) -> Timetable:
    while not stopped():
        if not pipe.poll(POLL_SECONDS):
            continue
        try:
            word, content = pipe.recv()
        except EOFError:
            child.join()
            raise Died(child.exitcode) from None
        if word == "failed":
            raise Died(None, content)
        if word == "done":
            return Timetable.from_json(content)
        stage, seconds = content
        tell(Stage(stage), seconds)
    raise Stopped


def work(pipe: Connection, plain: dict[str, Any], limit_seconds: float) -> None:
    """The child's whole life: solve, tell each stage, say the result or what went wrong."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's interrupt is the parent's to answer
    most = math.ceil(limit_seconds) * THREADS + GRACE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))

    def tell(stage: Stage, seconds: float) -> None:
        pipe.send(("stage", (stage.value, seconds)))

    try:
        timetable = solve(Problem.from_json(plain), tell=tell, limit_seconds=limit_seconds)
    except Exception as error:  # whatever it is, the parent must hear of it
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
    else:
        pipe.send(("done", timetable.to_json()))
