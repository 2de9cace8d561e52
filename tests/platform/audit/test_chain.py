"""The trail's chain holds for an honest trail, and tells where it was touched."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from marketplace.platform.audit.jobs import broken_positions, seal_new
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, transaction


def write(n: int, at: datetime) -> None:
    for i in range(n):
        with transaction():
            record(by=system("test"), action="a", subject_type="t", subject=str(i), at=at, detail={"n": i, "chữ": "ắ"})


def test_the_chain_tells_where_it_was_touched(app: Flask, at: datetime) -> None:
    write(3, at)
    assert seal_new(at) == 3
    write(2, at)
    assert (seal_new(at), seal_new(at), broken_positions()) == (2, 0, [])
    with transaction():
        row = db.session.scalars(select(AuditEntry).where(AuditEntry.position == 2)).one()
        row.detail = {"n": 99}
    assert broken_positions() == [2]
    with transaction():
        db.session.delete(db.session.scalars(select(AuditEntry).where(AuditEntry.position == 4)).one())
    assert broken_positions() == [2, 5]
