"""Pairs that the office says must, or must not, meet: kept to by every run after, told where it cannot be."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.trade.campaigns.jobs import release
from marketplace.trade.campaigns.models import PairRule, Ruling
from marketplace.trade.campaigns.queries import list_meetings
from marketplace.trade.campaigns.services import (
    NotNow,
    PairMeets,
    RunStale,
    cancel_campaign,
    publish_run,
    rule_pair,
)
from marketplace.trade.distributors.queries import get_own as distributor_of
from marketplace.trade.matching.pairing import Wish
from marketplace.trade.matching.services import wish_producer
from tests.builders import BY, make_user
from tests.conftest import Client
from tests.meeting import Fair, confirm_all, make_fair, timetable, worked_out
from tests.pages import send, sign_in

BASE = "/office/matchmaking/campaigns"


def slugs(maker: User, buyer: User) -> dict[str, str]:
    return {
        "producer": get_own(maker.actor()).slug,
        "buyer": distributor_of(buyer.actor()).organisation.slug,
    }


def rule(fair: Fair, a: int, b: int, ruling: Ruling | None, *, at: datetime, by: Actor = BY) -> None:
    two = slugs(fair.makers[a], fair.buyers[b])
    with transaction():
        rule_pair(code=fair.code, **two, ruling=ruling, reason="đã hẹn", by=by, at=at)


def pairs(fair: Fair) -> list[tuple[str, str]]:
    return sorted((m.producer.name, m.buyer.name) for m in list_meetings(fair.campaign.id))


def rulings() -> int:
    return db.session.scalar(select(func.count()).select_from(PairRule)) or 0


def test_who_must_meet_does_and_who_must_not_does_not(app: Flask, at: datetime) -> None:
    """Three makers and one place with one buyer: whoever the office names gets it, and nobody it has banned."""
    fair = make_fair(at=at, makers=3, buyers=1, least=0, most_buyer=1)
    for named in (2, 0, 1):
        rule(fair, named, 0, Ruling.MUST, at=at)
        timetable(fair, at=at)
        assert pairs(fair) == [(f"Lò {named}", "Chợ 0")]
        rule(fair, named, 0, Ruling.NEVER, at=at)
    timetable(fair, at=at)
    assert pairs(fair) == []
    rule(fair, 1, 0, None, at=at)
    rule(fair, 1, 0, None, at=at)
    timetable(fair, at=at)
    assert (pairs(fair), rulings()) == ([("Lò 1", "Chợ 0")], 2)


def test_a_run_from_before_the_word_is_stale(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at)
    for ruling in Ruling:
        number = worked_out(fair.code, at=at)
        rule(fair, 0, 0, ruling, at=at)
        with pytest.raises(RunStale), transaction():
            publish_run(code=fair.code, number=number, by=BY, at=at)
    assert pairs(fair) == []


def test_a_refusal_is_stronger_than_the_office(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at)
    with transaction():
        slug = get_own(fair.makers[0].actor()).slug
        wish_producer(slug=slug, wish=Wish.NO, by=fair.buyers[0].actor(), at=at)
    with pytest.raises(Invalid) as refused:
        rule(fair, 0, 0, Ruling.MUST, at=at)
    assert (list(refused.value.fields), rulings()) == (["ruling"], 0)


def test_two_who_have_confirmed_are_not_kept_apart(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at)
    timetable(fair, at=at)
    rule(fair, 1, 1, Ruling.NEVER, at=at)  # tentative: the next run lets it fall
    timetable(fair, at=at)
    assert ("Lò 1", "Chợ 1") not in pairs(fair)
    confirm_all(fair, at)
    with pytest.raises(PairMeets):
        rule(fair, 0, 0, Ruling.NEVER, at=at)
    assert (rulings(), len(pairs(fair))) == (1, 3)


def test_a_released_pair_meets_again_where_the_office_says_so(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at)
    timetable(fair, at=at)
    late = fair.campaign.slots[0].starts_at.replace(day=1)
    assert release(late) == 4
    rule(fair, 0, 1, Ruling.MUST, at=late)
    timetable(fair, at=late)
    assert pairs(fair) == [("Lò 0", "Chợ 1")]


def test_who_may_say_so_of_whom_and_when(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at, makers=1, buyers=1)
    buyer = make_user(at=at).actor()
    with pytest.raises(Forbidden):
        rule(fair, 0, 0, Ruling.NEVER, at=at, by=buyer)
    two = slugs(fair.makers[0], fair.buyers[0])
    for wrong in ({"producer": "x"}, {"buyer": "x"}, {"producer": two["buyer"], "buyer": two["producer"]}):
        with pytest.raises(Invalid) as refused, transaction():
            rule_pair(code=fair.code, **{**two, **wrong}, ruling=Ruling.NEVER, by=BY, at=at)
        assert set(refused.value.fields) == set(wrong)
    with pytest.raises(NotFound), transaction():
        rule_pair(code="KN0", **two, ruling=Ruling.NEVER, by=BY, at=at)
    with transaction():
        cancel_campaign(code=fair.code, reason="Bão", by=BY, at=at)
    with pytest.raises(NotNow):
        rule(fair, 0, 0, Ruling.NEVER, at=at)
    assert rulings() == 0


def test_the_officers_page(client: Client, at: datetime) -> None:
    fair = make_fair(at=at, makers=2, buyers=1, least=0, most_buyer=1)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    path = f"{BASE}/{fair.code}"
    wrong = send(client, f"{path}/pairs", ruling="must", why="Đã hứa")
    assert (wrong.status_code, wrong.text.count('aria-invalid="true"'), 'value="Đã hứa"' in wrong.text) == (
        422,
        2,
        True,
    )
    assert send(client, f"{path}/pairs", **slugs(fair.makers[1], fair.buyers[0]), ruling="must").status_code == 302
    assert "<b>Lò 1 – Chợ 0</b>: phải gặp" in client.get(path).text
    number = worked_out(fair.code, at=at)
    assert "Lò 1 – Chợ 0: có trong lịch" in client.get(f"{path}/runs/{number}").text
    rule(fair, 0, 0, Ruling.MUST, at=at)
    number = worked_out(fair.code, at=at)  # one place, two who must: one of them is told of as missing
    assert client.get(f"{path}/runs/{number}").text.count("chưa xếp được") == 1
    assert send(client, f"{path}/pairs", **slugs(fair.makers[1], fair.buyers[0]), ruling="").status_code == 302
    assert "Lò 1 – Chợ 0</b>" not in client.get(path).text
    page = send(client, f"{path}/pairs", **slugs(fair.makers[1], fair.buyers[0]), ruling="never")
    assert "<b>Lò 1 – Chợ 0</b>: không gặp" in client.get(page.headers["Location"]).text
