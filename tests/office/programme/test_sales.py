"""Sums of sales: as the plain query has them, after late steps too; by whom, of what, where; before and after."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from marketplace.office.programme.counting import count_effects, count_sums
from marketplace.office.programme.jobs import count_sales
from marketplace.office.programme.models import EffectKind, SalesCount, SalesEffect, SalesSum
from marketplace.office.programme.register import Narrowed, count_rows
from marketplace.office.programme.rules import Change, Compared, change_of
from marketplace.office.programme.sales import (
    SalesAsked,
    Sold,
    as_of,
    effect_rows,
    effects_of,
    sales_of,
    sales_rows,
    women_and_minority,
)
from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import ProducerKind
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Certificate
from marketplace.shop.catalog.models import Variant
from marketplace.shop.orders.models import PartState
from tests.builders import BY, make_certificate, make_listing, make_producer, make_product, make_user
from tests.planning import make_year, move_part, officer, sell

ON = date(2026, 11, 23)
EVERY = (date(2020, 1, 1), date(2026, 11, 1))


def kept() -> set[tuple[object, ...]]:
    rows = db.session.scalars(select(SalesSum))
    return {(r.month, r.unit_id, r.dimension, r.key, r.lines, r.units, r.amount.amount) for r in rows}


def plain() -> set[tuple[object, ...]]:
    return {(r.month, r.unit_id, r.dimension, r.key, r.lines, r.units, r.amount) for r in count_sums(*EVERY)}


def test_counted_by_hand(app: Flask, at: datetime) -> None:
    assert (as_of(), count_sales(at), kept()) == (None, 1, set())
    make_year(at=at)
    assert count_sales(at + timedelta(minutes=6)) == 1
    found = sales_of(2026, by=BY, on=ON)
    assert found.total == Sold(2, Money(190_000), Money(150_000), Money(50_000))
    assert found.months == {
        date(2025, 3, 1): Money(50_000),
        date(2026, 3, 1): Money(150_000),
        date(2026, 11, 1): Money(40_000),
    }
    assert {key: (sold.amount, sold.before) for key, sold in found.by["kind"].items()} == {
        "cooperative": (Money(150_000), Money(50_000)),
        "company": (Money(40_000), Money(0)),
    }
    assert set(found.by["set"]) == {"I.3.b", "I.5.a"}
    led = women_and_minority(found.by["led"])
    assert {key: sold.amount.amount for key, sold in led.items()} == {
        "woman": 150_000,
        "minority": 150_000,
        "others": 40_000,
    }
    assert len(found.by["district"]) == 2
    assert (found.months_compared, sales_of(2026, by=BY, on=date(2026, 1, 9)).months_compared) == (10, 0)
    before = sales_of(2025, by=BY, on=ON)
    assert (before.months_compared, before.total) == (12, Sold(1, Money(50_000), Money(50_000), Money(0)))
    by = officer(Role.COMMUNE_OFFICER, at=at)
    assert sales_of(2026, by=by, on=ON).total.amount == Money(150_000)


def test_sums_follow_late_steps(app: Flask, at: datetime) -> None:
    year = make_year(at=at)
    late = sell(year.noodles, 4, date(2026, 5, 6), at=at, state=PartState.SHIPPED)
    count_sales(at)
    assert kept() == plain()
    with transaction():
        move_part(late, PartState.DELIVERED, at)
    assert (count_sales(at + timedelta(minutes=2)), kept() == plain()) == (0, False)  # not so soon again
    assert (count_sales(at + timedelta(minutes=6)), kept() == plain()) == (1, True)
    assert sales_of(2026, by=BY, on=ON).total.lines == 3
    with transaction():
        move_part(late, PartState.RETURNED, at)
    assert (count_sales(at + timedelta(minutes=12)), kept() == plain()) == (1, True)
    assert sales_of(2026, by=BY, on=ON).total.lines == 2
    assert count_sales(at + timedelta(minutes=30)) == 0  # nothing happened
    count = as_of()
    assert count is not None
    assert (count.as_of, count.whole_at) == (at + timedelta(minutes=12), at)


def test_everything_is_counted_anew_each_day(app: Flask, at: datetime) -> None:
    year = make_year(at=at)
    count_sales(at)
    with transaction():
        db.session.execute(
            update(type(year.here)).where(type(year.here).id == year.here.id).values(kind=ProducerKind.FARM)
        )
    assert (count_sales(at + timedelta(minutes=30)), kept() == plain()) == (0, False)
    assert (count_sales(at + timedelta(days=1)), kept() == plain()) == (1, True)


def test_who_counted_earlier_gives_way(app: Flask, at: datetime) -> None:
    year = make_year(at=at)
    count_sales(at)
    there = kept()
    with transaction():
        db.session.execute(update(SalesCount).values(seen_event=10**9))
    assert count_sales(at + timedelta(days=1)) == 0  # another worker has seen more
    with transaction():
        db.session.execute(update(SalesCount).values(seen_event=0))
    sell(year.noodles, 1, date(2026, 6, 6), at=at)
    assert count_sales(at + timedelta(minutes=6)) == 1
    assert len(kept()) == len(there) + 9


def test_the_lines_behind(app: Flask, at: datetime) -> None:
    make_year(at=at)

    def names(**asked: object) -> list[str]:
        query = sales_rows(SalesAsked(**{"year": 2026, **asked}), by=BY)  # type: ignore[arg-type] # by name
        found = [row[3] for row in db.session.execute(query)]
        assert count_rows(query) == len(found)
        return found

    assert names() == ["Chè", "Miến"]
    assert (names(month=3), names(month=12), names(year=2025)) == (["Miến"], [], ["Miến"])
    assert names(narrowed=Narrowed(district="106")) == ["Miến"]
    assert names(narrowed=Narrowed(set_code="I.5.a")) == ["Chè"]
    assert names(kind=ProducerKind.COMPANY) == ["Chè"]
    assert (names(led="woman"), names(led="minority"), names(led="others"), names(led="both")) == (
        ["Miến"], ["Miến"], ["Chè"], ["Miến"],
    )  # fmt: skip
    by = officer(Role.COMMUNE_OFFICER, at=at)
    assert count_rows(sales_rows(SalesAsked(2026), by=by)) == 1


@pytest.fixture
def risen(app: Flask, at: datetime) -> Certificate:
    """Noodles on sale since March 2025, certified in March, of more stars in June 2025; sold in April of both years."""
    year = make_year(at=at)
    product = make_product(year.here, "Miến cũ", at=at)
    make_certificate(product, at=at, stars=3, days_ago=700)
    listing, variant = make_listing(product, at=at, stock=90)
    better = make_certificate(product, at=at, stars=4, days_ago=(ON - date(2025, 6, 10)).days)
    with transaction():
        db.session.execute(
            update(type(listing)).where(type(listing).id == listing.id).values(published_at=at - timedelta(days=640))
        )
    sell(variant, 3, date(2025, 4, 4), at=at)
    sell(variant, 9, date(2026, 4, 4), at=at)
    count_sales(at)
    return better


def test_before_and_after(risen: Certificate, at: datetime) -> None:
    """March, April, May: 150.000 against 450.000 in one of three months is 50.000 against 150.000 a month."""
    rows = {row.certificate_id: row for row in db.session.scalars(effect_rows(EffectKind.UPGRADE, by=BY))}
    found = rows[risen.id]
    assert (found.pairs, found.before, found.after) == (3, Money(50_000), Money(150_000))
    effects = effects_of(by=BY)
    assert effects[EffectKind.UPGRADE] == Change(1, 1, 50_000, 150_000, None, None)
    first = effects[EffectKind.CERTIFICATION]  # noodles: nine months, 5.556 and 16.667; tea: five months, nothing
    assert (first.products, first.left_out, first.before, first.after) == (2, 1, 2_778, 8_334)
    assert (first.low, first.high, first.certain) == (-65_034, 76_145, False)
    assert found.certificate.product.producer.commune.code == "03390"


def compared_plainly(by: Actor) -> dict[EffectKind, Change]:
    """What the officer's own rows come to, reckoned from them."""
    found = {}
    for kind in EffectKind:
        rows = db.session.scalars(effect_rows(kind, by=by).order_by(None).order_by(SalesEffect.certificate_id))
        found[kind] = change_of([Compared(row.pairs, row.before.amount, row.after.amount) for row in rows])
    return found


