"""Placed, ordered, taken off; admitted by the public rule alone; counted; staff told; turns for whom nobody sees."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Certificate
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.services import move_listing, rest_listing
from marketplace.trade.collections.models import CollectionKind
from marketplace.trade.collections.services import hide_collection
from marketplace.trade.promotion import counting
from marketplace.trade.promotion import services as promotion
from marketplace.trade.promotion.counting import Tally, add_up
from marketplace.trade.promotion.jobs import watch
from marketplace.trade.promotion.models import Audience, Place, Placement, PlacementDay, Target
from marketplace.trade.promotion.queries import (
    count_hindered,
    count_kept,
    count_seen,
    counts_of,
    get_placement,
    list_kept,
    list_on,
    list_seen,
    list_turns,
)
from marketplace.trade.promotion.rules import TURNS
from marketplace.trade.promotion.services import (
    AlreadyOff,
    HasTurn,
    NoFreeTurn,
    NothingToHave,
    change_placement,
    give_turn,
    move_placement,
    order_place,
    place_target,
    tell_staff,
    withdraw,
)
from marketplace.trade.promotion.standing import Hindrance, goods_of, hindrance
from marketplace.trade.promotion.suggestions import suggest
from tests.builders import (
    BY,
    make_certificate,
    make_listing,
    make_offer,
    make_order,
    make_producer,
    make_product,
    make_user,
    revoke_certificate,
)
from tests.conftest import TODAY
from tests.curating import make_collection, make_placement, schedule, slug_of

COMMUNE = Actor(user_id=1, name="Xã", role=Role.COMMUNE_OFFICER)


def count_all() -> int:
    return db.session.scalar(select(func.count(Placement.id))) or 0


def why(placement: Placement, at: datetime) -> Hindrance | None:
    found = get_placement(placement.code)
    return hindrance(found, goods_of([found], on=day_of(at), hidden=frozenset()))


def certificate_of(variant: Variant) -> Certificate:
    listing = db.session.get_one(Listing, variant.listing_id)
    return db.session.scalars(select(Certificate).where(Certificate.product_id == listing.product_id)).one()


def test_placed_by_curators_alone(app: Flask, at: datetime) -> None:
    slug = slug_of(make_offer(at=at))
    with pytest.raises(Forbidden), transaction():
        place_target(
            place=Place.FEATURED_ROW, target=Target.PRODUCT, slug=slug, schedule=schedule(TODAY), by=COMMUNE, at=at
        )
    assert count_all() == 0
    placed = make_placement(slug, at=at)
    assert (placed.position, placed.first_day, placed.reason, placed.created_by) == (0, TODAY, "Vào mùa", "builder")
    assert make_placement(slug_of(make_offer("Chè", at=at)), at=at).position == 1
    for verb in (
        lambda: change_placement(code=placed.code, schedule=schedule(TODAY), by=COMMUNE, at=at),
        lambda: withdraw(code=placed.code, by=COMMUNE, at=at),
        lambda: order_place(codes=[placed.code], by=COMMUNE, at=at),
        lambda: give_turn(producer="htx-thu", by=COMMUNE, at=at),
    ):
        with pytest.raises(Forbidden), transaction():
            verb()
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_type == "placement"))
    assert list(acts) == ["placement.placed", "placement.placed"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"slug": "khong-co"}, "target"),
        ({"target": Target.PRODUCER, "place": Place.PRODUCER_OF_WEEK, "slug": "khong-co"}, "target"),
        ({"target": Target.PRODUCER, "place": Place.PRODUCER_OF_WEEK, "slug": "chua-co-mon"}, "target"),
        ({"target": Target.COLLECTION, "place": Place.SEASONAL, "slug": "khong-co"}, "target"),
        ({"place": Place.PRODUCER_OF_WEEK}, "target"),
        ({"place": Place.CATEGORY_HEAD, "category": "khong-co"}, "category"),
        ({"schedule": schedule(TODAY, days=0)}, "last_day"),
        ({"schedule": schedule(TODAY, days=400)}, "last_day"),
        ({"schedule": schedule(TODAY, starts=-1)}, "first_day"),
        ({"schedule": schedule(TODAY, reason=" a ")}, "reason"),
    ],
)
def test_what_will_not_do(app: Flask, at: datetime, said: dict[str, object], field: str) -> None:
    slug = slug_of(make_offer(at=at))
    make_producer("Chưa có món", at=at)
    facts = {"place": Place.FEATURED_ROW, "target": Target.PRODUCT, "slug": slug, "schedule": schedule(TODAY), **said}
    with pytest.raises(Invalid) as refused, transaction():
        place_target(**facts, by=BY, at=at)  # type: ignore[arg-type] # one of them is wrong
    assert (list(refused.value.fields), count_all()) == ([field], 0)


def test_what_a_place_takes(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    theme = make_collection((variant, 1), at=at)
    basket = make_collection((variant, 1), at=at, kind=CollectionKind.BASKET, title="Giỏ Tết")
    season = make_collection((variant, 1), at=at, kind=CollectionKind.SEASON, title="Tết 2027")
    over = make_collection(
        (variant, 1), at=at, kind=CollectionKind.SEASON, title="Qua", days=(TODAY, TODAY - timedelta(0))
    )
    make_placement(theme.slug, at=at, place=Place.SEASONAL, target=Target.COLLECTION)
    make_placement(season.slug, at=at, place=Place.SEASONAL, target=Target.SEASON)
    make_placement(basket.slug, at=at, place=Place.GIFT_BASKETS, target=Target.COLLECTION)  # by its address
    make_placement(slug_of(variant), at=at, place=Place.CATEGORY_HEAD, category="mien-bun-banh")
    make_placement(slug_of(variant), at=at, place=Place.CATEGORY_HEAD, category="I.3.b")
    make_placement("htx-thu", at=at, place=Place.HOME_BANNER, target=Target.PRODUCER)
    for wrong in (theme, season):
        with pytest.raises(Invalid):
            make_placement(wrong.slug, at=at, place=Place.GIFT_BASKETS, target=Target.COLLECTION)
    with pytest.raises(Invalid):
        make_placement(over.slug, at=at + timedelta(days=2), place=Place.SEASONAL, target=Target.SEASON)
    assert [each.names for each in list_kept(Place.SEASONAL, on=TODAY, past=False)] == [
        ("Vị núi", ""),
        ("Tết 2027", ""),
    ]
    paths = [each.path for place in Place for each in list_kept(place, on=TODAY, past=False)]
    mien = f"/products/{slug_of(variant)}"
    assert paths == [
        "/producers/htx-thu",
        f"/collections/{theme.slug}",
        f"/seasons/{season.slug}",
        mien,
        mien,
        f"/collections/{basket.slug}",
    ]
    assert list_kept(Place.HOME_BANNER, on=TODAY, past=False)[0].names == ("HTX Thử", "HTX Thử")


def test_order_by_steps_and_at_once(app: Flask, at: datetime) -> None:
    codes = [make_placement(slug_of(make_offer(f"Món {n}", at=at)), at=at).code for n in range(3)]
    elsewhere = make_placement(slug_of(make_offer("Khác", at=at)), at=at, place=Place.HOME_BANNER).code

    def order() -> list[int]:
        return [codes.index(each.code) for each in list_kept(Place.FEATURED_ROW, on=TODAY, past=False)]

    with transaction():
        move_placement(code=codes[2], step=-1, by=BY, at=at)
    assert order() == [0, 2, 1]
    with transaction():
        move_placement(code=codes[0], step=-1, by=BY, at=at)
    assert order() == [0, 2, 1]
    with transaction():
        move_placement(code=codes[0], step=1, by=BY, at=at)
    assert order() == [2, 0, 1]
    with transaction():
        order_place(codes=[codes[1], elsewhere, codes[1]], by=BY, at=at)
    assert order() == [1, 2, 0]
    for unknown in ([], ["TBKHONGCO"]):
        with pytest.raises(NotFound), transaction():
            order_place(codes=unknown, by=BY, at=at)
    assert order() == [1, 2, 0]


def test_taken_off_once(app: Flask, at: datetime) -> None:
    placed = make_placement(slug_of(make_offer(at=at)), at=at)
    with transaction():
        withdraw(code=placed.code, by=BY, at=at)
    with pytest.raises(AlreadyOff), transaction():
        withdraw(code=placed.code, by=BY, at=at)
    assert list_on(TODAY, audience=Audience.VI, places=list(Place)) == []
    assert count_kept(Place.FEATURED_ROW, on=TODAY, past=False) == 0
    assert [each.code for each in list_kept(Place.FEATURED_ROW, on=TODAY, past=True)] == [placed.code]


def test_only_within_its_days_and_for_its_readers(app: Flask, at: datetime) -> None:
    slug = slug_of(make_offer(at=at))
    english = make_placement(slug, at=at, audience=Audience.EN, days=3).code
    later = make_placement(slug_of(make_offer("Chè", at=at)), at=at, starts=2, days=1).code

    def shown(day: int, audience: Audience) -> list[str]:
        found = list_on(TODAY + timedelta(days=day), audience=audience, places=[Place.FEATURED_ROW])
        return [each.code for each in found]

    assert [shown(day, Audience.EN) for day in range(4)] == [[english], [english], [english, later], []]
    assert [shown(day, Audience.VI) for day in range(4)] == [[], [], [later], []]
    with transaction():
        change_placement(code=later, schedule=schedule(TODAY, days=1), by=BY, at=at)
    assert (shown(0, Audience.VI), shown(2, Audience.VI)) == ([later], [])
    with pytest.raises(Invalid), transaction():
        change_placement(code=later, schedule=schedule(TODAY, days=-2), by=BY, at=at)


def test_the_same_stands_once_in_a_place_and_day(app: Flask, at: datetime) -> None:
    slug = slug_of(make_offer(at=at))
    placed = make_placement(slug, at=at, days=3, audience=Audience.VI)
    make_placement(slug, at=at, days=3, audience=Audience.EN)
    make_placement(slug, at=at, place=Place.HOME_BANNER)
    make_placement(slug, at=at, place=Place.CATEGORY_HEAD, category="I.3.b")
    next_ = make_placement(slug, at=at, starts=3)
    for again in ({"days": 1}, {"starts": 2, "audience": Audience.VI}, {"starts": 16}, {"starts": 5, "days": 1}):
        with pytest.raises(Invalid) as refused:
            make_placement(slug, at=at, **again)
        assert list(refused.value.fields) == ["target"]
    with pytest.raises(Invalid) as refused, transaction():
        change_placement(code=placed.code, schedule=schedule(TODAY, days=4, audience=Audience.VI), by=BY, at=at)
    assert (list(refused.value.fields), get_placement(placed.code).last_day) == (["first_day"], placed.last_day)
    with transaction():
        withdraw(code=next_.code, by=BY, at=at)
    make_placement(slug, at=at, starts=3)
    assert count_all() == 6


def test_days_that_are_over_are_not_chosen(app: Flask, at: datetime) -> None:
    placed, later = make_placement(slug_of(make_offer(at=at)), at=at, days=3), at + timedelta(days=2)
    for wrong, field in ((schedule(TODAY, starts=1), "first_day"), (schedule(TODAY, days=2), "last_day")):
        with pytest.raises(Invalid) as refused, transaction():
            change_placement(code=placed.code, schedule=wrong, by=BY, at=later)
        assert list(refused.value.fields) == [field]
    with transaction():
        change_placement(code=placed.code, schedule=schedule(TODAY, days=9), by=BY, at=later)
    assert get_placement(placed.code).last_day == TODAY + timedelta(days=8)
    with transaction():
        withdraw(code=placed.code, by=BY, at=later)
    with pytest.raises(AlreadyOff), transaction():
        change_placement(code=placed.code, schedule=schedule(TODAY), by=BY, at=later)
    assert get_placement(placed.code).last_day == TODAY + timedelta(days=8)


def test_what_gives_way(app: Flask, at: datetime) -> None:
    lapsed, paused, resting, sold, good = (make_offer(f"Món {n}", at=at, producer=None) for n in range(5))
    placed = {name: make_placement(slug_of(v), at=at) for name, v in (("l", lapsed), ("p", paused), ("r", resting))}
    placed |= {name: make_placement(slug_of(v), at=at) for name, v in (("s", sold), ("g", good))}
    maker = make_producer("HTX Một", at=at)
    make_offer("Món một", at=at, producer=maker)
    placed["m"] = make_placement(maker.slug, at=at, place=Place.PRODUCER_OF_WEEK, target=Target.PRODUCER)
    assert {why(each, at) for each in placed.values()} == {None}
    revoke_certificate(certificate_of(lapsed), at=at)
    with transaction():
        move_listing(slug=slug_of(paused), to=ListingState.PAUSED, by=BY, at=at)
    slug = slug_of(resting)
    with transaction():
        rest_listing(slug=slug, back_on=TODAY + timedelta(days=9), by=BY, at=at)
    make_order((sold, 10), at=at)
    with transaction():
        db.session.execute(update(Producer).where(Producer.id == maker.id).values(verified_at=None))
    assert {name: why(each, at) for name, each in placed.items()} == {
        "l": Hindrance.NOT_PUBLIC,
        "p": Hindrance.NOT_PUBLIC,
        "r": Hindrance.SOLD_OUT,
        "s": Hindrance.SOLD_OUT,
        "g": None,
        "m": Hindrance.NOT_PUBLIC,
    }
    assert count_hindered(TODAY) == 5


def test_what_gives_way_of_collections(app: Flask, at: datetime) -> None:
    one, two = make_offer("Một", at=at), make_offer("Hai", at=at, stock=3)
    theme = make_collection((one, 1), (two, 1), at=at)
    basket = make_collection((one, 2), (two, 3), at=at, kind=CollectionKind.BASKET, title="Giỏ Tết")
    season = make_collection((one, 1), at=at, kind=CollectionKind.SEASON, title="Tết 2027")
    at_theme = make_placement(theme.slug, at=at, place=Place.SEASONAL, target=Target.COLLECTION, days=60)
    at_basket = make_placement(basket.slug, at=at, place=Place.GIFT_BASKETS, target=Target.BASKET)
    at_season = make_placement(season.slug, at=at, place=Place.SEASONAL, target=Target.SEASON, days=60)
    assert [why(each, at) for each in (at_theme, at_basket, at_season)] == [None, None, None]
    assert why(at_season, at + timedelta(days=31)) is Hindrance.OUT_OF_DAYS
    assert why(at_season, at - timedelta(days=1)) is Hindrance.OUT_OF_DAYS
    make_order((two, 1), at=at)
    assert [why(each, at) for each in (at_theme, at_basket)] == [None, Hindrance.EMPTY]
    for variant in (one, two):
        revoke_certificate(certificate_of(variant), at=at)
    assert [why(each, at) for each in (at_theme, at_basket, at_season)] == [Hindrance.EMPTY, Hindrance.EMPTY, None]
    with transaction():
        hide_collection(code=theme.code, by=BY, at=at)
    assert why(at_theme, at) is Hindrance.HIDDEN


def test_a_service_is_to_be_asked_for(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), "Ngủ bản", at=at, set_code="VI.1")
    make_certificate(product, at=at)
    stay, bed = make_listing(product, at=at, weight_g=None)
    placed = make_placement(stay.slug, at=at)
    assert why(placed, at) is None
    basket = make_collection((bed, 1), at=at, kind=CollectionKind.BASKET, title="Giỏ đêm")
    with transaction():
        found = place_target(
            place=Place.GIFT_BASKETS,
            target=Target.BASKET,
            slug=basket.slug,
            schedule=schedule(TODAY),
            by=BY,
            at=at,
        )
    assert why(found, at) is Hindrance.EMPTY, "what has no cart is in no basket"


def test_staff_are_told_once(app: Flask, at: datetime) -> None:
    make_user(Role.PROVINCE_OFFICER, at=at, email="tinh@example.com")
    make_user(Role.ADMIN, at=at, email="quan-tri@example.com")
    make_user(Role.COMMUNE_OFFICER, at=at, email="xa@example.com")
    assert watch(at) == 0
    lapsed, sold = make_offer("Miến lẻ", at=at), make_offer("Miến hết", at=at)
    placed = make_placement(slug_of(lapsed), at=at)
    make_placement(slug_of(sold), at=at)
    assert watch(at) == 0
    revoke_certificate(certificate_of(lapsed), at=at)
    make_order((sold, 10), at=at)
    assert (watch(at), watch(at)) == (1, 0)
    letters = db.session.execute(
        select(OutgoingMail.to_address, OutgoingMail.subject).where(OutgoingMail.key.like("placement:%"))
    ).all()
    assert sorted(letters) == [
        ("quan-tri@example.com", "Suất trưng bày “Miến lẻ” không hiện được nữa"),
        ("tinh@example.com", "Suất trưng bày “Miến lẻ” không hiện được nữa"),
    ]
    with transaction():
        assert not tell_staff(placement=placed, why="not_public", at=at), "another worker did"
    with transaction():
        change_placement(code=placed.code, schedule=schedule(TODAY), by=BY, at=at)
    assert watch(at + timedelta(minutes=1)) == 1, "it was put up anew"


def test_counts_of_several_processes_add_up(app: Flask, at: datetime) -> None:
    placed = make_placement(slug_of(make_offer(at=at)), at=at)
    first, second = Tally(), Tally()
    for tally in (first, second):
        assert not tally.due(at)
        tally.count([placed.id, placed.id], "shown", at=at)
        tally.count([placed.id], "clicked", at=at)
        assert (tally.due(at), tally.due(at)) == (True, False)
        assert tally.due(at + timedelta(seconds=30))
        with transaction():
            add_up(tally.take())
    first.count([placed.id], "shown", at=at + timedelta(days=1))
    taken = first.take()
    first.give_back(taken)
    with transaction():
        add_up(first.take())
    rows = db.session.execute(select(PlacementDay.day, PlacementDay.shown, PlacementDay.clicked)).all()
    assert sorted(map(tuple, rows)) == [(TODAY, 4, 2), (TODAY + timedelta(days=1), 1, 0)]
    assert counts_of([placed.id], since=TODAY) == {placed.id: (5, 2)}
    assert counts_of([placed.id], since=TODAY + timedelta(days=2)) == {}


def test_a_browser_is_remembered_for_its_day_alone(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(counting, "REMEMBERED", 3)
    tally = Tally()
    asked = [("a", 1), ("a", 1), ("b", 1), ("a", 2), ("c", 1)]
    firsts = [tally.first(reader, placed, at=at) for reader, placed in asked]
    assert firsts == [True, False, True, True, False], "a fourth is not remembered, so not counted"
    assert tally.first("a", 1, at=at + timedelta(days=1))


def seen(placement: Placement, shown: int, clicked: int, at: datetime) -> None:
    with transaction():
        row = PlacementDay(placement_id=placement.id, day=day_of(at), shown=shown, clicked=clicked)
        db.session.add(row)


def test_who_is_seen_how_often(app: Flask, at: datetime) -> None:
    makers = [make_producer(f"HTX {n}", at=at) for n in "ABCD"]
    goods = [make_offer(f"Món {n}", at=at, producer=maker) for n, maker in enumerate(makers[:3])]
    make_offer("Món thêm", at=at, producer=makers[0])
    seen(make_placement(slug_of(goods[0]), at=at), 10, 2, at)
    by_name = make_placement(makers[1].slug, at=at, place=Place.PRODUCER_OF_WEEK, target=Target.PRODUCER)
    seen(by_name, 4, 0, at)
    seen(by_name, 100, 9, at - timedelta(days=40))
    theme = make_collection((goods[0], 1), (goods[1], 1), at=at)
    seen(make_placement(theme.slug, at=at, place=Place.SEASONAL, target=Target.COLLECTION), 3, 1, at)
    month = TODAY - timedelta(days=29)
    assert [(each.name, each.products, each.shown, each.clicked) for each in list_seen(since=month, on=TODAY)] == [
        ("HTX C", 1, 0, 0),
        ("HTX B", 1, 7, 1),
        ("HTX A", 2, 13, 3),
    ]
    assert count_seen(since=month, on=TODAY) == (3, 1)
    assert count_seen(since=TODAY + timedelta(days=1), on=TODAY) == (3, 3)
    quarter = list_seen(since=TODAY - timedelta(days=89), on=TODAY, page=2, per_page=2)
    assert [(each.name, each.shown) for each in quarter] == [("HTX B", 107)]


def test_a_turn_for_whom_nobody_sees(app: Flask, at: datetime) -> None:
    maker = make_producer("HTX Xa", at=at)
    with pytest.raises(NothingToHave), transaction():
        give_turn(producer=maker.slug, by=BY, at=at)
    make_offer("Món ba", at=at, producer=maker, stars=3)
    five = make_offer("Món năm", at=at, producer=maker, stars=5)
    make_offer("Món hết", at=at, producer=maker, stars=5, stock=0)
    others = [slug_of(make_offer(f"Món {n}", at=at)) for n in range(4)]
    for slug in others:
        make_placement(slug, at=at, days=300)
    with transaction():
        given = give_turn(producer=maker.slug, by=BY, at=at)
    assert given.listing_id == five.listing_id
    assert (given.first_day, given.last_day) == (TODAY, TODAY + timedelta(days=6)), "it waits for no placement's end"
    assert given.reason == "Lượt của nơi làm ít được thấy"
    assert list_turns([maker.id], on=TODAY) == {maker.id: TODAY}
    with pytest.raises(HasTurn), transaction():
        give_turn(producer=maker.slug, by=BY, at=at)
    with pytest.raises(IntegrityError), transaction():  # two officers at once: the second's row is the same turn
        db.session.add(_same_turn(given))


def test_a_turn_taken_off_is_given_again(app: Flask, at: datetime) -> None:
    maker = make_producer("HTX Xa", at=at)
    make_offer(at=at, producer=maker)
    given = []
    for _ in range(3):
        with transaction():
            given.append(give_turn(producer=maker.slug, by=BY, at=at))
        with transaction():
            withdraw(code=given[-1].code, by=BY, at=at)
    assert [(each.first_day, get_placement(each.code).key) for each in given] == [(TODAY, None)] * 3
    assert (len({each.code for each in given}), list_turns([maker.id], on=TODAY)) == (3, {})


def _same_turn(given: Placement) -> Placement:
    copied = {column.name: getattr(given, column.name) for column in Placement.__table__.columns}
    return Placement(**{**copied, "id": None, "code": "TBKHAC"})


def test_only_so_many_turns_are_given_at_once(app: Flask, at: datetime) -> None:
    makers = [make_producer(f"HTX {n}", at=at) for n in range(TURNS + 1)]
    days = []
    for maker in makers:
        make_offer(f"Món {maker.name}", at=at, producer=maker)
        with transaction():
            days.append(give_turn(producer=maker.slug, by=BY, at=at).first_day)
    assert days == [*[TODAY] * TURNS, TODAY + timedelta(days=7)]


def test_a_year_of_turns_leaves_none(app: Flask, at: datetime) -> None:
    maker = make_producer("HTX Xa", at=at)
    make_offer(at=at, producer=maker)
    for n in range(TURNS):
        placed = make_placement(slug_of(make_offer(f"Món {n}", at=at)), at=at, days=360)
        with transaction():
            a_turn = {"last_day": TODAY + timedelta(days=900), "key": f"turn:{n}:x"}
            db.session.execute(update(Placement).where(Placement.id == placed.id).values(**a_turn))
    before = count_all()
    with pytest.raises(NoFreeTurn), transaction():
        give_turn(producer=maker.slug, by=BY, at=at)
    assert count_all() == before


def test_suggestions_by_their_parts(app: Flask, at: datetime) -> None:
    here, there = make_producer("HTX Đây", at=at), make_producer("HTX Kia", at=at, commune="03394")
    three = make_offer("Ba sao", at=at, producer=here, stars=3, stock=50)
    five = make_offer("Năm sao", at=at, producer=there, stars=5, stock=50)
    make_offer("Hết hàng", at=at, producer=there, stars=5, stock=0)
    make_offer("Chè", at=at, producer=there, stars=4, stock=10, set_code="I.5.a")
    make_order((three, 5), at=at)
    found = suggest(Place.FEATURED_ROW, at=at)
    told = {each.public.listing.name: dict(each.score.parts) for each in found}
    assert [each.public.listing.name for each in found] == ["Năm sao", "Ba sao", "Chè"]
    assert told["Năm sao"] == {"stars": 30, "newness": 20, "stock": 15, "district": 20, "sales": 0}
    assert told["Ba sao"] == {"stars": 10, "newness": 20, "stock": 14, "district": 20, "sales": 15}
    only = suggest(Place.FEATURED_ROW, at=at, sets=frozenset({"I.5.a"}))
    assert [each.public.listing.name for each in only] == ["Chè"]
    seen(make_placement(slug_of(three), at=at), 50, 0, at)
    again = {each.public.listing.name: each.score.district for each in suggest(Place.FEATURED_ROW, at=at)}
    assert again == {"Năm sao": 20, "Chè": 20}, "what is placed there is not suggested again"
    elsewhere = {each.public.listing.name: each.score.district for each in suggest(Place.HOME_BANNER, at=at)}
    assert elsewhere["Ba sao"] == 0
    assert five.listing_id


def test_a_week_given_meanwhile_is_not_given_again(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two officers found the same week free; the second looks again where nobody writes beside it."""
    maker = make_producer("HTX Xa", at=at)
    make_offer(at=at, producer=maker)
    with transaction():
        first = give_turn(producer=maker.slug, by=BY, at=at).first_day
    monkeypatch.setattr(promotion, "list_turns", lambda *_, **__: {})
    monkeypatch.setattr(promotion, "next_free", lambda *_: first)
    with pytest.raises(HasTurn), transaction():
        give_turn(producer=maker.slug, by=BY, at=at)
    assert db.session.scalar(select(func.count()).select_from(Placement)) == 1
