"""Tables are held still while a file is applied: by a lock on PostgreSQL, by its one writer on SQLite."""

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.platform.core.db import db, transaction
from marketplace.platform.imports.services import hold_still


@pytest.mark.measured
@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_postgresql_holds_the_tables(app: Flask) -> None:
    held = text(
        "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
        " WHERE relname = 'staged_imports' AND mode = 'ShareRowExclusiveLock' AND pid = pg_backend_pid()"
    )
    with transaction():
        assert db.session.scalar(held) == 0
        hold_still("staged_imports")
        assert db.session.scalar(held) == 1
