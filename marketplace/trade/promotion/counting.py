"""How often placements are shown and followed: added up in the process, written now and then as sums of a day.

No page waits for it, no person is in it: that one browser's clicks of a day count once, a process knows by marks that
it forgets with the day and that nobody can turn back. What a process that is killed has not written yet is lost, at
most half a minute's; several processes add to the same rows.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock

from sqlalchemy import insert, update

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.trade.promotion.models import PlacementDay

EVERY = timedelta(seconds=30)
REMEMBERED = 100_000  # clicks of a day in one process, some megabytes
Key = tuple[int, date, str]


class Tally:
    """What one process has counted and not written yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[Key] = Counter()
        self._taken_at: datetime | None = None
        self._day: date | None = None
        self._salt = b""
        self._followed: set[bytes] = set()

    def count(self, placement_ids: list[int], what: str, *, at: datetime) -> None:
        """Add one for each; `what` is `shown` or `clicked`."""
        with self._lock:
            self._counts.update((placement_id, day_of(at), what) for placement_id in placement_ids)

    def first(self, reader: str, placement_id: int, *, at: datetime) -> bool:
        """Whether `reader`, what a browser says of itself, follows this for the first time today. A day with more
        readers than are remembered counts no more of them.
        """
        with self._lock:
            if self._day != day_of(at):
                self._day, self._salt, self._followed = day_of(at), token_bytes(32), set()
            mark = blake2b(f"{placement_id} {reader}".encode(), key=self._salt, digest_size=8).digest()
            if mark in self._followed or len(self._followed) >= REMEMBERED:
                return False
            self._followed.add(mark)
            return True

    def due(self, at: datetime) -> bool:
        """Whether it is time to write; asked again at once, it is not: one thread writes."""
        with self._lock:
            if not self._counts or (self._taken_at is not None and at - self._taken_at < EVERY):
                return False
            self._taken_at = at
            return True

    def take(self) -> Counter[Key]:
        """What was counted, which is now the caller's to write or to give back."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
            return taken

    def give_back(self, counts: Counter[Key]) -> None:
        """What could not be written is kept for the next time."""
        with self._lock:
            self._counts.update(counts)


def add_up(counts: Counter[Key]) -> None:
    """Add what was counted to the day's sums, in the open block; ids in order, so that two processes never cross."""
    for placement_id, day in sorted({(id_, day) for id_, day, _what in counts}):
        more = {what: counts[placement_id, day, what] for what in ("shown", "clicked")}
        row = (PlacementDay.placement_id == placement_id, PlacementDay.day == day)
        sums = {
            PlacementDay.shown: PlacementDay.shown + more["shown"],
            PlacementDay.clicked: PlacementDay.clicked + more["clicked"],
        }
        if not rows_changed(update(PlacementDay).where(*row).values(sums)):
            db.session.execute(insert(PlacementDay).values(placement_id=placement_id, day=day, **more))
