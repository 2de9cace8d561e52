"""The optimiser of booths on generated fairs beside taking turns: CPU, value, bound, competitors side by side."""

import json
import random
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from config import ROOT
from marketplace.trade.allocations.parts import figures
from marketplace.trade.allocations.problem import Exhibitor, Gathering, Problem, Stand
from marketplace.trade.allocations.reasons import check, gathered
from marketplace.trade.allocations.solver import solve

SIZES = ((60, 66), (160, 170), (340, 350))  # exhibitors, booths: as real fairs have
HEAD = [
    "| fair | seed | way | CPU s | value | bound | gap | placed | competitors side by side |",
    "|---|---|---|---|---|---|---|---|---|",
]


def fair(people: int, booths: int, seed: int, gathering: Gathering) -> Problem:
    """Rows of twenty booths in eight zones, fourteen product sets; one in ten needs cold storage, one in ten water."""
    dice = random.Random(seed)
    stands = tuple(
        Stand(
            f"B{n}",
            f"Z{n * 8 // booths}",
            dice.choice([0, 2000, 2000, 5000]),
            dice.random() < 0.3,
            dice.random() < 0.3,
            dice.choice([90_000, 90_000, 180_000]),
            n % 20 in (0, 19),
            round(dice.random(), 2),
        )
        for n in range(booths)
    )
    beside = frozenset((f"B{n}", f"B{n + 1}") for n in range(booths - 1) if (n + 1) % 20)
    sets = [f"S{n}" for n in range(14)]
    exhibitors = tuple(
        Exhibitor(
            f"E{n}",
            frozenset(dice.sample(sets, dice.choice([1, 1, 1, 2]))),
            frozenset({f"P{dice.randrange(38)}"}),
            dice.choice([0, 0, 2000]),
            dice.random() < 0.1,
            dice.random() < 0.1,
            dice.choice([0, 90_000]),
            (f"Z{dice.randrange(8)}", f"B{dice.randrange(booths)}"),
            dice.random() < 0.3,
            round(dice.random() * 100, 1),
            round(dice.random(), 2),
        )
        for n in range(people)
    )
    return Problem(stands, exhibitors, beside, gathering=gathering)


def taking_turns(problem: Problem) -> dict[str, str]:
    """Each, those of merit first, takes the free booth that is worth most to it, competitors placed before counted."""
    facts = figures(problem)
    at: dict[int, int] = {}
    order = sorted(range(len(problem.exhibitors)), key=lambda n: -problem.exhibitors[n].merit)
    for one in order:
        gain = facts.gain[one] - sum((facts.rivals[one, other] * facts.cost[stand] for other, stand in at.items()), 0.0)
        free = facts.allowed[one].copy()
        free[list(at.values())] = False
        if free.any():
            at[one] = int(np.argmax(np.where(free, gain, -np.inf)))
    return {problem.exhibitors[one].key: problem.stands[stand].key for one, stand in at.items()}


def measure(seeds: Iterable[int]) -> dict[str, Any]:
    """The table, as lines to print and to keep."""
    lines = [*HEAD]
    for seed in seeds:
        for people, booths in SIZES:
            for gathering in Gathering:
                problem = fair(people, booths, seed, gathering)
                lines += _beside(f"{people} x {booths}, {gathering.value}", seed, problem)
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "lines": lines}


def _beside(name: str, seed: int, problem: Problem) -> list[str]:
    began = time.process_time()
    outcome = solve(problem)
    spent = time.process_time() - began
    assert check(problem, outcome.placed) == []
    near = gathered(problem, outcome.placed)[0]
    ours = [f"{spent:.1f}", f"{outcome.value:.0f}", f"{outcome.bound:.0f}", f"{outcome.gap:.2%}"]
    began = time.process_time()
    turns = taking_turns(problem)
    spent = time.process_time() - began
    theirs = [f"{spent:.1f}", f"{value_of(problem, turns):.0f}", "", ""]
    return [
        _line(name, seed, "ours", *ours, str(len(outcome.placed)), str(near)),
        _line(name, seed, "taking turns", *theirs, str(len(turns)), str(gathered(problem, turns)[0])),
    ]


def value_of(problem: Problem, placed: dict[str, str]) -> float:
    """What a placing is worth by the optimiser's own measure."""
    facts = figures(problem)
    rows = [n for n, each in enumerate(problem.exhibitors) if each.key in placed]
    column = {stand.key: n for n, stand in enumerate(problem.stands)}
    at = np.array([column[placed[problem.exhibitors[n].key]] for n in rows])
    own = facts.gain[rows, at].sum() - (facts.rivals[np.ix_(rows, rows)] * facts.cost[np.ix_(at, at)]).sum() / 2
    return float(own)


def _line(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def keep(measured: dict[str, Any]) -> None:
    """Write the table where results are kept."""
    path = ROOT / "bench" / "results" / "booths.json"
    path.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
