"""The trail's chain holds for an honest trail, and tells where it was touched."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.audit.chain import START
from marketplace.platform.audit.jobs import broken_positions, seal_new, unsealed_before
from marketplace.platform.audit.models import AuditEntry, SeenPersonal
from marketplace.platform.audit.services import note_seen, record
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.db import db, transaction


def write(n: int, at: datetime) -> None:
    for i in range(n):
        with transaction():
            record(
                by=system("test"),
                action="user.created",
                subject_type="t",
                subject=str(i),
                at=at,
                detail={"n": i, "chữ": "ắ"},
            )


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


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["audit", "verify", *arguments])
    return answer.exit_code, str(answer.output)


def test_a_noted_head_tells_that_the_end_was_cut_off(app: Flask, at: datetime) -> None:
    assert run(app) == (0, f"the chain holds; its head is 0:{START}\n")
    write(3, at)
    seal_new(at)
    code, said = run(app)
    noted = said.split()[-1]
    assert (code, noted.split(":")[0]) == (0, "3")
    write(1, at)
    seal_new(at)
    assert run(app, "--head", noted)[0] == 0
    with transaction():
        for row in db.session.scalars(select(AuditEntry).where(AuditEntry.position >= 3)):
            db.session.delete(row)
    assert run(app)[0] == 0
    assert run(app, "--head", noted) == (1, "Error: position 3 is gone or differs: rows were cut off\n")


def test_rows_of_the_past_that_wait_for_their_turn_are_honest(app: Flask, at: datetime) -> None:
    write(1, at)
    seal_new(at)
    write(2, at - timedelta(days=30))
    assert unsealed_before() == []
    assert run(app)[0] == 0


def test_a_seal_taken_away_is_told(app: Flask, at: datetime) -> None:
    write(1, at - timedelta(hours=2))
    write(1, at)
    seal_new(at)
    write(1, at - timedelta(minutes=5))  # a block that was open for a while: not yet sealed, and honest
    assert run(app)[0] == 0
    with transaction():
        row = db.session.scalars(select(AuditEntry).where(AuditEntry.position == 1)).one()
        row.position = row.seal = None
    assert unsealed_before() == [row.id]
    assert run(app)[0] == 1


def test_two_looks_at_once_are_one_row_and_one_act(app: Flask, at: datetime) -> None:
    """Both have asked before either noted it; the second finds it noted."""
    for _ in range(2):
        with transaction():
            note_seen(kind="order", subject="A", by=Actor(user_id=1, name="An"), at=at)
    assert db.session.scalar(select(func.count()).select_from(SeenPersonal)) == 1
    assert db.session.scalars(select(AuditEntry.action)).all() == ["personal.seen"]