def effects_plainly() -> dict[int, tuple[int, int, int]]:
    return {event.certificate_id: (c.pairs, c.before, c.after) for event, c in count_effects(ON)}


def effects_kept() -> dict[int, tuple[int, int, int]]:
    rows = db.session.scalars(select(SalesEffect))
    return {row.certificate_id: (row.pairs, row.before.amount, row.after.amount) for row in rows}


def test_what_is_kept_of_before_and_after_is_what_the_rows_come_to(risen: Certificate, at: datetime) -> None:
    officers = [officer(role, at=at) for role in (Role.PROVINCE_OFFICER, Role.DISTRICT_OFFICER, Role.COMMUNE_OFFICER)]
    make_certificate(make_product(make_producer("Nơi khác", at=at, commune="03388"), "Cá", at=at), at=at, days_ago=9)
    owner = make_user(Role.PRODUCER, at=at)
    hidden = make_producer("Chưa xác nhận", at=at, user=owner)
    make_certificate(make_product(hidden, "Ẩn", at=at), at=at, days_ago=9)
    with transaction():
        db.session.execute(update(User).where(User.id == owner.id).values(confirmed_at=None))
    count_sales(at + timedelta(days=1))
    for by in (BY, *officers):
        assert effects_of(by=by) == compared_plainly(by), by.role
    assert effects_of(by=BY)[EffectKind.CERTIFICATION].left_out == 2  # not three: nobody sees the hidden one yet
    assert effects_of(by=GUEST) == dict.fromkeys(EffectKind, Change(0, 0, 0, 0, None, None))


def test_before_and_after_follow_late_steps(risen: Certificate, at: datetime) -> None:
    variant = db.session.scalars(select(Variant).order_by(Variant.id.desc())).first()
    assert variant is not None
    was = effects_kept()
    late = sell(variant, 6, date(2026, 5, 6), at=at, state=PartState.SHIPPED)
    assert (count_sales(at + timedelta(minutes=6)), effects_kept() == was) == (1, True)
    with transaction():
        move_part(late, PartState.DELIVERED, at)
    assert (count_sales(at + timedelta(minutes=12)), effects_kept() == effects_plainly()) == (1, True)
    assert (effects_kept() == was, effects_of(by=BY) == compared_plainly(BY)) == (False, True)
    assert effects_of(by=BY)[EffectKind.UPGRADE].after == 250_000
    with transaction():
        move_part(late, PartState.RETURNED, at)
    assert (count_sales(at + timedelta(minutes=18)), effects_kept()) == (1, was)
    assert effects_of(by=BY) == compared_plainly(BY)
