"""The whole engine: who, when, comfort, tables, and a check of the result that knows nothing of how it came about."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from marketplace.trade.timetables.checking import sound
from marketplace.trade.timetables.comfort import Eased, Place, ease
from marketplace.trade.timetables.fallback import slot_by_slot
from marketplace.trade.timetables.one_stage import solve_at_once
from marketplace.trade.timetables.openings import Openings
from marketplace.trade.timetables.problem import Problem
from marketplace.trade.timetables.seating import seat
from marketplace.trade.timetables.shortfalls import shortfalls
from marketplace.trade.timetables.timetable import Method, Stage, Timetable
from marketplace.trade.timetables.when import Placed, place
from marketplace.trade.timetables.who import Chosen, choose

Tell = Callable[[Stage, float], None]

COMFORT_STEPS = 500_000  # links of chains; a fair of 600 x 200 comes to rest long before


def _nobody_listens(_: Stage, __: float) -> None:
    """The default of `tell`."""


def solve(problem: Problem, *, tell: Tell = _nobody_listens, limit_seconds: float) -> Timetable:
    """The timetable of a problem; `tell` hears each stage as it begins, with the CPU seconds spent so far.

    Where the limit does not bite, the same problem gives the same timetable. Where it does, what is returned still
    breaks no rule, and says how far from the best it may be. The limit bounds the two searches; the rest is short.
    """
    watch = Watch(tell, limit_seconds)
    result = search(Openings.of(problem), watch)
    watch.begin(Stage.COMFORT)
    places = [(m.producer, m.buyer, m.slot) for m in problem.fixed]
    places += [(candidate.producer, candidate.buyer, slot) for candidate, slot in result.placed]
    eased = ease(problem, places, settled=_settled(problem, places), steps=COMFORT_STEPS)
    watch.begin(Stage.TABLES)
    timetable = _timetable(problem, result, eased)
    watch.begin(Stage.CHECKING)
    return replace(sound(problem, timetable), seconds=watch.end())


class Watch:
    """What is left of the time, and the CPU each stage took."""

    def __init__(self, tell: Tell, limit_seconds: float) -> None:
        self.tell = tell
        self.until = time.monotonic() + limit_seconds
        self.started = time.process_time()
        self.begun: list[tuple[Stage, float]] = []

    def begin(self, stage: Stage) -> None:
        """A stage begins; the one before has ended."""
        spent = time.process_time() - self.started
        self.begun.append((stage, spent))
        self.tell(stage, spent)

    def left(self) -> float:
        """Seconds until the limit."""
        return self.until - time.monotonic()

    def end(self) -> tuple[tuple[Stage, float], ...]:
        """CPU seconds of each stage that ran."""
        ends = [spent for _, spent in self.begun[1:]] + [time.process_time() - self.started]
        return tuple((stage, end - begin) for (stage, begin), end in zip(self.begun, ends, strict=True))


@dataclass(frozen=True)
class Result:
    """Placed meetings beyond the fixed ones; the bound is on their merit alone."""

    placed: Placed
    bound: int
    method: Method
    floors_proven: bool


def search(openings: Openings, watch: Watch) -> Result:
    """Two stages; if they do not meet, one; if time is up before it is done, the better of that and the last resort."""
    watch.begin(Stage.WHO)
    chosen = choose(openings)
    if watch.left() <= 0:
        return _last_resort(openings, chosen, watch)
    watch.begin(Stage.WHEN)
    candidates = [openings.candidates[i] for i in chosen.candidates]
    placed = place(openings, candidates, limit_seconds=watch.left() / 2)
    if placed is not None:
        return Result(placed, chosen.merit, Method.TWO_STAGES, True)
    watch.begin(Stage.ONE_STAGE)
    found = solve_at_once(openings, chosen.lacking, left=watch.left)
    at_once = Result(found.placed, found.bound, Method.ONE_STAGE, found.floors_proven)
    if found.proven:
        return replace(at_once, placed=_steadied(openings, found.placed))
    resort = _last_resort(openings, chosen, watch)
    return max(resort, at_once, key=lambda result: _rank(openings, result.placed))


def _last_resort(openings: Openings, chosen: Chosen, watch: Watch) -> Result:
    watch.begin(Stage.FALLBACK)
    placed = slot_by_slot(openings)
    served_as_well = _rank(openings, placed)[0] == [-lacking for lacking in chosen.lacking]
    return Result(placed, chosen.merit, Method.GREEDY_FALLBACK, served_as_well)


def _rank(openings: Openings, placed: Placed) -> tuple[list[int], int]:
    return openings.rank([candidate for candidate, _ in placed])


def _steadied(openings: Openings, placed: Placed) -> Placed:
    """The same meetings, with the former ones in their slot wherever that goes."""
    # a fraction of a second even for a large fair, so it is not held to what is left of the limit
    again = place(openings, [candidate for candidate, _ in placed], limit_seconds=10) if openings.stays else None
    return again or placed


def _settled(problem: Problem, places: list[Place]) -> set[tuple[int, int]]:
    """The pairs whose slot comfort leaves alone: fixed, or kept from the run before because that was wanted."""
    former = {(m.producer, m.buyer, m.slot) for m in problem.former} if problem.stay else set()
    kept = {(producer, buyer) for producer, buyer, slot in places if (producer, buyer, slot) in former}
    return kept | {(m.producer, m.buyer) for m in problem.fixed}


def _timetable(problem: Problem, result: Result, eased: Eased) -> Timetable:
    at = {(producer, buyer): slot for producer, buyer, slot in eased.places}
    former = [(i, m.slot, at.get((m.producer, m.buyer))) for i, m in enumerate(problem.former)]
    value = sum(problem.values.get(pair, 0) for pair in at)
    merit = value + problem.stay * sum(now is not None for _, _, now in former)
    bound = merit - sum(candidate.weight for candidate, _ in result.placed) + result.bound
    return Timetable(
        meetings=seat(problem, eased.places),
        value=value,
        merit=merit,
        bound=bound,
        gap=max(0, bound - merit) / bound if bound else 0.0,
        proven=result.floors_proven and merit == bound,
        floors_proven=result.floors_proven,
        method=result.method,
        short=shortfalls(problem, eased.places),
        kept=tuple(i for i, then, now in former if now == then),
        moved=tuple(i for i, then, now in former if now not in (None, then)),
        dropped=tuple(i for i, _, now in former if now is None),
        idle_before=eased.before,
        idle_after=eased.after,
    )
