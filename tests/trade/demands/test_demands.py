"""Demands: every field checked, nothing impossible asked; opened, paused, closed, copied; who sees them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.product_sets import all_sets
from marketplace.shop.catalog.rules import Unit, season_of
from marketplace.trade.demands import rules
from marketplace.trade.demands.models import Criterion, Demand, DemandState
from marketplace.trade.demands.queries import (
    count_all,
    count_own,
    count_own_by_state,
    count_wanted,
    get_any,
    get_own,
    get_wanted,
    list_all,
    list_of_distributor,
    list_own,
    list_wanted,
)
from marketplace.trade.demands.services import (
    DemandClosed,
    NotNow,
    TooManyDemands,
    close_demand,
    close_for_office,
    copy_demand,
    open_demand,
    pause_demand,
    save_demand,
    terms_of,
    writing,
)
from marketplace.trade.distributors.models import DistributorKind
from marketplace.trade.distributors.services import suspend
from tests.builders import BY, make_user
from tests.conftest import TODAY
from tests.trading import distributor_of, make_demand, make_distributor, wish

DAY = timedelta(days=1)
WHOLE: dict[str, Any] = {
    "title": "Miến và bún",
    "note": "Sợi mộc.",
    "sets": ("I.3.b", "I.2.a"),
    "least_stars": 4,
    "papers": ("haccp", "food_safety"),
    "invoice": True,
    "barcode": True,
    "traceability": True,
    "unit": Unit.KILOGRAM,
    "volume_from": 100,
    "volume_until": 300,
    "price_ceiling": Money(90_000),
    "order_size": 50,
    "packagings": ("bag", "box"),
    "places": ("2025:03388", "before-2025:106"),
    "storages": ("ambient",),
    "transit_days": 3,
    "shelf_life_days": 180,
    "shelf_life_left": 66,
    "listing_fee": Money(0),
    "discount": 20,
    "payment_days": 30,
    "consignment": True,
    "exclusive": True,
    "season": season_of([11, 12, 1]),
    "insisted": frozenset(criterion.value for criterion in Criterion),
    "delivery_province_code": "01",
    "wanted_from": TODAY,
    "wanted_until": TODAY + 300 * DAY,
}


@pytest.fixture
def buyer(app: Flask, at: datetime) -> User:
    return make_distributor(at=at)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Demand)) or 0


def test_everything_a_demand_says_is_kept(buyer: User, at: datetime) -> None:
    demand = make_demand(buyer, at=at, opened=False, **WHOLE)
    again = get_own(demand.code, by=buyer.actor())
    said = terms_of(again)
    for name, value in WHOLE.items():
        expected = ("food_safety", "haccp") if name == "papers" else value  # papers in their own order
        assert getattr(said, name) == expected, name
    assert again.insisted == [criterion.value for criterion in Criterion]
    assert again.insists(Criterion.PRICE)
    assert (again.state, again.months) == (DemandState.DRAFT, frozenset({11, 12, 1}))
    with transaction():
        save_demand(terms=wish(at, "Chỉ miến"), code=demand.code, by=buyer.actor(), at=at)
    changed = get_own(demand.code, by=buyer.actor())
    assert (changed.title, changed.papers, changed.places, changed.insisted) == ("Chỉ miến", [], [], [])
    assert (count(), changed.delivery_province) == (1, None)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"sets": ()}, "sets"),
        ({"sets": ("I.9.z",)}, "sets"),
        ({"sets": ("VI.1", "I.3.b")}, "sets"),
        ({"sets": ("I.3.b", "IV.1")}, "unit"),
        ({"sets": ("II.2.a",)}, "unit"),
        ({"unit": Unit.LITRE}, "unit"),
        ({"unit": Unit.METRE}, "unit"),
        ({"unit": Unit.PERSON}, "unit"),
        ({"unit": None}, "unit"),
        ({"unit": None, "price_ceiling": Money(1000)}, "unit"),
        ({"least_stars": 2}, "least_stars"),
        ({"least_stars": 6}, "least_stars"),
        ({"papers": ("giay-la",)}, "papers"),
        ({"volume_from": None}, "volume_from"),
        ({"volume_from": 0}, "volume_from"),
        ({"volume_until": 99}, "volume_until"),
        ({"volume_until": 200, "order_size": 201}, "order_size"),
        ({"order_size": 0}, "order_size"),
        ({"price_ceiling": Money(0)}, "price_ceiling"),
        ({"packagings": ("tui-la",)}, "packagings"),
        ({"storages": ("gio",)}, "storages"),
        ({"places": ("2025:99999",)}, "places"),
        ({"places": ("03388",)}, "places"),
        ({"delivery_province_code": "98"}, "delivery_province_code"),
        ({"transit_days": 61}, "transit_days"),
        ({"shelf_life_days": 0}, "shelf_life_days"),
        ({"shelf_life_left": 101}, "shelf_life_left"),
        ({"shelf_life_left": 100, "transit_days": 1}, "shelf_life_left"),
        ({"listing_fee": Money(-1)}, "listing_fee"),
        ({"discount": 61}, "discount"),
        ({"payment_days": 181}, "payment_days"),
        ({"season": 4095}, "season"),
        ({"wanted_from": None}, "wanted_from"),
        ({"wanted_until": TODAY - DAY}, "wanted_until"),
        ({"wanted_from": TODAY + 9 * DAY, "wanted_until": TODAY + DAY}, "wanted_until"),
        ({"wanted_from": TODAY - 9 * DAY, "wanted_until": TODAY - DAY}, "wanted_until"),
        ({"season": season_of([6]), "wanted_until": date(2027, 5, 31)}, "season"),
        ({"insisted": frozenset({"price"})}, "hard_price"),
        ({"insisted": frozenset({"shelf_life"})}, "hard_shelf_life"),
        ({"insisted": frozenset({"places"})}, "hard_places"),
        ({"insisted": frozenset({"gi-do"})}, "insisted"),
    ],
)
def test_what_a_demand_may_not_say(buyer: User, at: datetime, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal, transaction():
        save_demand(terms=wish(at, **said), by=buyer.actor(), at=at)
    assert list(refusal.value.fields) == [field]
    assert count() == 0


def test_every_wrong_field_is_told_at_once(buyer: User, at: datetime) -> None:
    terms = wish(at, "", sets=(), volume_from=None, discount=99, places=("x:y",), delivery_province_code="98")
    with pytest.raises(Invalid) as refusal, transaction():
        save_demand(terms=terms, by=buyer.actor(), at=at)
    asked = {"title", "sets", "volume_from", "discount", "places", "delivery_province_code"}
    assert set(refusal.value.fields) == asked


def test_what_just_fits(buyer: User, at: datetime) -> None:
    june = {"season": season_of([6]), "wanted_until": date(2027, 6, 1)}
    long = {"season": season_of([10]), "wanted_until": date(2029, 1, 1)}
    for said in (june, long, {"volume_until": 100}, {"wanted_until": TODAY}, {"sets": ("IV.2",), "unit": Unit.METRE}):
        make_demand(buyer, at=at, **said)
    make_demand(buyer, at=at, volume_until=200, order_size=200, sets=("I.2.b", "II.2.b"), unit=Unit.LITRE)
    assert count() == 6


def test_units_and_usual_terms() -> None:
    goods = {known.code for known in all_sets() if not known.service}
    assert rules.measured_in(Unit.PIECE) == rules.measured_in(Unit.SET) == goods
    assert "II.1.a" not in rules.measured_in(Unit.KILOGRAM)
    assert {"I.4.a", "III.3"} <= rules.measured_in(Unit.LITRE)
    assert rules.in_base(2, Unit.KILOGRAM) == (2000, Unit.GRAM)
    assert rules.comparable(Unit.LITRE, Unit.MILLILITRE)
    assert not rules.comparable(Unit.LITRE, Unit.KILOGRAM)
    for kind in DistributorKind:
        usual = rules.usual_terms(kind)
        assert rules.known_papers(usual["papers"]) == usual["papers"], kind
        assert {Criterion(code) for code in usual["insisted"]}, kind
    assert rules.usual_terms(DistributorKind.OTHER)["least_stars"] == 3
    assert rules.usual_terms(DistributorKind.EXPORTER)["least_stars"] == 4
    with pytest.raises(KeyError):
        rules.wanted_paper("giay-la")


def test_the_way_of_a_demand(buyer: User, at: datetime) -> None:
    code = make_demand(buyer, at=at, opened=False).code
    by = buyer.actor()
    for verb, state in (
        (open_demand, DemandState.OPEN),
        (pause_demand, DemandState.PAUSED),
        (open_demand, DemandState.OPEN),
    ):
        with transaction():
            assert verb(code=code, by=by, at=at).state is state
    with pytest.raises(NotNow), transaction():
        open_demand(code=code, by=by, at=at)
    with pytest.raises(Invalid), transaction():
        close_demand(code=code, reason=" ", by=by, at=at)
    with transaction():
        close_demand(code=code, reason="Đã tìm được", by=by, at=at)
    for verb in (open_demand, pause_demand):
        with pytest.raises(NotNow), transaction():
            verb(code=code, by=by, at=at)
    with pytest.raises(DemandClosed), transaction():
        save_demand(terms=wish(at, "Khác"), code=code, by=by, at=at)
    demand = get_own(code, by=by)
    assert (demand.state, demand.closed_reason, demand.title) == (
        DemandState.CLOSED,
        "Đã tìm được",
        "Miến cho bảy cửa hàng",
    )
    acts = select(AuditEntry.action).where(AuditEntry.subject == code).order_by(AuditEntry.id)
    assert list(db.session.scalars(acts)) == [
        f"demand.{v}" for v in ["written", "opened", "paused", "resumed", "closed"]
    ]


def test_a_demand_past_its_day_does_not_open(buyer: User, at: datetime) -> None:
    code = make_demand(buyer, at=at, opened=False, wanted_until=TODAY).code
    with pytest.raises(Invalid) as refusal, transaction():
        open_demand(code=code, by=buyer.actor(), at=at + DAY)
    assert list(refusal.value.fields) == ["wanted_until"]
    assert get_own(code, by=buyer.actor()).state is DemandState.DRAFT


def test_a_copy_leaves_out_days_that_are_over(buyer: User, at: datetime) -> None:
    old = make_demand(buyer, at=at, **{**WHOLE, "wanted_until": TODAY + DAY})
    with transaction():
        copy = copy_demand(code=old.code, by=buyer.actor(), at=at + 9 * DAY)
    made = get_own(copy.code, by=buyer.actor())
    assert (made.state, made.wanted_from, made.wanted_until) == (DemandState.DRAFT, TODAY + 9 * DAY, None)
    assert (made.title, made.papers, made.insisted, made.code != old.code) == (
        old.title,
        old.papers,
        old.insisted,
        True,
    )
    with transaction():
        soon = copy_demand(code=old.code, by=buyer.actor(), at=at)
    assert soon.wanted_until == TODAY + DAY


def test_how_many_demands(buyer: User, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_DEMANDS", 1)
    first = make_demand(buyer, at=at)
    with pytest.raises(TooManyDemands), transaction():
        save_demand(terms=wish(at), by=buyer.actor(), at=at)
    with pytest.raises(TooManyDemands), transaction():
        copy_demand(code=first.code, by=buyer.actor(), at=at)
    with transaction():
        close_demand(code=first.code, reason="Thôi", by=buyer.actor(), at=at)
    make_demand(buyer, at=at)
    assert count() == 2


def test_whose_demands_they_are(buyer: User, at: datetime) -> None:
    code = make_demand(buyer, at=at).code
    other, producer = make_distributor("Hai", at=at), make_user(Role.PRODUCER, at=at)
    for verb in (open_demand, pause_demand, copy_demand):
        with pytest.raises(NotFound), transaction():
            verb(code=code, by=other.actor(), at=at)
        with pytest.raises(Forbidden), transaction():
            verb(code=code, by=producer.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        save_demand(terms=wish(at), by=producer.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        save_demand(terms=wish(at), code=code, by=other.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        close_for_office(code=code, reason="x", by=buyer.actor(), at=at)
    assert (list_own(by=other.actor()), list_own(by=producer.actor()), list_own(by=Actor())) == ([], [], [])
    assert (list_all(by=buyer.actor()), count_all(by=buyer.actor())) == ([], 0)
    with pytest.raises(NotFound):
        get_any(code, by=producer.actor())
    assert get_own(code, by=buyer.actor()).state is DemandState.OPEN


def test_what_producers_see(buyer: User, at: datetime) -> None:
    shown = make_demand(buyer, at=at, title="Miến dong", wanted_until=TODAY)
    make_demand(buyer, at=at, opened=False)
    paused = make_demand(buyer, at=at)
    with transaction():
        pause_demand(code=paused.code, by=buyer.actor(), at=at)
    waiting = make_demand(make_distributor("Chờ", at=at, verified=False), at=at)
    assert [d.code for d in list_wanted(on=TODAY)] == [shown.code]
    assert (count_wanted(on=TODAY), count_wanted(on=TODAY + DAY)) == (1, 0)  # its last day is over without a write
    assert get_wanted(shown.code, on=TODAY).distributor.organisation.name == "Siêu thị Núi"
    for code, on in ((waiting.code, TODAY), (paused.code, TODAY), (shown.code, TODAY + DAY)):
        with pytest.raises(NotFound):
            get_wanted(code, on=on)
        demand = get_any(code, by=BY)
        assert not demand.seen_on(on)
    assert get_any(shown.code, by=BY).seen_on(TODAY)
    assert make_demand(buyer, at=at, opened=False).seen_on(TODAY) is False
    own = distributor_of(buyer)
    with transaction():
        suspend(slug=own.organisation.slug, remark="x", seen=own.version, by=BY, at=at)
    assert list_wanted(on=TODAY) == []


def test_finding_demands(buyer: User, at: datetime) -> None:
    tea = make_demand(buyer, at=at, title="Chè Shan tuyết", sets=("I.5.a", "I.5.b"))
    noodles = make_demand(buyer, at=at + DAY, title="Sợi khô 100%", note="Không phẩm màu")
    found = {
        words: [d.code for d in list_wanted(on=TODAY, words=words)]
        for words in ("che", "CHÈ shan", "tea", "phẩm mau", "100%", "rượu")
    }
    assert found == {
        "che": [tea.code],
        "CHÈ shan": [tea.code],
        "tea": [tea.code],
        "phẩm mau": [noodles.code],
        "100%": [noodles.code],
        "rượu": [],
    }
    assert [d.code for d in list_wanted(on=TODAY, sets=["I.5.b"])] == [tea.code]
    assert [d.code for d in list_wanted(on=TODAY, sets=["I.5.b", "I.3.b"])] == [noodles.code, tea.code]
    assert (list_wanted(on=TODAY, sets=[]), count_wanted(on=TODAY, sets=["I.3"])) == ([], 0)
    assert [d.code for d in list_wanted(on=TODAY, page=2, per_page=1)] == [tea.code]


def test_the_office_sees_all_and_closes_one(buyer: User, at: datetime) -> None:
    officer = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    code = make_demand(buyer, at=at).code
    draft = make_demand(make_distributor("Chờ", at=at, verified=False), at=at, opened=False, sets=("I.5.a",))
    slug = distributor_of(buyer).organisation.slug
    assert {d.code for d in list_all(by=officer)} == {code, draft.code}
    assert [d.code for d in list_all(by=officer, state=DemandState.DRAFT)] == [draft.code]
    assert [d.code for d in list_all(by=officer, set_code="I.5.a")] == [draft.code]
    assert [d.code for d in list_all(by=officer, distributor=slug)] == [code]
    assert count_all(by=officer, state=DemandState.OPEN, distributor=slug) == 1
    assert [d.code for d in list_of_distributor(distributor_of(buyer).id)] == [code]
    with pytest.raises(Invalid), transaction():
        close_for_office(code=code, reason=" ", by=officer, at=at)
    with transaction():
        close_for_office(code=code, reason="Trùng nhu cầu", by=officer, at=at)
    with pytest.raises(NotNow), transaction():
        close_for_office(code=code, reason="Lần nữa", by=officer, at=at)
    assert get_any(code, by=officer).closed_reason == "Trùng nhu cầu"
    letter = select(OutgoingMail).where(OutgoingMail.key.like(f"demand:{code}%"))
    told = db.session.scalars(letter).one()
    assert (told.to_address, "Trùng nhu cầu" in told.text) == (buyer.email, True)
    assert count_own_by_state(by=buyer.actor()) == {"draft": 0, "open": 0, "paused": 0, "closed": 1}
    assert (count_own(by=buyer.actor()), count_own(by=buyer.actor(), state=DemandState.OPEN)) == (1, 0)
