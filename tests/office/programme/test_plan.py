"""The plan is written by the province, by decision; its figures stand as counted by hand, for each who may see them."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.office.programme.counting import count_effects
from marketplace.office.programme.models import EffectKind, Indicator, PlanTarget, PlanYear
from marketplace.office.programme.queries import find_plan, home_of, list_plan_years, progress_of
from marketplace.office.programme.register import (
    Narrowed,
    certified_rows,
    count_in_force,
    count_rows,
    in_force_rows,
    lapsing_by_month,
    lapsing_rows,
    places_of,
    review_rows,
)
from marketplace.office.programme.rules import Standing
from marketplace.office.programme.services import Aim, PlanChanged
from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.registry.certification.models import Product
from marketplace.registry.dossiers.models import DossierState
from tests.builders import (
    BY,
    make_certificate,
    make_dossier,
    make_producer,
    make_product,
    make_round,
    make_user,
    revoke_certificate,
)
from tests.planning import AIMS, make_activity, make_support, make_year, officer, plan
from tests.showing import make_point

ON = date(2026, 11, 23)
SETS, EVERYWHERE = frozenset({"I.3.b"}), Narrowed()


def test_counted_by_hand(app: Flask, at: datetime) -> None:
    year = make_year(at=at)
    gone = make_certificate(make_product(year.here, "Kẹo", at=at), at=at, days_ago=50)
    revoke_certificate(gone, at=at)
    plan(at=at)
    make_activity(at=at, people=40)
    make_activity(at=at, unit="before-2025:106", people=25)
    make_activity(at=at, unit="2025:12", people=7)
    make_activity(at=at, people=999, days_ago=400)
    make_support(year.here, at=at)
    make_support(year.here, at=at)
    make_point(at=at, name="Điểm thứ nhất")
    make_point(at=at, name="Điểm thứ hai", decided_on=date(2026, 1, 1))
    make_point(at=at, name="Điểm năm trước", decided_on=date(2025, 12, 31))
    make_point(at=at, name="Điểm nháp", opened=False)
    code = make_round(at=at).code
    owner = make_user(Role.PRODUCER, at=at)
    make_producer("Trại", at=at, user=owner)
    make_dossier(owner, at=at, to=DossierState.SUBMITTED, round_code=code)
    make_dossier(owner, at=at, to=DossierState.PREPARING, name="Chưa nộp")
    home = home_of(BY, province_code="12")
    found = progress_of(2026, by=BY, home=home, on=ON)
    rows = {row.indicator: (row.done, row.more, row.least, row.most, row.weight) for row in found.own.rows}
    assert rows == {
        Indicator.NEW_PRODUCTS: (2, 1, 4, 6, 5),
        Indicator.UPGRADES: (1, 0, 1, None, 3),
        Indicator.PRIORITY_PRODUCTS: (1, 1, None, None, 1),
        Indicator.SHOWCASE_POINTS: (2, 0, None, None, 1),
        Indicator.PEOPLE_REACHED: (72, 0, 100, None, 1),
        Indicator.ACTIVITIES: (3, 0, None, None, 1),
        Indicator.PRODUCERS_SUPPORTED: (1, 0, None, None, 1),
    }
    assert (found.own.of(Indicator.NEW_PRODUCTS).standing, found.rounds_left) == (Standing.WAITING, 1)
    here = next(each for each in found.districts if each.unit.code == "106")
    assert [here.of(each).done for each in (Indicator.NEW_PRODUCTS, Indicator.PEOPLE_REACHED)] == [1, 65]
    assert sum(each.of(Indicator.NEW_PRODUCTS).done or 0 for each in found.districts) == 2
    before = progress_of(2025, by=BY, home=home, on=ON)
    assert (before.plan, before.own.of(Indicator.PEOPLE_REACHED).done, before.rounds_left) == (None, 999, 0)
    beside = progress_of(2026, by=BY, home=home, on=ON, with_last=True)
    assert (beside.last, found.last) == ({row.indicator: row.done for row in before.own.rows}, {})
    assert beside.own == found.own


def certified_then(product: Product, given: date, *, stars: int = 4, taken: date | None = None, at: datetime) -> int:
    """A certificate of a day, taken back on another; its row."""
    row = make_certificate(product, at=at, stars=stars, days_ago=(ON - given).days)
    if taken:
        revoke_certificate(row, at=at - timedelta(days=(ON - taken).days))
    return row.id


def test_what_was_taken_back_counts_by_one_rule(app: Flask, at: datetime) -> None:
    """Taken back in its own year: never given. Taken back later: it stays where it was counted, and nothing is new."""
    maker = make_producer("Lò", at=at, commune="03390")
    anew, later, upgraded, twice = (make_product(maker, name, at=at) for name in ("Kẹo", "Bún", "Mứt", "Trà"))
    certified_then(anew, date(2026, 2, 2), taken=date(2026, 4, 4), at=at)
    new = {certified_then(anew, date(2026, 9, 9), at=at)}
    new.add(certified_then(later, date(2025, 5, 5), taken=date(2026, 4, 4), at=at))
    certified_then(later, date(2026, 9, 9), at=at)
    new.add(certified_then(upgraded, date(2025, 5, 5), stars=3, taken=date(2026, 1, 1), at=at))
    certified_then(upgraded, date(2026, 3, 3), stars=5, taken=date(2026, 5, 5), at=at)
    up = {certified_then(upgraded, date(2026, 9, 9), stars=4, at=at)}
    certified_then(twice, date(2025, 5, 5), taken=date(2025, 12, 31), at=at)
    certified_then(twice, date(2026, 2, 2), taken=date(2026, 2, 2), at=at)
    home = home_of(BY, province_code="12")

    def counts(year: int, on: date) -> list[int | None]:
        own = progress_of(year, by=BY, home=home, on=on, with_last=True).own
        found: list[int | None] = [own.of(each).done for each in (Indicator.NEW_PRODUCTS, Indicator.UPGRADES)]
        for indicator, n in zip((Indicator.NEW_PRODUCTS, Indicator.UPGRADES), found, strict=True):
            rows = certified_rows(indicator, year, by=BY, on=on, priority=SETS, narrowed=EVERYWHERE)
            assert count_rows(rows) == n
        return found

    assert (counts(2026, ON), counts(2025, ON)) == ([1, 1], [2, 0])
    assert counts(2025, date(2025, 12, 30)) == [3, 0]  # the tea was taken back the day after
    assert counts(2025, date(2026, 2, 1)) == [2, 0]  # and what is taken back later changes nothing
    assert counts(2026, date(2026, 4, 3)) == [1, 1]  # then the sweet's first, and the jam with five stars, still stood
    events = {(event.certificate_id, event.kind) for event, _compared in count_effects(ON)}
    assert events == {(row, EffectKind.CERTIFICATION) for row in new} | {(row, EffectKind.UPGRADE) for row in up}


def test_each_sees_their_own(app: Flask, at: datetime) -> None:
    make_year(at=at)
    plan(at=at)
    plan(at=at, unit="106", aims={Indicator.NEW_PRODUCTS: Aim(3)}, seen=1, sets=None)
    make_activity(at=at, people=40)
    make_activity(at=at, unit="2025:12", people=7)
    seen = {}
    for role in (Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER):
        by = officer(role, at=at)
        home = home_of(by, province_code="99")
        found = progress_of(2026, by=by, home=home, on=ON)
        new = found.own.of(Indicator.NEW_PRODUCTS)
        reached = found.own.of(Indicator.PEOPLE_REACHED).done
        seen[role] = (home.province.code, new.done, new.least, reached, len(found.districts))
    districts = len(home_of(BY, province_code="12").districts)
    assert seen == {
        Role.COMMUNE_OFFICER: ("12", 1, None, 40, 0),
        Role.DISTRICT_OFFICER: ("12", 1, 3, 40, 1),
        Role.PROVINCE_OFFICER: ("12", 2, 4, 47, districts),
    }
    with pytest.raises(NotFound):
        home_of(GUEST, province_code="xx")


def test_rows_behind(app: Flask, at: datetime) -> None:
    year = make_year(at=at)
    lapsing = make_certificate(make_product(year.there, "Trà", at=at), at=at, days_ago=900, expires_on=date(2027, 1, 9))

    def names(indicator: Indicator, narrowed: Narrowed = EVERYWHERE) -> list[tuple[str, int | None]]:
        query = certified_rows(indicator, 2026, by=BY, on=ON, priority=SETS, narrowed=narrowed)
        found = [(row[0].product.name, row[1]) for row in db.session.execute(query)]
        assert count_rows(query) == len(found)
        return found

    assert names(Indicator.NEW_PRODUCTS) == [("Chè", None), ("Miến", None)]
    assert names(Indicator.NEW_PRODUCTS, Narrowed(district="106")) == [("Miến", None)]
    assert names(Indicator.NEW_PRODUCTS, Narrowed(commune="03388", set_code="I.5.a")) == [("Chè", None)]
    assert names(Indicator.UPGRADES) == [("Mứt", 3)]
    assert names(Indicator.PRIORITY_PRODUCTS) == [("Miến", None)]
    ends = list(db.session.scalars(lapsing_rows(by=BY, on=ON, narrowed=Narrowed())))
    assert ([each.code for each in ends], lapsing_by_month(by=BY, on=ON)) == ([lapsing.code], {date(2027, 1, 1): 1})
    holding = in_force_rows(by=BY, on=ON, narrowed=Narrowed(district="106"))
    assert (count_rows(holding), count_rows(in_force_rows(by=BY, on=ON, narrowed=Narrowed()))) == (3, 5)
    province = home_of(BY, province_code="12").province
    standing = count_in_force(by=BY, on=ON)
    shown = places_of(standing.by_commune, by=BY, province_id=province.id)
    places = {place.commune.code: place.products for place in shown}
    assert standing.lapsing_by_day == {date(2027, 1, 9): 1}
    assert (places["03390"], places["03388"], sum(places.values()), len(places) > 30) == (3, 2, 5, True)
    by = officer(Role.COMMUNE_OFFICER, at=at)
    own = count_in_force(by=by, on=ON)
    found = [(each.commune.code, each.products) for each in places_of(own.by_commune, by=by, province_id=province.id)]
    assert (found, own.lapsing_by_day) == ([("03390", 3)], {})


def test_dossiers_in_review(app: Flask, at: datetime) -> None:
    code = make_round(at=at).code
    owner = make_user(Role.PRODUCER, at=at)
    make_producer("Trại", at=at, user=owner)
    make_dossier(owner, at=at, to=DossierState.SUBMITTED, round_code=code)
    make_dossier(owner, at=at, to=DossierState.SUBMITTED, round_code=code, name="Chè", set_code="I.5.a")
    for indicator, expected in (
        (Indicator.NEW_PRODUCTS, ["Chè", "Miến dong Thử"]),
        (Indicator.PRIORITY_PRODUCTS, ["Miến dong Thử"]),
        (Indicator.UPGRADES, []),
    ):
        query = review_rows(indicator, 2026, by=BY, priority=SETS, narrowed=Narrowed())
        assert sorted(row.name for row in db.session.scalars(query)) == expected
        assert count_rows(query) == len(expected)


def test_the_plan_is_written_by_decision(app: Flask, at: datetime) -> None:
    province = home_of(BY, province_code="12").province
    plan(at=at)
    first = find_plan(2026, province_id=province.id)
    assert first is not None
    assert (first.version, first.decision_number, first.priority_sets, len(first.targets)) == (
        1,
        "12/KH-UBND",
        ["I.3.b"],
        3,
    )
    plan(
        at=at,
        seen=1,
        number="90/QĐ-UBND",
        sets=None,
        aims={Indicator.NEW_PRODUCTS: Aim(5), Indicator.ACTIVITIES: Aim(9)},
    )
    second = find_plan(2026, province_id=province.id)
    assert second is not None
    kept = {row.indicator: (row.least, row.most, row.weight) for row in second.targets}
    assert kept == {Indicator.NEW_PRODUCTS: (5, None, 1), Indicator.ACTIVITIES: (9, None, 1)}
    assert (second.version, second.decision_number, second.priority_sets) == (2, "90/QĐ-UBND", ["I.3.b"])
    assert list_plan_years(province_id=province.id, on=date(2028, 1, 1)) == [2028, 2027, 2026]
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "programme.planned")).all()
    assert [each.detail for each in said] == [
        {
            "unit": "12",
            "decision": "12/KH-UBND",
            "decided_on": "2026-01-15",
            "sets": "I.3.b",
            "new_products": [4, 6, 5],
            "upgrades": [1, None, 3],
            "people_reached": [100, None, 1],
        },
        {
            "unit": "12",
            "decision": "90/QĐ-UBND",
            "decided_on": "2026-01-15",
            "new_products": [5, None, 1],
            "activities": [9, None, 1],
        },
    ]
    for seen in (0, 1):
        with pytest.raises(PlanChanged):
            plan(at=at, seen=seen)
    assert db.session.query(PlanTarget).count() == 2


def test_what_is_no_plan(app: Flask, at: datetime) -> None:
    for change, field in (
        ({"aims": {Indicator.UPGRADES: Aim(-1)}}, "upgrades-least"),
        ({"aims": {Indicator.UPGRADES: Aim(8, 6)}}, "upgrades-most"),
        ({"aims": {Indicator.UPGRADES: Aim(1, weight=6)}}, "upgrades-weight"),
        ({"year": 1999}, "year"),
        ({"number": " "}, "decision_number"),
        ({"unit": "03390"}, "unit"),
        ({"sets": ("I.9.z",)}, "priority_sets"),
    ):
        with pytest.raises(Invalid) as refused:
            plan(at=at, **change)
        assert list(refused.value.fields) == [field]
    with pytest.raises(Invalid) as early:
        plan(at=at.replace(year=2025))
    assert list(early.value.fields) == ["decided_on"]
    for role in (Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER):
        with pytest.raises(Forbidden):
            plan(at=at, by=officer(role, at=at))
    assert (db.session.query(PlanYear).count(), AIMS[Indicator.UPGRADES].weight) == (0, 3)
