"""A plan is saved whole and restored; booths keep their codes; a refusal changes nothing."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound, Refusal
from marketplace.trade.exhibitors.models import BoothWish
from marketplace.trade.exhibitors.placings import held_booths, list_placed
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.fairs.services import move, set_zones
from marketplace.trade.floorplans import rules
from marketplace.trade.floorplans.models import LandmarkKind
from marketplace.trade.floorplans.queries import get_booth, layout_of, list_booths, list_plans, newest_number
from marketplace.trade.floorplans.rules import HallPlan, LandmarkPlan, Layout
from marketplace.trade.floorplans.services import NO_ZONE, BoothTaken, PlanChanged, PlanOver, restore_plan, save_plan
from tests.builders import BY, make_producer
from tests.fairing import make_edition
from tests.floors import booth, codes_of, place, plan, row_layout

STRANGER = Actor(user_id=1, name="An", role=Role.PRODUCER)


def refused(edition: Edition, layout: Layout, base: int = 1, *, by: Actor = BY, at: datetime) -> Refusal:
    """What a save is refused with; nothing of the plan is changed by it."""
    before = layout_of(edition.id), newest_number(edition.id)
    with pytest.raises(Refusal) as told, transaction():
        save_plan(code=edition.code, layout=layout, base_number=base, by=by, at=at, holds=held_booths)
    db.session.rollback()
    assert (layout_of(edition.id), newest_number(edition.id)) == before
    return told.value


def without(layout: Layout, *labels: str) -> Layout:
    return replace(layout, booths=tuple(each for each in layout.booths if each.label not in labels))


def changed(layout: Layout, label: str, **said: Any) -> Layout:
    booths = tuple(replace(each, **said) if each.label == label else each for each in layout.booths)
    return replace(layout, booths=booths)


def test_a_plan_is_saved_as_drawn(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, zones=("Khu A", "Khu B"))
    first = booth("x", price=750_000, power_w=2_000, water=True, cold=True, open_sides=2, zone=1, blocked=True)
    drawn = Layout(row_layout().halls, (first, booth("y", "A2", x=300)), row_layout().landmarks)
    saved = plan(edition, drawn, at=at)
    kept = layout_of(edition.id)
    codes = [each.code for each in kept.booths]
    assert replace(kept, booths=()) == replace(drawn, booths=())
    assert kept.booths == tuple(replace(each, code=code) for each, code in zip(drawn.booths, codes, strict=True))
    assert all(code.startswith("GH") and len(code) == 10 for code in codes)
    assert (saved.number, saved.saved_by, saved.layout) == (1, BY.name, kept.to_json())
    stands = get_booth(edition.id, codes[0])
    assert (stands.area_cm2, stands.hall.name, stands.zone and stands.zone.name) == (90_000, "Nhà bạt 1", "Khu B")
    with pytest.raises(NotFound):
        get_booth(edition.id + 1, codes[0])


def test_a_booth_keeps_its_code_and_labels_may_change_places(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    plan(edition, at=at)
    before = codes_of(edition)
    layout = layout_of(edition.id)
    swapped = {"A1": "A3", "A2": "A1", "A3": "A2"}
    booths = tuple(replace(each, label=swapped[each.label], y=300) for each in layout.booths)
    plan(edition, replace(layout, booths=booths), at=at)
    assert codes_of(edition) == {swapped[label]: code for label, code in before.items()}
    assert [each.number for each in list_plans(edition.id)] == [2, 1]


def test_halls_come_and_go(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    plan(edition, at=at)
    layout = layout_of(edition.id)
    second = HallPlan("Sân ngoài", 1000, 1000)
    moved = changed(layout, "A3", hall=1, x=0)
    stage = LandmarkPlan(1, LandmarkKind.STAGE, 500, 500, 400, 300, "Sân khấu")
    plan(edition, replace(moved, halls=(*layout.halls, second), landmarks=(stage,)), at=at)
    assert [(each.label, each.hall.name) for each in list_booths(edition.id)] == [
        ("A1", "Nhà bạt 1"),
        ("A2", "Nhà bạt 1"),
        ("A3", "Sân ngoài"),
    ]
    only = without(layout_of(edition.id), "A1", "A2")
    plan(edition, replace(changed(only, "A3", hall=0), halls=(second,), landmarks=()), at=at)
    assert layout_of(edition.id) == Layout((second,), (booth(only.booths[0].code, "A3"),))


def test_what_may_not_be_saved(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, zones=("Khu A",))
    plan(edition, at=at)
    layout = layout_of(edition.id)
    code = layout.booths[0].code
    wrong = refused(edition, changed(layout, "A1", x=100), at=at)
    assert isinstance(wrong, Invalid)
    assert wrong.fields == {each.code: rules.OVERLAP for each in layout.booths[:2]}
    nowhere = refused(edition, changed(layout, "A1", zone=1), at=at)
    assert isinstance(nowhere, Invalid)
    assert nowhere.fields == {code: NO_ZONE}
    assert isinstance(refused(edition, layout, by=STRANGER, at=at), Forbidden)
    for base in (0, 2, -1):
        assert isinstance(refused(edition, layout, base, at=at), PlanChanged)


@pytest.mark.parametrize("state", [EditionState.ALLOCATED, EditionState.RUNNING])
def test_drawn_as_long_as_the_fair_lasts(app: Flask, at: datetime, state: EditionState) -> None:
    assert plan(make_edition(at=at, state=state), at=at).number == 1


def test_not_once_it_is_over(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.CLOSED)
    assert isinstance(refused(edition, row_layout(), 0, at=at), PlanOver)
    off = make_edition(at=at)
    plan(off, at=at)
    with transaction():
        move(code=off.code, to=EditionState.CANCELLED, note="Bão", by=BY, at=at)
    assert isinstance(refused(off, row_layout(), at=at), PlanOver)
    with pytest.raises(PlanOver), transaction():
        restore_plan(code=off.code, number=1, base_number=1, by=BY, at=at)


def test_a_held_booth_may_move_but_not_go(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    plan(edition, at=at)
    place(edition, "A2", make_producer("HTX Nùng", at=at), at=at, published=False)
    layout = layout_of(edition.id)
    for gone in (without(layout, "A2", "A1"), changed(layout, "A2", blocked=True), Layout()):
        told = refused(edition, gone, at=at)
        assert isinstance(told, BoothTaken)
        assert told.facts == {"booths": "A2"}
    plan(edition, changed(without(layout, "A1"), "A2", y=600), at=at)
    (placing,) = list_placed(edition.id)
    assert (placing.booth.label, placing.booth.y, placing.booth.code) == ("A2", 600, layout.booths[1].code)


@pytest.mark.parametrize("released", [False, True])
def test_the_database_keeps_whoever_is_on_record(app: Flask, at: datetime, released: bool) -> None:
    """Asking nobody who holds what, the foreign key still refuses; a booth that was left may be blocked."""
    edition = make_edition(at=at)
    plan(edition, at=at)
    place(edition, "A2", make_producer("HTX Nùng", at=at), at=at, released=released)
    layout = layout_of(edition.id)
    with pytest.raises(BoothTaken) as told, transaction():
        save_plan(code=edition.code, layout=without(layout, "A2"), base_number=1, by=BY, at=at)
    db.session.rollback()
    assert (told.value.facts, layout_of(edition.id)) == ({"booths": "A2"}, layout)
    if released:
        with transaction():
            blocked = changed(layout, "A2", blocked=True)
            save_plan(code=edition.code, layout=blocked, base_number=1, by=BY, at=at, holds=held_booths)
        assert layout_of(edition.id) == blocked


def test_what_was_blocked_beforehand_does_not_stand_in_the_way(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    plan(edition, changed(row_layout(), "A2", blocked=True), at=at)
    place(edition, "A2", make_producer("HTX Nùng", at=at), at=at)
    with transaction():
        save_plan(code=edition.code, layout=layout_of(edition.id), base_number=1, by=BY, at=at, holds=held_booths)
    assert newest_number(edition.id) == 2


def test_a_wish_goes_with_its_booth(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    plan(edition, at=at)
    place(edition, "A1", make_producer("HTX Nùng", at=at), at=at)
    (placing,) = list_placed(edition.id)
    wished = get_booth(edition.id, codes_of(edition)["A3"])
    with transaction():
        db.session.add(BoothWish(application_id=placing.application_id, rank=1, booth_id=wished.id))
    plan(edition, without(layout_of(edition.id), "A3"), at=at)
    assert db.session.scalars(select(BoothWish)).all() == []


def test_an_earlier_plan_stands_again(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, zones=("Khu A", "Khu B"))
    plan(edition, changed(changed(row_layout(), "A1", zone=1), "A2", zone=0), at=at)
    first = layout_of(edition.id)
    plan(edition, Layout(), at=at)
    assert layout_of(edition.id) == Layout()
    with transaction():
        set_zones(code=edition.code, zones=[("Khu A", "")], by=BY, at=at)
    with transaction():
        restored = restore_plan(code=edition.code, number=1, base_number=2, by=BY, at=at)
    assert restored.number == 3
    assert layout_of(edition.id) == changed(first, "A1", zone=None)
    for number, base, error in ((9, 3, NotFound), (1, 2, PlanChanged)):
        with pytest.raises(error), transaction():
            restore_plan(code=edition.code, number=number, base_number=base, by=BY, at=at)
    with pytest.raises(Forbidden), transaction():
        restore_plan(code=edition.code, number=1, base_number=3, by=STRANGER, at=at)
    assert newest_number(edition.id) == 3


def test_a_code_is_one_booth(app: Flask, at: datetime) -> None:
    """Another edition's plan drawn here: booths of their own."""
    one, other = make_edition(at=at), make_edition(at=at, title="Phiên chợ khác")
    plan(one, at=at)
    plan(other, layout_of(one.id), at=at)
    assert codes_of(one).keys() == codes_of(other).keys()
    assert not set(codes_of(one).values()) & set(codes_of(other).values())
    assert get_edition(one.code).id != other.id
