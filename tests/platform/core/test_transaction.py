"""The write block."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.changes import Change, changed
from marketplace.platform.core.db import WriteOutsideBlock, db, transaction


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Change)) or 0


def test_commits_when_the_body_returns(app: Flask, at: datetime) -> None:
    with transaction():
        changed("listing", 1, at=at)
    assert count() == 1


def test_rolls_back_when_the_body_raises(app: Flask, at: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        changed("listing", 1, at=at)
        db.session.flush()
        _ = 1 / 0
    assert count() == 0


def test_rows_are_not_written_outside_a_block(app: Flask, at: datetime) -> None:
    db.session.add(Change(kind="listing", subject_id=1, at=at))
    with pytest.raises(WriteOutsideBlock):
        db.session.flush()
    db.session.rollback()
    assert count() == 0


def test_a_block_inside_a_block_is_refused(app: Flask) -> None:
    with transaction(), pytest.raises(WriteOutsideBlock), transaction():
        pass


def test_listeners_hear_of_a_committed_change_only(app: Flask, at: datetime) -> None:
    heard: list[str] = []
    app.extensions["commit_listeners"] = [heard.append]
    try:
        with pytest.raises(ZeroDivisionError), transaction():
            changed("listing", 1, at=at)
            _ = 1 / 0
        assert heard == []
        with transaction():
            changed("listing", 1, at=at)
            changed("listing", 2, at=at)
        assert heard == ["changes"]
    finally:
        app.extensions["commit_listeners"] = []
