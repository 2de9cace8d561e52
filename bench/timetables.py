"""The timetable's engine on generated fairs: CPU, gap, value and fairness beside two rivals, and a second run."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bench.fairs import fair
from bench.rivals import greedy, stable
from config import ROOT
from marketplace.trade.timetables.engine import solve
from marketplace.trade.timetables.problem import Meeting, Problem
from marketplace.trade.timetables.timetable import Timetable

LIMIT_SECONDS = 300.0
WITHDRAWN = (12, 4)  # producers, buyers
CONFIRMED = 0.6


@dataclass(frozen=True)
class Case:
    """A fair's size, tables in each slot, how likely producers and buyers are there, and whether rivals are asked."""

    producers: int
    buyers: int
    slots: int
    tables: int
    there: tuple[float, float]
    rivals: bool = False

    def __str__(self) -> str:
        present = f"{self.there[0]:.0%}/{self.there[1]:.0%}"
        return f"{self.producers} x {self.buyers} x {self.slots}, {self.tables} tables, there {present}"


CASES = (
    Case(300, 100, 20, 100, (0.8, 0.9), rivals=True),
    Case(300, 100, 20, 100, (1.0, 1.0)),
    Case(300, 100, 20, 60, (0.8, 0.9)),
    Case(300, 100, 20, 100, (0.5, 0.5)),
    Case(300, 100, 20, 100, (0.3, 0.3)),
    Case(600, 200, 24, 200, (0.8, 0.9), rivals=True),
)


def measure(seeds: Iterable[int]) -> dict[str, Any]:
    """All tables, as lines to print and to keep."""
    beside, again = [*HEAD], [*HEAD_AGAIN]
    for seed in seeds:
        for case in CASES:
            problem = fair(case.producers, case.buyers, case.slots, seed=seed, tables=case.tables, there=case.there)
            first, line = _ours(case, seed, problem)
            beside.append(line)
            if case.rivals:
                beside.append(_ours(case, seed, _without_floors(problem), "without a floor, ")[1])
                beside += [_rival(case, seed, problem, name, rival) for name, rival in RIVALS.items()]
                again += _second_runs(case, seed, problem, first)
    return {"measured_on": datetime.now(UTC).date().isoformat(), "beside": beside, "second_run": again}


def keep(result: dict[str, Any]) -> None:
    """Write bench/results/timetables.json."""
    file = ROOT / "bench" / "results" / "timetables.json"
    file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


HEAD = (
    "| fair | seed | way | CPU s | searching | gap | value | meetings | below 1 / 2 / 3 | Gini | idle slots |",
    "|---|---:|---|" + "---:|" * 8,
)
HEAD_AGAIN = (
    "| fair | seed | second run | CPU s | gap | value | tentative kept / moved / dropped | confirmed kept |",
    "|---|---:|---|" + "---:|" * 5,
)
RIVALS: dict[str, Callable[[Problem], list[tuple[int, int]]]] = {
    "greedy by score": greedy,
    "stable matching, no slots": stable,
}


def _without_floors(problem: Problem) -> Problem:
    return replace(problem, producers=tuple(replace(producer, least=0) for producer in problem.producers))


def _ours(case: Case, seed: int, problem: Problem, what: str = "") -> tuple[Timetable, str]:
    started = time.process_time()
    timetable = solve(problem, limit_seconds=LIMIT_SECONDS)
    spent = time.process_time() - started
    stages = {stage.value: seconds for stage, seconds in timetable.seconds}
    searching = sum(stages.get(stage, 0) for stage in ("who", "when", "one_stage"))
    way = f"{what}**{timetable.method.value}**" + (", proven" if timetable.proven else "")
    pairs = [(seat.producer, seat.buyer) for seat in timetable.meetings]
    figures = [f"{spent:.2f}", f"{searching:.2f}", f"{timetable.gap:.3%}", *_figures(problem, pairs)]
    idle = f"{timetable.idle_before:,} → {timetable.idle_after:,}"
    return timetable, _line(case, seed, way, *figures, idle)


def _rival(case: Case, seed: int, problem: Problem, name: str, way: Callable[[Problem], list[tuple[int, int]]]) -> str:
    started = time.process_time()
    pairs = way(problem)
    spent = f"{time.process_time() - started:.2f}"
    return _line(case, seed, name, spent, spent, "", *_figures(problem, pairs), "")


def _figures(problem: Problem, pairs: list[tuple[int, int]]) -> list[str]:
    met = Counter(producer for producer, _ in pairs)
    each = [met[producer] for producer in range(len(problem.producers))]
    below = " / ".join(str(sum(had < k for had in each)) for k in (1, 2, 3))
    value = sum(problem.values[pair] for pair in pairs)
    return [f"{value:,}", f"{len(pairs):,}", below, f"{gini(each):.3f}"]


def gini(shares: list[int]) -> float:
    """How unevenly something is shared out: 0 when all have the same, near 1 when one has all."""
    total, n = sum(shares), len(shares)
    return sum((2 * i - n - 1) * share for i, share in enumerate(sorted(shares), start=1)) / (n * total)


def _second_runs(case: Case, seed: int, problem: Problem, first: Timetable) -> list[str]:
    """Some withdraw; of the meetings left, most are confirmed."""
    dice = random.Random(seed)
    producers = set(dice.sample(range(case.producers), WITHDRAWN[0]))
    buyers = set(dice.sample(range(case.buyers), WITHDRAWN[1]))
    left = [s for s in first.meetings if s.producer not in producers and s.buyer not in buyers]
    dice.shuffle(left)
    meetings = tuple(Meeting(s.producer, s.buyer, s.slot, s.table) for s in left)
    many = round(CONFIRMED * len(left))
    pairs = tuple(p for p in problem.pairs if p.producer not in producers and p.buyer not in buyers)
    locked = replace(problem, pairs=pairs, fixed=meetings[:many], former=meetings[many:])
    runs = {f"staying is worth {stay}": replace(locked, stay=stay) for stay in (0, 100, 300)}
    runs["from scratch"] = replace(problem, pairs=pairs, former=meetings[many:], stay=0)
    return [_second_run(case, seed, name, run, meetings[:many]) for name, run in runs.items()]


def _second_run(case: Case, seed: int, name: str, problem: Problem, confirmed: tuple[Meeting, ...]) -> str:
    started = time.process_time()
    timetable = solve(problem, limit_seconds=LIMIT_SECONDS)
    spent = f"{time.process_time() - started:.2f}"
    places = {(s.producer, s.buyer, s.slot) for s in timetable.meetings}
    stayed = sum((m.producer, m.buyer, m.slot) in places for m in confirmed)
    former = f"{len(timetable.kept)} / {len(timetable.moved)} / {len(timetable.dropped)}"
    way = f"{name}, {timetable.method.value}"
    kept = f"{stayed} of {len(confirmed)}"
    return _line(case, seed, way, spent, f"{timetable.gap:.3%}", f"{timetable.value:,}", former, kept)


def _line(case: Case, seed: int, *cells: str) -> str:
    return "| " + " | ".join([str(case), str(seed), *cells]) + " |"
