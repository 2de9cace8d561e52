"""A producer applies: a draft kept as it is, sent once something fits, taken back, withdrawn, taken up again."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.trade.exhibitors.goods import list_goods, list_invited
from marketplace.trade.exhibitors.models import Application, ApplicationState, Score, StaffBadge
from marketplace.trade.exhibitors.queries import (
    find_own,
    get_application,
    list_applications,
    list_calls,
    list_own,
    list_papers_shown,
)
from marketplace.trade.exhibitors.rules import Lack
from marketplace.trade.exhibitors.services import (
    ApplicationFacts,
    NotNow,
    WindowClosed,
    save_application,
    score_application,
    set_criteria,
    start_application,
    submit,
    take_back,
    withdraw,
)
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.queries import get_edition
from tests.applying import CRITERIA, HOME, LATE, again, apply, make_booth, make_exhibitor
from tests.builders import BY, make_paper, make_user
from tests.fairing import lead_to, make_edition

STRANGER = Actor(user_id=1, name="An", role=Role.BUYER)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Application)) or 0


def test_a_draft_keeps_all_that_was_said(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, zones=("Khu A", "Khu B"))
    booth, who = make_booth(edition.code), make_exhibitor(at=at)
    paper = make_paper(who.user, at=at)
    row = apply(
        who,
        edition.code,
        at=at,
        sent=False,
        pitch=" Nấu thử tại chỗ ",
        power_w=3000,
        water=True,
        cold=True,
        least_area=12,
        wants_corner=True,
        apart_from="HTX Kia",
        wishes=(f"booth:{booth.code}", "zone:1"),
        badges=(("Lò Thị A", "+84912345678"), ("Lò Thị B", "")),
        papers=frozenset({paper.code}),
    )
    assert (row.state, row.pitch, row.power_w, row.least_area) == (ApplicationState.DRAFT, "Nấu thử tại chỗ", 3000, 12)
    assert (row.water, row.cold, row.wants_corner, row.apart_from) == (True, True, True, "HTX Kia")
    assert [shown.listing.slug for shown in row.goods] == [who.listing.slug]
    wishes = [(w.rank, w.booth and w.booth.label, w.zone and w.zone.name) for w in row.wishes]
    assert wishes == [(1, "A1", None), (2, None, "Khu B")]
    badges = [(badge.code, badge.name, badge.phone) for badge in row.badges]
    assert [each[1:] for each in badges] == [("Lò Thị A", "+84912345678"), ("Lò Thị B", None)]
    assert [shown.paper.code for shown in list_papers_shown(row.id)] == [paper.code]
    less = apply(who, edition.code, at=at, sent=False, goods=frozenset(), badges=(("Lò Thị C", ""),))
    assert (less.id, less.pitch, less.goods, less.wishes, list_papers_shown(row.id)) == (row.id, "", [], [], [])
    assert [(badge.code, badge.name) for badge in less.badges] == [(badges[0][0], "Lò Thị C")]
    more = apply(who, edition.code, at=at, sent=False, badges=(("Lò Thị C", ""), ("Lò Thị D", "")))
    assert [badge.name for badge in more.badges] == ["Lò Thị C", "Lò Thị D"]
    assert count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"power_w": -1}, "power_w"),
        ({"power_w": 100_001}, "power_w"),
        ({"least_area": 0}, "least_area"),
        ({"least_area": 2501}, "least_area"),
        ({"badges": (("", "09"),)}, "badges"),
        ({"badges": (("An", ""),) * 13}, "badges"),
        ({"wishes": ("zone:0", "zone:0")}, "wishes"),
        ({"wishes": ("zone:9",)}, "wishes"),
        ({"wishes": ("booth:GIKHONG",)}, "wishes"),
        ({"goods": frozenset({"cua-nguoi-khac"})}, "goods"),
        ({"goods": frozenset(str(n) for n in range(61))}, "goods"),
        ({"papers": frozenset({"GTKHONG"})}, "papers"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(app: Flask, at: datetime, said: dict[str, Any], field: str) -> None:
    edition, who = make_edition(at=at, zones=("Khu A",)), make_exhibitor(at=at)
    with pytest.raises(Invalid) as told, transaction():
        save_application(code=edition.code, facts=replace(ApplicationFacts(), **said), by=who.by, at=at)
    assert list(told.value.fields) == [field]
    assert (count(), db.session.scalar(select(func.count()).select_from(StaffBadge))) == (0, 0)


def test_others_goods_and_blocked_booths_are_not_to_be_chosen(app: Flask, at: datetime) -> None:
    edition, who, other = make_edition(at=at), make_exhibitor(at=at), make_exhibitor("HTX Kia", at=at)
    blocked = make_booth(edition.code, blocked=True)
    for said in ({"goods": frozenset({other.listing.slug})}, {"wishes": (f"booth:{blocked.code}",)}):
        with pytest.raises(Invalid), transaction():
            save_application(code=edition.code, facts=ApplicationFacts(**said), by=who.by, at=at)
    assert count() == 0


def test_sent_once_something_fits(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, least_stars=4)
    good, poor = make_exhibitor(at=at), make_exhibitor("Ít sao", at=at, stars=3)
    for goods in (frozenset(), frozenset({poor.listing.slug})):
        row = apply(poor, edition.code, at=at, sent=False, goods=goods)
        with pytest.raises(Invalid) as told, transaction():
            submit(code=edition.code, by=poor.by, at=at)
        assert (list(told.value.fields), again(row).state) == (["goods"], ApplicationState.DRAFT)
    sent = apply(good, edition.code, at=at)
    assert (sent.state, sent.submitted_at) == (ApplicationState.SUBMITTED, at)
    assert [each.code for each in list_applications(edition.id)] == [sent.code]
    with pytest.raises(NotFound):  # a draft is its producer's alone
        get_application(edition.id, row.code)
    for act in (submit, start_application):
        with pytest.raises(NotNow), transaction():
            act(code=edition.code, by=good.by, at=at)


def test_what_each_product_lacks(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, sets=frozenset({"I.3.b"}))
    makers = {
        "đủ": make_exhibitor("A đủ", at=at),
        "chưa xác minh": make_exhibitor("B", at=at, verified=False),
        "hết hạn": make_exhibitor("C", at=at, expires_on=date(2026, 12, 19)),
        "không giấy": make_exhibitor("D", at=at, certified=False),
        "bộ khác": make_exhibitor("E", at=at, set_code="III.1"),
    }
    found = {name: [good.lacks for good in list_goods(edition, by=who.by)] for name, who in makers.items()}
    assert found == {
        "đủ": [()],
        "chưa xác minh": [(Lack.NOT_VERIFIED,)],
        "hết hạn": [(Lack.ENDS_EARLY,)],
        "không giấy": [(Lack.NO_CERTIFICATE,)],
        "bộ khác": [(Lack.NOT_WANTED,)],
    }
    assert [each.name for each in list_invited(edition)] == ["A đủ"]


def test_only_while_applications_are_taken(app: Flask, at: datetime) -> None:
    edition, who = make_edition(at=at), make_exhibitor(at=at)
    draft = apply(who, edition.code, at=at, sent=False)
    late = datetime(2026, 12, 6, tzinfo=UTC)
    for act in (start_application, submit, take_back):
        with pytest.raises(WindowClosed), transaction():
            act(code=edition.code, by=who.by, at=late)
    assert ([each.code for each in list_calls(at)], list_calls(late)) == ([edition.code], [])
    lead_to(edition.code, EditionState.SELECTION, at=at)
    with pytest.raises(WindowClosed), transaction():
        save_application(code=edition.code, facts=ApplicationFacts(pitch="x"), by=who.by, at=at)
    assert (again(draft).pitch, again(draft).state) == ("", ApplicationState.DRAFT)


def test_a_plan_is_unknown_and_others_may_not(app: Flask, at: datetime) -> None:
    plan, who = make_edition(at=at, state=EditionState.DRAFT), make_exhibitor(at=at)
    with pytest.raises(NotFound), transaction():
        start_application(code=plan.code, by=who.by, at=at)
    edition = make_edition(at=at)
    for act in (submit, take_back):
        with pytest.raises(NotFound), transaction():  # it has begun none
            act(code=edition.code, by=who.by, at=at)
    for by in (STRANGER, make_user(Role.PROVINCE_OFFICER, at=at).actor()):
        with pytest.raises(Forbidden), transaction():
            start_application(code=edition.code, by=by, at=at)
    apply(who, edition.code, at=at)
    assert (list_own(by=STRANGER), find_own(edition.id, by=make_exhibitor("Kia", at=at).by), count()) == ([], None, 1)
    assert find_own(edition.id, by=Actor(user_id=1, role=Role.PRODUCER)) is None


def test_taken_back_it_is_a_draft_and_its_score_is_gone(app: Flask, at: datetime) -> None:
    edition, who = make_edition(at=at), make_exhibitor(at=at)
    officer = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    with transaction():
        set_criteria(code=edition.code, criteria=CRITERIA, by=BY, at=at)
    row = apply(who, edition.code, at=at)
    with transaction():
        score_application(code=edition.code, application=row.code, points={0: 50, 1: 30}, by=officer, at=at)
    with transaction():
        take_back(code=edition.code, by=who.by, at=at)
    back = again(row)
    assert (back.state, back.submitted_at) == (ApplicationState.DRAFT, None)
    assert db.session.scalar(select(func.count()).select_from(Score)) == 0
    with pytest.raises(NotNow), transaction():
        take_back(code=edition.code, by=who.by, at=at)


def test_withdrawn_and_taken_up_again(app: Flask, at: datetime) -> None:
    edition, who = make_edition(at=at), make_exhibitor(at=at)
    row = apply(who, edition.code, at=at)
    with transaction():
        withdraw(code=edition.code, reason="Bận mùa", home=HOME, by=who.by, at=at)
    assert (again(row).state, again(row).answered_at) == (ApplicationState.WITHDRAWN, at)
    with pytest.raises(NotNow), transaction():
        withdraw(code=edition.code, home=HOME, by=who.by, at=at)
    anew = apply(who, edition.code, at=at)
    assert (anew.id, anew.state, anew.answered_at) == (row.id, ApplicationState.SUBMITTED, None)
    lead_to(edition.code, EditionState.RUNNING, at=at)
    with pytest.raises(NotNow), transaction():
        withdraw(code=edition.code, home=HOME, by=who.by, at=LATE)
    assert (again(row).state, get_edition(edition.code).state) == (ApplicationState.SUBMITTED, EditionState.RUNNING)
