"""Whatever is written at a producer's desk on its behalf says so in the trail; what is a person's own is refused."""

from datetime import datetime
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db
from tests.conftest import Client
from tests.contracts.test_access import Row, World, everything, heard, table, typed_for
from tests.contracts.test_access import world as world
from tests.pages import send, sign_in, token

PERSONAL = ("/producer/members", "/producer/mandates", "/producer/onboarding/bank")
DESK = [row for row in table() if row.method == "POST" and row.path.startswith("/producer/")]


@pytest.fixture
def acting(client: Client, world: World) -> Client:
    sign_in(client, world.people["commune"])
    assert send(client, f"/office/producers/{world.names['producer']}/act").status_code == 302
    return client


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_write_on_anothers_behalf_is_in_the_trail(app: Flask, acting: Client, world: World, at: datetime) -> None:
    csrf = token(acting)
    silent, told, personal = [], 0, set()
    officer = world.people["commune"].id
    for row in DESK:
        word, changed, said = _try(acting, row, world.names, csrf, officer)
        told += said
        if row.path.startswith(PERSONAL):
            personal.add((row.path, word, changed))
        elif word == "yes" and changed and not said:
            silent.append(row.path)
        elif row.answers["producer"] == "yes":
            assert word == "yes", row.path
    assert told >= 20, "else nothing was tried"
    assert silent == [], "record(...) in the verb behind it"
    assert {(word, changed) for _path, word, changed in personal} == {("no", False)}, personal


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_personal_routes_are_in_the_table(app: Flask) -> None:
    for path in PERSONAL:
        assert any(row.path.startswith(path) and row.answers["producer"] == "yes" for row in DESK), path


def _try(client: Client, row: Row, names: dict[str, str], csrf: str, officer: int) -> tuple[str, bool, bool]:
    """One request, undone: the answer, whether anything changed, whether the trail says by whom and for whom."""
    connection = cast("Connection", db.engine)
    cookies = dict(client._cookies or {})
    before, last = everything(), db.session.scalar(select(func.max(AuditEntry.id))) or 0
    db.session.rollback()
    undo = connection.begin_nested()
    answer = client.post(row.path.format(**names), data={"csrf_token": csrf, **typed_for(row, names)})
    word = heard(answer)
    answer.close()
    changed = everything() != before
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.id > last)).all()
    said = bool(entries) and all(
        entry.actor_id == officer and entry.detail.get("on_behalf_of") == "Lò miến" for entry in entries
    )
    db.session.rollback()
    undo.rollback()
    client._cookies = cookies
    return word, changed, said
