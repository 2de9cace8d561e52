"""An edition is planned, changed, taken from step to step; its programme is released; a refusal changes nothing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.people.places.queries import find_commune
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.trade.fairs.models import Edition, EditionState, EditionStep, Fair, ProgrammeItem
from marketplace.trade.fairs.queries import (
    budget_of,
    count_editions,
    count_public,
    find_release,
    get_edition,
    get_item,
    get_public,
    list_budget,
    list_earlier,
    list_editions,
    list_fairs,
    list_programme,
    list_public,
    list_slugs,
    list_steps,
    released_programme,
)
from marketplace.trade.fairs.rules import OUTSIDE, Change, ChangeKind, Session, clashes, marks_of
from marketplace.trade.fairs.services import (
    NothingChanged,
    NotThisStep,
    PlanFixed,
    ZoneInUse,
    change_edition,
    drop_item,
    move,
    plan_edition,
    put_item,
    release_programme,
    set_budget,
    set_quotas,
    set_zones,
)
from marketplace.trade.fairs.services.steps import TooEarly, WindowOver
from tests.builders import BY
from tests.exhibiting import lay_booths
from tests.fairing import FAIR_DAY, OPENING, edition_facts, lead_to, make_edition, release, session_facts

STRANGER = Actor(user_id=1, name="An", role=Role.PRODUCER)


def test_a_plan_is_kept_as_said(app: Flask, at: datetime) -> None:
    said = edition_facts(
        title_en="Trial fair",
        sets=frozenset({"I.3.b", "III.1"} & {"I.3.b"}),
        latitude=22.4,
        longitude=103.4,
        ticket_price=Money(20_000),
        most_visitors=500,
        least_stars=4,
        about=" Có nhạc. ",
    )
    with transaction():
        code = plan_edition(facts=said, by=BY, at=at).code
        set_zones(code=code, zones=[("Khu A", "Zone A"), ("", ""), ("Khu B", "")], by=BY, at=at)
        set_quotas(code=code, quotas={"2025:03390": 2, OUTSIDE: 5}, by=BY, at=at)
        set_budget(code=code, lines=[("Thuê nhà bạt", Money(9_000), Money(0))], by=BY, at=at)
    kept = get_edition(code)
    assert (kept.state, kept.number, kept.slug) == (EditionState.DRAFT, 1, "hoi-cho-ocop-thu")
    assert (kept.title_en, kept.about, kept.least_stars) == ("Trial fair", "Có nhạc.", 4)
    assert (kept.ticket_price, kept.most_visitors, kept.latitude) == (Money(20_000), 500, 22.4)
    assert [each.set_code for each in kept.sets] == ["I.3.b"]
    assert [(zone.number, zone.name, zone.name_en) for zone in kept.zones] == [(0, "Khu A", "Zone A"), (1, "Khu B", "")]
    assert {quota.place: quota.most for quota in kept.quotas} == {"2025:03390": 2, OUTSIDE: 5}
    assert budget_of(list_budget(kept.id)) == (Money(9_000), Money(0))
    with pytest.raises(NotFound):
        get_public(kept.slug)
    assert (list_public(on=FAIR_DAY, over=False), list_slugs()) == ([], [])


def test_editions_of_a_series(app: Flask, at: datetime) -> None:
    first = make_edition(at=at)
    second = make_edition(at=at, series=first.fair.code)
    other = make_edition(at=at, title="Phiên chợ khác")
    assert (second.number, second.slug, other.number) == (2, "hoi-cho-ocop-thu-2", 1)
    assert [each.code for each in list_earlier(second)] == [first.code]
    assert [fair.name for fair in list_fairs()] == ["Hội chợ OCOP thử", "Phiên chợ khác"]
    assert (count_editions(), len(list_editions(page=1, per_page=2)), len(list_editions(page=2, per_page=2))) == (
        3,
        2,
        1,
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "Hội"}, "title"),
        ({"venue": " "}, "venue"),
        ({"last_day": date(2026, 12, 17)}, "last_day"),
        ({"last_day": date(2027, 12, 17)}, "last_day"),
        ({"closes": time(8)}, "closes"),
        ({"first_day": date(2026, 11, 23), "last_day": date(2026, 11, 24)}, "first_day"),
        ({"first_day": date.max, "last_day": date.max}, "first_day"),
        ({"first_day": date.min}, "first_day"),
        ({"applications_from": datetime.min.replace(tzinfo=VIETNAM)}, "applications_from"),
        ({"applications_until": datetime.max.replace(tzinfo=VIETNAM)}, "applications_until"),
        ({"applications_until": datetime(2026, 11, 1, tzinfo=UTC)}, "applications_until"),
        ({"applications_until": datetime(2026, 12, 18, tzinfo=UTC)}, "applications_until"),
        ({"sets": frozenset({"IX"})}, "sets"),
        ({"least_stars": 2}, "least_stars"),
        ({"answer_days": 0}, "answer_days"),
        ({"most_visitors": 0}, "most_visitors"),
        ({"ticket_price": Money(-1)}, "ticket_price"),
        ({"latitude": 22.0}, "longitude"),
        ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
        ({"series": "CHKHONG"}, "series"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(
    app: Flask, at: datetime, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as told, transaction():
        plan_edition(facts=edition_facts(**said), by=BY, at=at)
    assert field in told.value.fields
    assert (count_editions(), db.session.scalar(select(func.count()).select_from(Fair))) == (0, 0)


def test_only_the_office_plans(app: Flask, at: datetime) -> None:
    code = make_edition(at=at).code
    for act in (
        lambda: plan_edition(facts=edition_facts(), by=STRANGER, at=at),
        lambda: change_edition(code=code, facts=edition_facts(title="Tên khác"), by=STRANGER, at=at),
        lambda: set_budget(code=code, lines=[], by=STRANGER, at=at),
        lambda: put_item(code=code, facts=session_facts(), by=STRANGER, at=at),
        lambda: move(code=code, to=EditionState.SELECTION, by=STRANGER, at=at),
    ):
        with pytest.raises(Forbidden), transaction():
            act()
    assert (count_editions(), get_edition(code).state, get_edition(code).title) == (
        1,
        EditionState.OPEN,
        "Hội chợ OCOP thử",
    )


def test_a_known_edition_may_change_but_not_once_places_are_given(app: Flask, at: datetime) -> None:
    code = make_edition(at=at).code
    later = at + timedelta(days=30)  # its days lie behind; what was announced may still be corrected
    with transaction():
        change_edition(code=code, facts=edition_facts(title="Hội chợ đổi tên"), by=BY, at=later)
    kept = get_edition(code)
    assert (kept.title, kept.slug) == ("Hội chợ đổi tên", "hoi-cho-ocop-thu")
    lead_to(code, EditionState.ALLOCATED, at=at)
    for act in (
        lambda: change_edition(code=code, facts=edition_facts(), by=BY, at=at),
        lambda: set_zones(code=code, zones=[], by=BY, at=at),
        lambda: set_quotas(code=code, quotas={}, by=BY, at=at),
    ):
        with pytest.raises(PlanFixed), transaction():
            act()
    assert get_edition(code).title == "Hội chợ đổi tên"


def test_zones_change_places_and_names(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, zones=("Khu A", "Khu B", "Khu C"))
    first = edition.zones[0].id
    with transaction():
        set_zones(code=edition.code, zones=[("Khu B", ""), ("Khu A", "")], by=BY, at=at)
    kept = get_edition(edition.code).zones
    assert [(zone.id == first, zone.name) for zone in kept] == [(True, "Khu B"), (False, "Khu A")]
    with pytest.raises(Invalid), transaction():
        set_zones(code=edition.code, zones=[("Khu A", ""), ("Khu A", "")], by=BY, at=at)


@pytest.mark.parametrize("quotas", [{"2025:99999": 1}, {"2025:03390": -1}, {OUTSIDE: 2001}])
def test_a_quota_of_no_place_or_no_sense(app: Flask, at: datetime, quotas: dict[str, int]) -> None:
    edition = make_edition(at=at, quotas={OUTSIDE: 3})
    with pytest.raises(Invalid), transaction():
        set_quotas(code=edition.code, quotas=quotas, by=BY, at=at)
    assert [(quota.place, quota.most) for quota in get_edition(edition.code).quotas] == [(OUTSIDE, 3)]


def test_places_a_producer_counts_in(app: Flask) -> None:
    commune = find_commune("03390")
    assert commune is not None
    assert commune.former_district is not None
    assert marks_of(commune, province_code="12") == ("2025:03390", f"before-2025:{commune.former_district.code}")
    assert marks_of(commune, province_code="01") == (OUTSIDE,)
    commune.former_district = None
    assert marks_of(commune, province_code="12") == ("2025:03390",)
    commune.parent = None
    assert marks_of(commune, province_code="12") == (OUTSIDE,)


@pytest.mark.parametrize(
    "line", [("", Money(1), Money(0)), ("Quà", Money(-1), Money(0)), ("Quà", Money(0), Money(10**13))]
)
def test_a_budget_line_of_no_sense(app: Flask, at: datetime, line: tuple[str, Money, Money]) -> None:
    edition = make_edition(at=at)
    with pytest.raises(Invalid), transaction():
        set_budget(code=edition.code, lines=[line], by=BY, at=at)
    assert list_budget(edition.id) == []


def test_the_budget_stands_once_the_report_is_given(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.CLOSED)
    with transaction():
        set_budget(code=edition.code, lines=[("Nhà bạt", Money(5), Money(4))], by=BY, at=at)
        move(code=edition.code, to=EditionState.REPORTED, by=BY, at=at)
    with pytest.raises(PlanFixed), transaction():
        set_budget(code=edition.code, lines=[], by=BY, at=at)
    assert budget_of(list_budget(edition.id)) == (Money(5), Money(4))


def test_the_road_of_an_edition(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.DRAFT)
    assert not edition.open_to_applications(at)
    lead_to(edition.code, EditionState.CLOSED, at=at)
    steps = [(step.left, step.entered) for step in reversed(list_steps(edition.id))]
    assert steps == [
        (EditionState.DRAFT, EditionState.OPEN),
        (EditionState.OPEN, EditionState.SELECTION),
        (EditionState.SELECTION, EditionState.ALLOCATED),
        (EditionState.ALLOCATED, EditionState.RUNNING),
        (EditionState.RUNNING, EditionState.CLOSED),
    ]
    assert [each.code for each in list_public(on=date(2026, 12, 21), over=True)] == [edition.code]
    assert (count_public(on=FAIR_DAY, over=False), count_public(on=FAIR_DAY, over=True)) == (1, 0)


@pytest.mark.parametrize(
    ("state", "to", "refusal"),
    [
        (EditionState.DRAFT, EditionState.SELECTION, NotThisStep),
        (EditionState.SELECTION, EditionState.ALLOCATED, NotThisStep),  # placing exhibitors does that
        (EditionState.ALLOCATED, EditionState.RUNNING, TooEarly),
        (EditionState.RUNNING, EditionState.CANCELLED, NotThisStep),
        (EditionState.CLOSED, EditionState.OPEN, NotThisStep),
        (EditionState.OPEN, EditionState.CANCELLED, Invalid),  # without a reason
    ],
)
def test_a_step_that_cannot_be_taken(
    app: Flask, at: datetime, state: EditionState, to: EditionState, refusal: type[Exception]
) -> None:
    edition = make_edition(at=at, state=state)
    taken = db.session.scalar(select(func.count()).select_from(EditionStep))
    with pytest.raises(refusal), transaction():
        move(
            code=edition.code,
            to=to,
            note="x" if to is EditionState.CANCELLED and refusal is NotThisStep else "",
            by=BY,
            at=at,
        )
    assert get_edition(edition.code).state is state
    assert db.session.scalar(select(func.count()).select_from(EditionStep)) == taken


def test_nobody_is_invited_after_the_last_day(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.DRAFT)
    late = datetime(2026, 12, 6, tzinfo=UTC)
    with pytest.raises(WindowOver), transaction():
        move(code=edition.code, to=EditionState.OPEN, by=BY, at=late)
    assert get_edition(edition.code).state is EditionState.DRAFT


def test_cancelled_with_its_reason(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    assert edition.open_to_applications(at)
    with transaction():
        move(code=edition.code, to=EditionState.CANCELLED, note=" Bão số 9 ", by=BY, at=at)
    assert list_steps(edition.id)[0].note == "Bão số 9"
    assert get_public(edition.slug).state is EditionState.CANCELLED
    assert list_public(on=date(2027, 1, 1), over=True) == []


def test_a_programme_is_seen_once_released_and_says_what_changed(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    assert released_programme(edition.id) == []
    opening, talk = release(
        edition.code,
        session_facts(),
        session_facts(
            title="Nói chuyện chè",
            place="Nhà sàn",
            seats=30,
            starts_at=OPENING + timedelta(hours=2),
            ends_at=OPENING + timedelta(hours=3),
        ),
        at=at,
    )
    assert [(each.code, each.title, each.seats) for each in released_programme(edition.id)] == [
        (opening, "Khai mạc", None),
        (talk, "Nói chuyện chè", 30),
    ]
    with pytest.raises(NothingChanged), transaction():
        release_programme(code=edition.code, by=BY, at=at)
    with transaction():
        put_item(code=edition.code, item=opening, facts=session_facts(place="Cổng chính"), by=BY, at=at)
        drop_item(code=edition.code, item=talk, by=BY, at=at)
        new = put_item(code=edition.code, facts=session_facts(title="Múa xòe"), by=BY, at=at).code
    assert len(released_programme(edition.id)) == 2
    with transaction():
        release_programme(code=edition.code, by=BY, at=at)
    newest = find_release(edition.id)
    assert newest is not None
    assert (newest.number, newest.changes) == (
        2,
        [
            {"code": opening, "title": "Khai mạc", "kind": "moved"},
            {"code": new, "title": "Múa xòe", "kind": "new"},
            {"code": talk, "title": "Nói chuyện chè", "kind": "gone"},
        ],
    )
    with transaction():
        put_item(code=edition.code, item=new, facts=session_facts(title="Múa xòe lớn"), by=BY, at=at)
        release_programme(code=edition.code, by=BY, at=at)
    third = find_release(edition.id)
    assert third is not None
    assert third.changes == [{"code": new, "title": "Múa xòe lớn", "kind": "reworded"}]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "x"}, "title"),
        ({"place": ""}, "place"),
        ({"ends_at": OPENING}, "ends_at"),
        ({"starts_at": OPENING - timedelta(days=1)}, "starts_at"),
        ({"ends_at": OPENING + timedelta(days=9)}, "starts_at"),
        ({"seats": 0}, "seats"),
    ],
)
def test_an_item_that_makes_no_sense(app: Flask, at: datetime, said: dict[str, Any], field: str) -> None:
    edition = make_edition(at=at)
    with pytest.raises(Invalid) as told, transaction():
        put_item(code=edition.code, facts=session_facts(**said), by=BY, at=at)
    assert field in told.value.fields
    assert list_programme(edition.id) == []


def test_a_programme_has_an_end(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.trade.fairs.services.programme.MOST_ITEMS", 1)
    edition = make_edition(at=at)
    release(edition.code, at=at)
    with pytest.raises(Invalid), transaction():
        put_item(code=edition.code, facts=session_facts(), by=BY, at=at)
    assert db.session.scalar(select(func.count()).select_from(ProgrammeItem)) == 1


def test_the_programme_of_a_fair_that_is_over_stays(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.CLOSED)
    with pytest.raises(PlanFixed), transaction():
        put_item(code=edition.code, facts=session_facts(), by=BY, at=at)
    with pytest.raises(NotFound):
        get_item(edition.code, "TRKHONG")
    assert db.session.scalar(select(func.count()).select_from(Edition)) == 1


def test_clashes_are_of_one_place_or_one_speaker() -> None:
    def item(code: str, place: str, hour: int, speaker: str = "") -> Session:
        starts = datetime(2026, 12, 18, hour, tzinfo=UTC)
        return Session(code, code, "", "", "", place, speaker, starts, starts + timedelta(minutes=90), None)

    stage, also, later = item("a", "Sân khấu", 1), item("b", "Sân khấu", 2), item("c", "Sân khấu", 4)
    one, two = item("d", "Nhà A", 1, "Bà Mẩy"), item("e", "Nhà B", 2, "Bà Mẩy")
    assert clashes([later, also, stage]) == [(stage, also)]
    assert clashes([one, two]) == [(one, two)]
    assert clashes([stage, item("f", "Nhà A", 2)]) == []
    assert Session.from_json(stage.to_json()) == stage
    assert Change("a", "a", ChangeKind.NEW).kind is ChangeKind.NEW


def test_a_zone_with_booths_stays(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, zones=("Khu A", "Khu B"))
    lay_booths(edition, {"zone": 1})
    with pytest.raises(ZoneInUse), transaction():
        set_zones(code=edition.code, zones=[("Khu mới", "")], by=BY, at=at)
    assert [zone.name for zone in get_edition(edition.code).zones] == ["Khu A", "Khu B"]
