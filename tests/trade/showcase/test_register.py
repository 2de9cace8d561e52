"""The office keeps the register: what is said, hours, closed days, photographs, goods, pick-up; who may; the trail."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.places.queries import find_commune
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.models import Job
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.intake import take_in
from marketplace.platform.media.keeping import forget_unshown, put_picture
from marketplace.platform.media.models import KeptPicture
from marketplace.platform.media.rules import file_name
from marketplace.platform.media.services import FORGET_KEPT
from marketplace.platform.media.stores import NoSuchFile, media_store
from marketplace.shop.delivery.pickups import list_open_pickups
from marketplace.trade.showcase.models import PointState, ShowcasePoint
from marketplace.trade.showcase.queries import (
    PointsAsked,
    count_points,
    get_open,
    get_photo,
    get_point,
    goods_shown,
    list_open,
    list_points,
    list_showing,
    list_slugs,
    list_visits,
)
from marketplace.trade.showcase.rules import Span
from marketplace.trade.showcase.services import (
    NobodyKeepsIt,
    NotThisStep,
    PointFacts,
    VisitFacts,
    add_photo,
    change_point,
    close_on,
    drop_closure,
    drop_photo,
    move_point,
    put_on_display,
    record_visit,
    register_point,
    set_hours,
    set_pickup,
    take_off_display,
)
from marketplace.trade.showcase.services.placing import misplaced
from tests.builders import BY, make_certificate, make_listing, make_offer, make_producer, make_product, make_user
from tests.platform.media.drawing import photo, saved
from tests.showing import FACTS, make_keeper, make_point, show


def acts(subject: str) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.subject == subject).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def test_a_point_comes_into_the_directory(app: Flask, at: datetime) -> None:
    point = make_point(at=at, opened=False)
    assert (point.slug, point.state, list_open()) == ("diem-ocop-doan-ket", PointState.DRAFT, [])
    with pytest.raises(NotFound):
        get_open(point.slug)
    with transaction():
        move_point(slug=point.slug, to=PointState.OPEN, by=BY, at=at)
    assert [each.id for each in list_open()] == [point.id]
    assert [each.id for each in list_open(kind=point.kind)] == [point.id]
    assert get_open(point.slug).commune.code == "03390"
    assert list_slugs() == [point.slug]
    assert acts(point.slug) == ["showcase.registered", "showcase.hours", "showcase.open"]
    assert make_point(at=at, opened=False).slug == "diem-ocop-doan-ket-2"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"commune_code": "99999"}, {"commune_code"}),
        ({"longitude": None}, {"longitude"}),
        ({"latitude": 103.46, "longitude": 22.39}, {"latitude"}),
        ({"latitude": 10.0}, {"latitude"}),
        ({"latitude": float("nan")}, {"latitude"}),
        ({"latitude": 10.0, "commune_code": ""}, {"commune_code"}),
        ({"decided_on": date(2026, 11, 24)}, {"decided_on"}),
        ({"keeper": "nobody@example.com"}, {"keeper"}),
        ({"keeper": "reader@example.com", "commune_code": ""}, {"keeper", "commune_code"}),
    ],
)
def test_what_cannot_be_is_told_by_field(app: Flask, at: datetime, said: dict[str, object], wrong: set[str]) -> None:
    make_user(Role.BUYER, at=at, email="reader@example.com")
    facts = PointFacts(**{**vars(FACTS), **said})
    with pytest.raises(Invalid) as refused, transaction():
        register_point(facts=facts, by=BY, at=at)
    assert set(refused.value.fields) == wrong
    assert db.session.scalar(select(ShowcasePoint.id)) is None


def test_a_point_stands_near_its_commune(app: Flask, at: datetime) -> None:
    commune = find_commune("03390")
    assert commune is not None
    assert (commune.latitude, commune.longitude) == (22.3532, 103.678)
    assert misplaced(22.3532 + 0.3597, 103.678, commune) is None  # 40 km as near as makes no difference
    told = misplaced(22.3532 + 0.3598, 103.678, commune)
    assert told is not None
    assert told.facts == {"commune": "Xã Bình Lư", "km": 40}
    nowhere = AdministrativeUnit(name="Xã chưa rõ")
    assert (misplaced(10, 103.678, nowhere), misplaced(10, 103.678, None), misplaced(None, None, commune)) == (
        None,
    ) * 3
    slug = make_point(at=at).slug
    with pytest.raises(Invalid) as refused, transaction():
        change_point(slug=slug, facts=PointFacts(**{**vars(FACTS), "latitude": 10.0}), by=BY, at=at)
    assert refused.value.facts == {"commune": "Xã Bình Lư", "km": 1374}
    assert get_open(slug).latitude == 22.39


def test_nothing_opens_without_decision_hours_and_place(app: Flask, at: datetime) -> None:
    with transaction():
        slug = register_point(facts=PointFacts(**{**vars(FACTS), "decision_number": ""}), by=BY, at=at).slug
    for _ in range(2):
        with pytest.raises(Invalid), transaction():
            move_point(slug=slug, to=PointState.OPEN, by=BY, at=at)
        with transaction():
            change_point(slug=slug, facts=FACTS, by=BY, at=at)
    with transaction():
        set_hours(slug=slug, spans=[Span(0, time(8), time(17))], by=BY, at=at)
    with transaction():
        move_point(slug=slug, to=PointState.OPEN, by=BY, at=at)
    with pytest.raises(NotThisStep), transaction():
        move_point(slug=slug, to=PointState.OPEN, by=BY, at=at)
    with pytest.raises(Invalid), transaction():  # what is open stays whole
        change_point(slug=slug, facts=PointFacts(**{**vars(FACTS), "decision_number": ""}), by=BY, at=at)
    with pytest.raises(Invalid), transaction():
        set_hours(slug=slug, spans=[], by=BY, at=at)
    assert get_open(slug).decision_number == "118/QĐ-SCT"


def test_hours_that_run_into_each_other_are_refused(app: Flask, at: datetime) -> None:
    point = make_point(at=at)
    for spans in (
        [Span(0, time(8), time(12)), Span(0, time(11), time(17))],
        [Span(0, time(8), time(8))],
        [Span(n % 7, time(n), time(n, 30)) for n in range(22)],
    ):
        with pytest.raises(Invalid), transaction():
            set_hours(slug=point.slug, spans=spans, by=BY, at=at)
    assert len(get_point(point.slug, by=BY).hours) == 6


def test_days_off(app: Flask, at: datetime) -> None:
    point, day = make_point(at=at), at.date()
    with transaction():
        close_on(slug=point.slug, first_day=day, last_day=day + timedelta(days=2), reason=" Nghỉ  lễ ", by=BY, at=at)
    (closure,) = get_point(point.slug, by=BY).closures
    assert (closure.first_day, closure.last_day, closure.reason) == (day, day + timedelta(days=2), "Nghỉ lễ")
    for first, last, reason in (
        (day + timedelta(days=2), day, ""),
        (day - timedelta(days=9), day - timedelta(days=8), ""),
        (day, day, "x" * 201),
    ):
        with pytest.raises(Invalid), transaction():
            close_on(slug=point.slug, first_day=first, last_day=last, reason=reason, by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        drop_closure(slug=point.slug, code="DK00000000", by=BY, at=at)
    with transaction():
        drop_closure(slug=point.slug, code=closure.code, by=BY, at=at)
    assert get_point(point.slug, by=BY).closures == []
    assert acts(point.slug)[-2:] == ["showcase.closure", "showcase.closure_dropped"]


def test_photographs_come_and_go_with_their_files(app: Flask, at: datetime) -> None:
    point = make_point(at=at)
    made = put_picture(saved(photo(400, 400)), at=at)
    with transaction():
        add_photo(slug=point.slug, made=made, alt="Quầy trước", alt_en="The counter", by=BY, at=at)
    assert get_photo(point.id, made.name).alt == "Quầy trước"
    forget_unshown({"name": made.name}, at)  # the job that looks a day later leaves what is shown
    assert media_store().get(file_name(made.name, 320, "webp"))
    with pytest.raises(NotFound):
        get_photo(point.id, "other")
    for alt, alt_en in (("", ""), ("x" * 201, ""), ("x", "y" * 201)):
        with pytest.raises(Invalid), transaction():
            add_photo(slug=point.slug, made=take_in(saved(photo(330, 330))), alt=alt, alt_en=alt_en, by=BY, at=at)
    with transaction():
        drop_photo(slug=point.slug, name=made.name, by=BY, at=at)
    assert db.session.scalar(select(KeptPicture.id)) is None
    keys = list(db.session.scalars(select(Job.key).where(Job.name == FORGET_KEPT).order_by(Job.id)))
    assert keys == [f"{FORGET_KEPT}:{made.name}:put", f"{FORGET_KEPT}:{made.name}:drop"]
    forget_unshown({"name": made.name}, at)
    with pytest.raises(NoSuchFile):
        media_store().get(file_name(made.name, 320, "webp"))


def test_eight_photographs_are_enough(app: Flask, at: datetime) -> None:
    point = make_point(at=at)
    for n in range(8):
        with transaction():
            add_photo(slug=point.slug, made=take_in(saved(photo(330, 330))), alt=f"{n}", alt_en="", by=BY, at=at)
    with pytest.raises(Invalid) as refused, transaction():
        add_photo(slug=point.slug, made=take_in(saved(photo(330, 330))), alt="9", alt_en="", by=BY, at=at)
    assert set(refused.value.fields) == {"picture"}


def test_what_is_on_display_follows_the_public_rule(app: Flask, at: datetime) -> None:
    point, variant = make_point(at=at), make_offer(at=at)
    show(point, variant, at=at)
    show(point, variant, at=at)  # once more is no error
    assert [each.listing.id for each in goods_shown([point.id], on=at.date())[point.id]] == [variant.listing_id]
    assert [each.slug for each in list_showing(variant.listing_id)] == [point.slug]
    lapsed = date(2030, 1, 1)
    assert goods_shown([point.id], on=lapsed) == {}
    product = make_product(make_producer("Chưa giấy", at=at), at=at)
    hidden, _ = make_listing(product, at=at)
    for unknown in (hidden.slug, "khong-co", ""):
        with pytest.raises(Invalid), transaction():
            put_on_display(slug=point.slug, listing=unknown, by=BY, at=at)
    make_certificate(product, at=at)
    with transaction():
        address = f"https://cho.example/products/{hidden.slug}"
        put_on_display(slug=point.slug, listing=address, by=BY, at=at)
    with transaction():
        take_off_display(slug=point.slug, listing=hidden.slug, by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        take_off_display(slug=point.slug, listing=hidden.slug, by=BY, at=at)
    assert acts(point.slug)[-3:] == ["showcase.displayed", "showcase.displayed", "showcase.undisplayed"]


def test_orders_are_fetched_only_where_somebody_keeps_the_desk(app: Flask, at: datetime) -> None:
    alone = make_point(at=at)
    with pytest.raises(NobodyKeepsIt), transaction():
        set_pickup(slug=alone.slug, fee=Money(0), by=BY, at=at)
    with transaction():
        set_pickup(slug=alone.slug, fee=None, by=BY, at=at)  # it does not, and did not
    keeper = make_keeper(at=at)
    kept = make_point(at=at, keeper=keeper, pickup=5_000, name="Điểm chợ phiên")
    (pickup,) = list_open_pickups()
    assert (pickup.name, pickup.fee, pickup.page) == ("Điểm chợ phiên", Money(5_000), f"/showcase/{kept.slug}")
    with pytest.raises(Invalid), transaction():
        set_pickup(slug=kept.slug, fee=Money(2_000_000), by=BY, at=at)
    with pytest.raises(Invalid) as refused, transaction():
        change_point(slug=kept.slug, facts=FACTS, by=BY, at=at)
    assert set(refused.value.fields) == {"keeper"}
    with transaction():  # its pick-up point follows what is said of it
        facts = PointFacts(**{**vars(FACTS), "keeper": keeper.email, "name": "Điểm mới"})
        change_point(slug=kept.slug, facts=facts, by=BY, at=at)
    assert [(each.id, each.name, each.fee) for each in list_open_pickups()] == [(pickup.id, "Điểm mới", Money(5_000))]
    with transaction():
        set_pickup(slug=kept.slug, fee=None, by=BY, at=at)
    assert list_open_pickups() == []
    with transaction():  # and stays closed where it was closed
        change_point(slug=kept.slug, facts=facts, by=BY, at=at)
    assert list_open_pickups() == []
    with transaction():
        set_pickup(slug=kept.slug, fee=Money(0), by=BY, at=at)
    with transaction():
        move_point(slug=kept.slug, to=PointState.CLOSED, by=BY, at=at)
    assert (list_open_pickups(), [each.slug for each in list_open()]) == ([], [alone.slug])


def test_a_point_without_orders_just_closes(app: Flask, at: datetime) -> None:
    point = make_point(at=at)
    with transaction():
        move_point(slug=point.slug, to=PointState.CLOSED, by=BY, at=at)
    assert (list_open(), acts(point.slug)[-1]) == ([], "showcase.closed")


def test_a_visit_is_written_down(app: Flask, at: datetime) -> None:
    point = make_point(at=at, opened=False)
    officer = make_user(Role.COMMUNE_OFFICER, at=at).actor()
    with transaction():
        visit = record_visit(
            slug=point.slug, facts=VisitFacts(at.date(), " Lò Văn  A ", "Sạch", "Thêm giá"), by=officer, at=at
        )
    assert (visit.visitors, visit.findings, visit.advice) == ("Lò Văn A", "Sạch", "Thêm giá")
    tomorrow = at.date() + timedelta(days=1)
    for facts, field in (
        (VisitFacts(tomorrow, "A", "b"), "visited_on"),
        (VisitFacts(at.date(), " ", "b"), "visitors"),
        (VisitFacts(at.date(), "A", " "), "findings"),
    ):
        with pytest.raises(Invalid) as refused, transaction():
            record_visit(slug=point.slug, facts=facts, by=officer, at=at)
        assert set(refused.value.fields) == {field}
    shots = [take_document(saved(photo(330, 330)), f"{n}.jpg") for n in range(7)]
    facts = VisitFacts(at.date(), "A", "b")
    with pytest.raises(Invalid) as refused, transaction():
        record_visit(slug=point.slug, facts=facts, photos=shots, by=officer, at=at)
    assert set(refused.value.fields) == {"photos"}
    with transaction():
        record_visit(slug=point.slug, facts=facts, photos=shots[:6], by=officer, at=at)
    assert [len(each.photos) for each in list_visits(point.id)] == [6, 0]


def test_who_may(app: Flask, at: datetime) -> None:
    point = make_point(at=at)
    commune, other = (make_user(Role.COMMUNE_OFFICER, at=at, unit=unit) for unit in ("", "03394"))
    province, elsewhere = (make_user(Role.PROVINCE_OFFICER, at=at, unit=unit) for unit in ("", "14"))
    district, away = (make_user(Role.DISTRICT_OFFICER, at=at, unit=unit) for unit in ("", "110"))
    buyer = make_user(Role.BUYER, at=at).actor()
    officers = {"c": commune, "o": other, "d": district, "a": away, "p": province}
    assert {name: len(list_points(by=user.actor())) for name, user in officers.items()} == {
        "c": 1,
        "o": 0,
        "d": 1,
        "a": 0,
        "p": 1,
    }
    assert list_points(by=elsewhere.actor()) == list_points(by=buyer) == []
    assert point.decided_on is not None
    year, by = point.decided_on.year, province.actor()
    for asked, n in (
        (PointsAsked(point.state, year, "106"), 1),
        (PointsAsked(PointState.CLOSED), 0),
        (PointsAsked(year=year - 1), 0),
        (PointsAsked(district="110"), 0),
    ):
        assert len(list_points(by=by, asked=asked)) == count_points(by=by, asked=asked) == n
    for by in (commune.actor(), district.actor(), buyer):
        with pytest.raises(Forbidden), transaction():
            register_point(facts=FACTS, by=by, at=at)
        with pytest.raises(Forbidden), transaction():
            move_point(slug=point.slug, to=PointState.CLOSED, by=by, at=at)
    with pytest.raises(Forbidden), transaction():
        record_visit(slug=point.slug, facts=VisitFacts(at.date(), "A", "b"), by=buyer, at=at)
    with pytest.raises(NotFound), transaction():
        record_visit(slug=point.slug, facts=VisitFacts(at.date(), "A", "b"), by=other.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        move_point(slug=point.slug, to=PointState.CLOSED, by=elsewhere.actor(), at=at)
    assert get_open(point.slug).state is PointState.OPEN
