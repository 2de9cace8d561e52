"""Stage three, comfort: less waiting between meetings, by swapping two slots along a chain of meetings.

In two slots everyone has at most one meeting each, so that the meetings there form paths and rings. Exchanging the two
slots along a whole path keeps every meeting and books nobody twice; only the two parties at its ends are busy at other
times than before.
"""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from marketplace.trade.timetables.problem import Problem

Place = tuple[int, int, int]  # producer, buyer, slot


@dataclass(frozen=True)
class Eased:
    """The same meetings with less waiting: idle slots of all parties before and after."""

    places: list[Place]
    before: int
    after: int


def ease(problem: Problem, places: Sequence[Place], *, settled: Collection[tuple[int, int]], steps: int) -> Eased:
    """Swap while it shortens the waiting, at most `steps` links of chains long; pairs in `settled` keep their slot.

    The same input gives the same result: the bound counts steps, not seconds.
    """
    day = _Day(problem, places, settled)
    before = day.waiting()
    day.shorten(steps)
    return Eased(day.places(), before, day.waiting())


def idle(busy: int, there: int) -> int:
    """Slots in which a party is there without a meeting between its first and its last; both are sets of bits."""
    if not busy:
        return 0
    span = (1 << busy.bit_length()) - (busy & -busy)
    return (span & ~busy & there).bit_count()


def _bits(slots: Collection[int]) -> int:
    return sum(1 << slot for slot in slots)


def _slots(bits: int) -> list[int]:
    return [slot for slot in range(bits.bit_length()) if bits >> slot & 1]


class _Day:
    """Everyone's meetings; buyers are numbered on from the producers."""

    def __init__(self, problem: Problem, places: Sequence[Place], settled: Collection[tuple[int, int]]) -> None:
        self.producers = len(problem.producers)
        parties = [*problem.producers, *problem.buyers]
        self.there = [_bits(party.slots) for party in parties]
        self.busy = [0] * len(parties)
        self.settled = [0] * len(parties)  # slots whose meeting must stay
        self.met: list[dict[int, int]] = [{} for _ in parties]  # slot to the other party
        self.left = list(problem.tables)
        for producer, buyer, slot in places:
            self.left[slot] -= 1
            for one, other in ((producer, self.producers + buyer), (self.producers + buyer, producer)):
                self.busy[one] |= 1 << slot
                self.met[one][slot] = other
                if (producer, buyer) in settled:
                    self.settled[one] |= 1 << slot

    def places(self) -> list[Place]:
        """All meetings, in order."""
        return sorted(
            (producer, other - self.producers, slot)
            for producer, met in enumerate(self.met[: self.producers])
            for slot, other in met.items()
        )

    def waiting(self) -> int:
        """The idle slots of all parties."""
        return sum(map(idle, self.busy, self.there))

    def shorten(self, steps: int) -> None:
        """Take the parties in turn; whoever waits tries every swap; whoever was touched comes again."""
        queue = deque(range(len(self.busy)))
        queued = [True] * len(self.busy)
        while queue and steps > 0:
            one = queue.popleft()
            queued[one] = False
            used, touched = self._improve(one)
            steps -= used
            for party in touched:
                if not queued[party]:
                    queued[party] = True
                    queue.append(party)

    def _improve(self, one: int) -> tuple[int, tuple[int, ...]]:
        """The first swap that shortens the waiting of this party more than it lengthens the other end's."""
        used, busy, there = 0, self.busy[one], self.there[one]
        now = idle(busy, there)
        if not now:
            return 1, ()
        for s in _slots(busy & ~self.settled[one]):
            for t in _slots(there & ~busy):
                then = idle(busy ^ (1 << s | 1 << t), there)
                if then >= now:
                    continue
                chain = self._chain(one, s, t)
                used += 1 + len(chain)
                if chain and then - now + self._at_the_end(chain, s, t) < 0:
                    self._swap(chain, s, t)
                    return used, (one, chain[-1])
        return used + 1, ()

    def _chain(self, one: int, s: int, t: int) -> list[int]:
        """The path that starts at a party's meeting in s and goes on in t, s, …; empty when it cannot be swapped."""
        chain, here, now, then = [one], one, s, t
        while now in self.met[here]:
            if self.settled[here] >> now & 1:
                return []
            here = self.met[here][now]
            chain.append(here)
            now, then = then, now
        if not self.there[here] >> now & 1:
            return []
        odd = len(chain) % 2 == 0  # an odd number of meetings: one more in t than was
        return [] if odd and not self.left[t] else chain

    def _at_the_end(self, chain: list[int], s: int, t: int) -> int:
        end = chain[-1]
        return idle(self.busy[end] ^ (1 << s | 1 << t), self.there[end]) - idle(self.busy[end], self.there[end])

    def _swap(self, chain: list[int], s: int, t: int) -> None:
        other = 1 << s | 1 << t
        for party in chain:
            met = self.met[party]
            exchanged = {t if slot == s else s: met.pop(slot) for slot in (s, t) if slot in met}
            met.update(exchanged)
        for end in (chain[0], chain[-1]):
            self.busy[end] ^= other
        if len(chain) % 2 == 0:
            self.left[s] += 1
            self.left[t] -= 1
