"""A notice reaches those concerned and nobody else, seen from both sides; each says in person that they read it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.trade.news.models import Notice, NoticeRead
from marketplace.trade.news.queries import (
    count_concerned,
    count_own_notices,
    count_reads,
    list_concerned,
    list_own_notices,
    list_unread,
)
from marketplace.trade.news.services import NoticeFacts, mark_read, send_notice, take_back
from tests.builders import BY, make_producer, make_user
from tests.telling import make_notice

COMMUNE, FORMER, ELSEWHERE = "2025:03390", "before-2025:106", "2025:03595"


@pytest.fixture
def people(app: Flask, at: datetime) -> dict[str, User]:
    """A producer and an officer of the commune 03390, others far away, a distributor."""
    here, far = make_user(Role.PRODUCER, at=at, name="A"), make_user(Role.PRODUCER, at=at, name="B")
    make_producer("Ở đây", at=at, user=here)
    make_producer("Ở xa", at=at, user=far, commune="03595")
    return {
        "here": here,
        "far": far,
        "officer": make_user(Role.COMMUNE_OFFICER, at=at, name="C"),
        "other": make_user(Role.COMMUNE_OFFICER, at=at, unit="03595", name="D"),
        "district": make_user(Role.DISTRICT_OFFICER, at=at, name="G"),
        "district2": make_user(Role.DISTRICT_OFFICER, at=at, unit="110", name="H"),
        "distributor": make_user(Role.DISTRIBUTOR, at=at, name="E"),
        "buyer": make_user(Role.BUYER, at=at, name="F"),
    }


@pytest.mark.parametrize(
    ("role", "unit", "concerned"),
    [
        (Role.PRODUCER, "", {"here", "far"}),
        (Role.PRODUCER, COMMUNE, {"here"}),
        (Role.PRODUCER, FORMER, {"here"}),
        (Role.PRODUCER, ELSEWHERE, {"far"}),
        (Role.COMMUNE_OFFICER, "", {"officer", "other"}),
        (Role.COMMUNE_OFFICER, COMMUNE, {"officer"}),
        (Role.COMMUNE_OFFICER, FORMER, {"officer"}),
        (Role.DISTRICT_OFFICER, "", {"district", "district2"}),
        (Role.DISTRICT_OFFICER, FORMER, {"district"}),
        (Role.DISTRICT_OFFICER, COMMUNE, {"district"}),
        (Role.DISTRIBUTOR, "", {"distributor"}),
    ],
)
def test_whom_it_concerns(people: dict[str, User], at: datetime, role: Role, unit: str, concerned: set[str]) -> None:
    notice = make_notice(at=at, role=role, unit=unit)
    assert {name for name, user in people.items() if list_unread(at, by=user.actor())} == concerned
    assert {user.id for user, _at in list_concerned(notice)} == {people[name].id for name in concerned}
    assert count_concerned(notice) == len(concerned)


def test_it_stands_until_it_is_read(people: dict[str, User], at: datetime) -> None:
    notice, here = make_notice(at=at), people["here"].actor()
    for _ in range(2):  # once more is no error
        with transaction():
            mark_read(code=notice.code, by=here, at=at)
    assert (list_unread(at, by=here), count_own_notices(at, by=here)) == ([], 1)
    assert [n.id for n in list_own_notices(at, by=here)] == [notice.id]
    assert count_reads([notice.id]) == {notice.id: 1}
    assert [(user.name, read is not None) for user, read in list_concerned(notice)] == [("B", False), ("A", True)]
    with pytest.raises(Forbidden), transaction():
        mark_read(code=notice.code, by=people["buyer"].actor(), at=at)
    with pytest.raises(NotFound), transaction():
        mark_read(code=notice.code, by=people["officer"].actor(), at=at)
    with pytest.raises(Forbidden), transaction():  # not on another's behalf
        mark_read(code=notice.code, by=replace(people["far"].actor(), behalf="Ở xa"), at=at)
    assert list_unread(at, by=replace(people["far"].actor(), behalf="Ở xa")) == []
    assert len(list(db.session.scalars(select(NoticeRead.user_id)))) == 1


def test_it_ends_by_itself_or_is_taken_back(people: dict[str, User], at: datetime) -> None:
    notice, far = make_notice(at=at, days=2), people["far"].actor()
    assert list_unread(at + timedelta(days=2), by=far) == []
    for _ in range(2):
        with transaction():
            take_back(code=notice.code, by=BY, at=at)
    assert list_unread(at, by=far) == []
    with pytest.raises(NotFound), transaction():
        mark_read(code=notice.code, by=far, at=at)
    with pytest.raises(NotFound), transaction():
        take_back(code="TB00000000", by=BY, at=at)
    facts = NoticeFacts(Role.PRODUCER, "x", "y", at + timedelta(days=1))
    with pytest.raises(Forbidden), transaction():
        send_notice(facts=facts, by=far, at=at)
    with pytest.raises(Forbidden), transaction():
        take_back(code=notice.code, by=far, at=at)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"role": Role.BUYER}, "role"),
        ({"unit": "2025:99999"}, "unit"),
        ({"role": Role.DISTRIBUTOR, "unit": COMMUNE}, "unit"),
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"days": 0}, "until"),
    ],
)
def test_what_will_not_do_is_told_by_field(app: Flask, at: datetime, said: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_notice(at=at, **said)
    assert set(refused.value.fields) == {wrong}
    assert db.session.scalar(select(Notice.id)) is None
