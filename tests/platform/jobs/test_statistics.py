"""SQLite is told how its tables look once a day, so that it chooses the index which a page of the newest needs."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.platform.core.db import db, transaction
from marketplace.platform.jobs.statistics import DailyStatistics


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_sqlite_looks_at_its_tables_once_a_day(app: Flask, at: datetime) -> None:
    with transaction():
        db.session.execute(text("CREATE TABLE looked (a INTEGER)"))
        db.session.execute(text("CREATE INDEX ix_looked ON looked (a)"))
        db.session.execute(text("INSERT INTO looked VALUES (1), (2)"))
    noted = text("SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_looked'")
    gather = DailyStatistics()
    assert gather(at) == 1
    assert db.session.scalar(noted) == "2 1"
    db.session.rollback()
    with transaction():
        db.session.execute(text("INSERT INTO looked VALUES (3), (4)"))
    assert gather(at + timedelta(hours=1)) == 0
    assert db.session.scalar(noted) == "2 1"
    db.session.rollback()
    assert gather(at + timedelta(days=1)) == 1
    assert db.session.scalar(noted) == "4 1"


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_postgresql_does_so_by_itself(app: Flask, at: datetime) -> None:
    assert DailyStatistics()(at) == 0
