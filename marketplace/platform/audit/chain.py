"""A hash chain over append-only rows: each sealed with the one before it, so that none can be altered unseen."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.log import log

START = "0" * 64
BATCH = 1000


@dataclass(frozen=True)
class Chain:
    """The chain over one table whose rows have `id`, `at`, and `position` and `seal`, empty until the worker comes.

    `facts(row)` is everything a row says, as plain JSON; `load` are the options that load it.
    """

    name: str
    model: Any
    facts: Callable[[Any], Sequence[Any]]
    load: tuple[ORMOption, ...] = ()

    @property
    def _position(self) -> Any:
        return self.model.position

    def seal_new(self, _at: datetime) -> int:
        """Give rows not yet sealed their place in the chain; answers how many."""
        model = self.model
        with transaction():
            last = db.session.scalar(
                select(model)
                .where(self._position.is_not(None))
                .order_by(self._position.desc())
                .limit(1)
                .with_for_update(of=model)
            )
            position, seal = (last.position, last.seal or START) if last else (0, START)
            unsealed = select(model).where(self._position.is_(None)).options(*self.load)
            fresh = db.session.scalars(unsealed.order_by(model.id).limit(BATCH)).all()
            for row in fresh:
                position += 1
                seal = self._seal(row, position, seal)
                row.position, row.seal = position, seal
        if fresh:  # noted outside the database: a chain cut short is told by a head that it no longer holds
            log.info(f"{self.name} sealed", position=position, seal=seal)
        return len(fresh)

    def head(self) -> tuple[int, str]:
        """The last sealed position and its seal; (0, zeros) where there is none."""
        last = select(self._position, self.model.seal).where(self._position.is_not(None))
        row = db.session.execute(last.order_by(self._position.desc()).limit(1)).first()
        return (row[0] or 0, row[1] or START) if row else (0, START)

    def holds_head(self, position: int, seal: str) -> bool:
        """Whether the chain still has this position with this seal, as a log line said: nothing was cut off."""
        if position == 0:
            return seal == START
        return db.session.scalar(select(self.model.seal).where(self._position == position)) == seal

    def unsealed_before(self) -> list[int]:
        """Rows without a seal although a later one, an hour younger, has it: somebody took their seal away.

        Rows are sealed in the order in which they were written; those still to come to their turn are not meant.
        """
        model = self.model
        sealed = select(func.max(model.at), func.max(model.id)).where(self._position.is_not(None))
        youngest, last = db.session.execute(sealed).one()
        if youngest is None:
            return []
        left = select(model.id).where(self._position.is_(None), model.at < youngest - timedelta(hours=1))
        return list(db.session.scalars(left.where(model.id < last).order_by(model.id)))

    def broken_positions(self) -> list[int]:
        """Where the chain does not hold: a row was altered, taken out or put in. Empty for an honest one.

        That the newest rows were cut off, the chain alone cannot tell: compare its `head` with one noted elsewhere.
        """
        broken, before, expected = [], START, 1
        sealed = select(self.model).where(self._position.is_not(None)).options(*self.load)
        for row in db.session.scalars(sealed.order_by(self._position)):
            if row.position != expected or row.seal != self._seal(row, row.position, before):
                broken.append(row.position)
            before, expected = row.seal or START, row.position + 1
        return broken

    def _seal(self, row: Any, position: int, before: str) -> str:
        facts = [position, *self.facts(row), before]
        return sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
