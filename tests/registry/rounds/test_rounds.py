"""Rounds: their days, who keeps them, the reminders they ask for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.jobs.models import Job
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.queries import get_round, list_open, list_rounds, next_round
from marketplace.registry.rounds.rules import RoundDays, reminder_days, usual_days
from marketplace.registry.rounds.services import (
    REMIND,
    RoundClosed,
    RoundExists,
    RoundFacts,
    change_round,
    close_round,
    open_round,
)
from tests.builders import BY, make_round, make_user
from tests.conftest import TODAY, Client
from tests.pages import send, sign_in

DAYS = RoundDays(date(2027, 1, 1), date(2027, 7, 10), date(2027, 7, 30))

BACKWARDS = RoundDays(date(2027, 8, 1), date(2027, 7, 10), date(2027, 7, 9))


def test_the_plans_days_of_2021() -> None:
    assert usual_days(2021, 1) == RoundDays(date(2021, 1, 1), date(2021, 7, 10), date(2021, 7, 30))
    assert usual_days(2021, 2) == RoundDays(date(2021, 7, 31), date(2021, 10, 10), date(2021, 10, 30))
    assert usual_days(2021, 3) is None


def test_reminders_that_are_over_are_left_out() -> None:
    assert reminder_days(date(2027, 7, 10), date(2027, 1, 1)) == [
        (30, date(2027, 6, 10)),
        (7, date(2027, 7, 3)),
        (1, date(2027, 7, 9)),
    ]
    assert reminder_days(date(2027, 7, 10), date(2027, 7, 4)) == [(1, date(2027, 7, 9))]


def test_a_round_has_the_rules_of_its_day_and_asks_for_reminders(app: Flask, at: datetime) -> None:
    with transaction():
        row = open_round(year=2027, number=1, facts=RoundFacts(DAYS, " Đợt đầu "), by=BY, at=at)
    assert (row.code, row.ruleset_code, row.note) == ("2027-1", "1489", "Đợt đầu")
    jobs = {job.key: job.due_at for job in db.session.scalars(select(Job).where(Job.name == REMIND))}
    assert jobs == {
        f"rounds.remind:2027-1:{step}:{day}:{days}": datetime(*on, tzinfo=UTC)
        for step, day, days, on in (
            ("first", "2027-07-10", 30, (2027, 6, 10)),
            ("first", "2027-07-10", 7, (2027, 7, 3)),
            ("first", "2027-07-10", 1, (2027, 7, 9)),
            ("province", "2027-07-30", 30, (2027, 6, 30)),
            ("province", "2027-07-30", 7, (2027, 7, 23)),
            ("province", "2027-07-30", 1, (2027, 7, 29)),
        )
    }  # midnight UTC is seven in the morning in Vietnam
    db.session.rollback()
    before = RoundFacts(RoundDays(date(2021, 1, 1), date(2021, 7, 10), date(2021, 7, 30)))
    with transaction():
        assert open_round(year=2021, number=1, facts=before, by=BY, at=at).rules.procedure.first_level == "district"


@pytest.mark.parametrize(
    ("year", "number", "days", "wrong"),
    [
        (2017, 1, DAYS, {"year"}),
        (2029, 1, DAYS, {"year"}),
        (2027, 0, DAYS, {"number"}),
        (2027, 13, DAYS, {"number"}),
        (
            2027,
            1,
            RoundDays(date(2027, 8, 1), date(2027, 7, 10), date(2027, 7, 9)),
            {"first_deadline", "province_deadline"},
        ),
        (2026, 1, DAYS, {"first_deadline"}),
    ],
)
def test_days_that_cannot_be(
    app: Flask, at: datetime, year: int, number: int, days: RoundDays, wrong: set[str]
) -> None:
    with pytest.raises(Invalid) as refusal, transaction():
        open_round(year=year, number=number, facts=RoundFacts(days), by=BY, at=at)
    assert set(refusal.value.fields) == wrong
    assert list_rounds() == []


def test_a_number_once_a_year_and_only_the_province(app: Flask, at: datetime) -> None:
    row = make_round(at=at)
    facts = RoundFacts(RoundDays(row.opens_on, row.first_deadline, row.province_deadline))
    with pytest.raises(RoundExists), transaction():
        open_round(year=row.year, number=1, facts=facts, by=BY, at=at)
    commune = make_user(Role.COMMUNE_OFFICER, at=at).actor()
    for verb in (
        lambda: open_round(year=row.year, number=2, facts=facts, by=commune, at=at),
        lambda: change_round(code=row.code, facts=facts, by=commune, at=at),
        lambda: close_round(code=row.code, by=commune, at=at),
    ):
        with pytest.raises(Forbidden), transaction():
            verb()
    assert [r.code for r in list_rounds()] == [row.code]


def test_deadlines_move_until_it_is_closed(app: Flask, at: datetime) -> None:
    row = make_round(at=at)
    later = RoundFacts(RoundDays(row.opens_on, row.first_deadline + timedelta(days=5), row.province_deadline))
    with transaction():
        assert change_round(code=row.code, facts=later, by=BY, at=at).first_deadline == later.days.first_deadline
    steps = db.session.scalars(select(Job.key).where(Job.key.contains(f":{later.days.first_deadline}:"))).all()
    assert len(steps) == 2  # seven days and one day before; thirty are over
    with transaction():
        close_round(code=row.code, by=BY, at=at)
    for verb in (
        lambda: change_round(code=row.code, facts=later, by=BY, at=at),
        lambda: close_round(code=row.code, by=BY, at=at),
    ):
        with pytest.raises(RoundClosed), transaction():
            verb()
    with pytest.raises(NotFound):
        get_round("1999-1")


def test_what_a_round_takes_on_a_day() -> None:
    row = EvaluationRound(opens_on=TODAY, first_deadline=TODAY + timedelta(1), province_deadline=TODAY + timedelta(3))
    days = [TODAY + timedelta(days=n) for n in range(-1, 5)]
    assert [row.takes_new(day) for day in days] == [False, True, True, False, False, False]
    assert [row.takes_mended(day) for day in days] == [True, True, True, True, True, False]
    row.closed_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert not any(row.takes_new(day) or row.takes_mended(day) for day in days)


def test_open_rounds_and_the_next_one(app: Flask, at: datetime) -> None:
    over = make_round(at=at, number=1, opens=-90, first=-40, province=-1)
    ending = make_round(at=at, number=2, opens=-30, first=-1, province=0)
    coming = make_round(at=at, number=3, opens=10, first=20, province=30)
    assert [row.code for row in list_open(on=TODAY)] == [ending.code, coming.code]
    assert [row.code for row in list_rounds()] == [coming.code, ending.code, over.code]
    found = next_round(on=TODAY)
    assert found is not None
    assert found.code == coming.code
    assert next_round(on=TODAY + timedelta(days=21)) is None


def test_the_office_opens_moves_and_closes_a_round(client: Client, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "Chưa có đợt nào." in client.get("/office/rounds").text
    assert 'value="2027-07-10"' in client.get("/office/rounds/new").text  # the plan's day for the next round
    bad = send(
        client, "/office/rounds/new", year="2026", number="3", opens_on="2026-11-01", first_deadline="2026-10-01"
    )
    assert bad.status_code == 422
    assert 'value="2026-10-01"' in bad.text
    days = {"opens_on": "2026-11-01", "first_deadline": "2026-12-10", "province_deadline": "2026-12-30"}
    made = send(client, "/office/rounds/new", year="2026", number="3", **days)
    assert made.headers["Location"] == "/office/rounds/2026-3"
    twice = send(client, "/office/rounds/new", year="2026", number="3", **days)
    assert (twice.status_code, "đã có đợt mang số này" in twice.text) == (422, True)
    send(client, "/office/rounds/2026-3", **{**days, "province_deadline": "2026-12-31"})
    assert "31/12/2026" in client.get("/office/rounds").text
    wrong = send(client, "/office/rounds/2026-3", **{**days, "province_deadline": "2026-12-01"})
    assert (wrong.status_code, "Hạn của tỉnh phải từ hạn nộp" in wrong.text) == (422, True)
    send(client, "/office/rounds/2026-3/close")
    assert "Đã khép" in client.get("/office/rounds").text
    send(client, "/office/rounds/2026-3/close")
    assert "Đợt đánh giá này đã khép." in client.get("/office/rounds/2026-3").text
    late = send(client, "/office/rounds/2026-3", **days)
    assert (late.status_code, "Đợt đánh giá này đã khép." in late.text) == (422, True)
