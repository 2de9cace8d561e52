"""What SQLite chooses its plans by. PostgreSQL gathers such figures by itself."""

from datetime import date, datetime

from sqlalchemy import text

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction

ROWS_LOOKED_AT = 1000  # of an index: milliseconds for half a million rows


class DailyStatistics:
    """A sweep that has SQLite look at its tables once a day, and when a worker starts."""

    def __init__(self) -> None:
        self._last: date | None = None

    def __call__(self, at: datetime) -> int:
        """Gather the figures where today's are missing; answers 1 where it did."""
        if db.engine.dialect.name != "sqlite" or self._last == day_of(at):
            return 0
        with transaction():
            db.session.execute(text(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}"))
            db.session.execute(text("ANALYZE"))
        self._last = day_of(at)
        return 1
