"""Wholesale offers: checked, opened, paused; their facts on a day in as many queries for many as for few."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from marketplace.people.accounts.models import Role, User
from marketplace.people.papers.services import withdraw_paper
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import ListingState, Variant
from marketplace.shop.catalog.queries import get_variant
from marketplace.shop.catalog.rules import Packaging, Unit, season_of
from marketplace.shop.catalog.services import VariantFacts, add_variant, move_listing, retire_variant
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.pricing.services import set_tiers
from marketplace.trade.demands.models import Storage
from marketplace.trade.offers import rules
from marketplace.trade.offers.facts import facts_of, facts_of_open, facts_of_producer, place_code
from marketplace.trade.offers.models import OfferState, WholesaleOffer
from marketplace.trade.offers.queries import find_offer, list_supplied, offers_by_listing, supplied_sets
from marketplace.trade.offers.services import NotNow, NotSupplied, move_offer, save_offer
from tests.builders import BY, make_listing, make_offer, make_paper, make_producer, make_product, make_user
from tests.conftest import TODAY
from tests.trading import make_wholesale, supply

GTIN = "8936012345674"
DAY = timedelta(days=1)


@pytest.fixture
def maker(app: Flask, at: datetime) -> tuple[User, Producer]:
    user = make_user(Role.PRODUCER, at=at)
    return user, make_producer("Lò miến", at=at, user=user)


@pytest.fixture
def noodles(maker: tuple[User, Producer], at: datetime) -> Variant:
    return make_offer("Miến dong", at=at, producer=maker[1], price=50_000)


def slug_of(variant: Variant) -> str:
    return get_variant(variant.sku).listing.slug


def test_check_digits() -> None:
    for good in (GTIN, "96385074", "036000291452", "10036000291459"):
        assert rules.is_gtin(good), good
    for bad in ("", "8936012345672", "893601234568", "893601234567a", "٨٩٣٦٠١٢٣٤٥٦٧٤", "1" * 15):
        assert not rules.is_gtin(bad), bad


def test_contents_prices_and_months() -> None:
    assert rules.content_of(500, Unit.GRAM, Unit.KILOGRAM) == Fraction(1, 2)
    assert rules.content_of(2, Unit.KILOGRAM, Unit.KILOGRAM) == 2
    assert rules.content_of(6, Unit.PIECE, Unit.PIECE) == 6
    assert rules.content_of(500, Unit.GRAM, Unit.PIECE) == 1  # a pack is a piece
    assert rules.content_of(None, None, Unit.SET) == 1
    assert rules.content_of(6, Unit.PIECE, Unit.SET) is None
    assert rules.content_of(500, Unit.MILLILITRE, Unit.KILOGRAM) is None
    assert rules.price_of_one(Money(50_000), Fraction(1, 2)) == 100_000
    assert rules.price_of_one(Money(50_000), None) is None
    winter = season_of([12, 1])
    assert rules.year_of(7, winter) == [7, *[0] * 10, 7]
    assert rules.year_of(None, winter) == [0] * 12
    assert rules.same_each_month([7, *[0] * 10, 7], winter) == 7
    assert rules.same_each_month([7, *[0] * 10, 8], winter) is None
    assert rules.same_each_month([7, 1, *[0] * 9, 7], winter) is None


def test_an_offer_is_written_opened_paused(maker: tuple[User, Producer], noodles: Variant, at: datetime) -> None:
    user, slug = maker[0], slug_of(noodles)
    terms = supply(
        noodles.sku,
        committed=(50,) * 12,
        most_payment_days=30,
        most_discount=20,
        most_listing_fee=Money(2_000_000),
        consignment=True,
        exclusive=True,
        invoice=True,
        barcode=GTIN,
        traceability=True,
        channels=("shop", "supermarket"),
        first_time=False,
        storage=Storage.COOL,
        note=" Giao thùng ",
        note_en="By the carton",
    )
    with transaction():
        save_offer(slug=slug, terms=terms, by=user.actor(), at=at)
    offer = find_offer(noodles.listing_id)
    assert offer is not None
    assert (offer.state, offer.capacity, offer.committed, offer.channels) == (
        OfferState.DRAFT,
        [300] * 12,
        [50] * 12,
        ["supermarket", "shop"],
    )
    assert (offer.barcode, offer.note, offer.most_listing_fee, offer.storage) == (
        GTIN,
        "Giao thùng",
        Money(2_000_000),
        Storage.COOL,
    )
    for to in (OfferState.OPEN, OfferState.PAUSED, OfferState.OPEN):
        with transaction():
            assert move_offer(slug=slug, to=to, by=user.actor(), at=at).state is to
    with pytest.raises(NotNow), transaction():
        move_offer(slug=slug, to=OfferState.OPEN, by=user.actor(), at=at)
    with transaction():
        save_offer(slug=slug, terms=supply(noodles.sku), by=user.actor(), at=at)
    changed = offers_by_listing([noodles.listing_id])[noodles.listing_id]
    assert (changed.code, changed.state, changed.barcode) == (offer.code, OfferState.OPEN, "")
    assert db.session.scalar(select(func.count()).select_from(WholesaleOffer)) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"sku": "KHONG-CO"}, "sku"),
        ({"unit": None}, "unit"),
        ({"unit": Unit.LITRE}, "unit"),
        ({"unit": Unit.GRAM}, "unit"),
        ({"capacity": (300,) * 11}, "capacity"),
        ({"capacity": (-1, *(300,) * 11)}, "capacity_1"),
        ({"capacity": (0,) * 12}, "capacity"),
        ({"committed": (*(0,) * 11, 10**10)}, "committed_12"),
        ({"committed": (0, 301, *(0,) * 10)}, "committed_2"),
        ({"least_order": None}, "least_order"),
        ({"least_order": 0}, "least_order"),
        ({"lead_days": None}, "lead_days"),
        ({"lead_days": 121}, "lead_days"),
        ({"most_payment_days": 181}, "most_payment_days"),
        ({"most_discount": -1}, "most_discount"),
        ({"most_listing_fee": Money(-1)}, "most_listing_fee"),
        ({"barcode": "8936012345672"}, "barcode"),
        ({"channels": ("cho",)}, "channels"),
    ],
)
def test_what_an_offer_may_not_say(
    maker: tuple[User, Producer], noodles: Variant, at: datetime, said: dict[str, Any], field: str
) -> None:
    terms = supply(**{"sku": noodles.sku, **said})
    with pytest.raises(Invalid) as refusal, transaction():
        save_offer(slug=slug_of(noodles), terms=terms, by=maker[0].actor(), at=at)
    assert list(refusal.value.fields) == [field]
    assert find_offer(noodles.listing_id) is None


def test_what_may_be_offered_and_by_whom(maker: tuple[User, Producer], noodles: Variant, at: datetime) -> None:
    user, producer = maker
    stay, bed = make_listing(make_product(producer, "Ngủ bản", at=at, set_code="VI.1"), at=at, weight_g=None)
    draft, pack = make_listing(make_product(producer, "Nháp", at=at), at=at, state=ListingState.DRAFT)
    for listing, variant in ((stay, bed), (draft, pack)):
        with pytest.raises(NotSupplied), transaction():
            save_offer(slug=listing.slug, terms=supply(variant.sku), by=user.actor(), at=at)
    other = make_user(Role.PRODUCER, at=at)
    make_producer("Khác", at=at, user=other)
    slug = slug_of(noodles)
    with pytest.raises(NotFound), transaction():
        save_offer(slug=slug, terms=supply(noodles.sku), by=other.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        save_offer(slug=slug, terms=supply(noodles.sku), by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        move_offer(slug=slug, to=OfferState.OPEN, by=user.actor(), at=at)
    assert [listing.name for listing in list_supplied(by=user.actor())] == ["Miến dong", "Ngủ bản"]
    assert supplied_sets(by=user.actor()) == {"I.3.b", "VI.1"}
    assert (list_supplied(by=other.actor()), find_offer(noodles.listing_id)) == ([], None)


def test_the_facts_of_an_offer(maker: tuple[User, Producer], noodles: Variant, at: datetime) -> None:
    user, producer = maker
    tiers = (Tier(10, Money(45_000)), Tier(100, Money(40_000)))
    with transaction():
        set_tiers(sku=noodles.sku, tiers=tiers, by=user.actor(), at=at)
        boxed = VariantFacts(
            label="hộp", weight_g=1100, net_quantity=1, net_unit=Unit.KILOGRAM, packaging=Packaging.BOX
        )
        add_variant(listing_id=noodles.listing_id, sku="HOP-1", price=Money(99_000), facts=boxed, by=BY, at=at)
    offer = make_wholesale(user, noodles, at=at, committed=(100, 400 - 100, *(0,) * 10), barcode=GTIN)
    haccp = make_paper(user, "haccp", at=at, valid_until=TODAY)
    make_paper(user, "vietgap", at=at, valid_until=TODAY - DAY)
    gone = make_paper(user, "organic", at=at)
    with transaction():
        withdraw_paper(code=gone.code, by=user.actor(), at=at)
    (facts,) = facts_of([offer.id], on=TODAY)
    assert (facts.code, facts.listing_slug, facts.set_code, facts.producer_slug, facts.stars) == (
        offer.code,
        slug_of(noodles),
        "I.3.b",
        producer.slug,
        4,
    )
    assert (facts.retail, facts.tiers, facts.packagings) == (Money(50_000), tiers, frozenset({Packaging.BOX}))
    assert facts.places == {"2025:03390", "before-2025:106", "2025:12"}
    assert {place_code(producer.commune)} < facts.places
    assert (facts.months, facts.free[:3], facts.free_in(2)) == (frozenset(range(1, 13)), (200, 0, 300), 0)
    assert [(p.kind, p.code, p.valid_until) for p in facts.papers] == [("haccp", haccp.code, TODAY)]
    assert [p.kind for p in facts.lapsed_papers] == ["vietgap"]
    kilo, piece = Unit.KILOGRAM, Unit.PIECE
    prices = (facts.price_of(kilo), facts.price_of(kilo, 4), facts.price_of(kilo, 5), facts.price_of(kilo, 50))
    assert [int(price or 0) for price in prices] == [100_000, 100_000, 90_000, 80_000]
    assert (facts.price_of(piece, 10), facts.price_of(Unit.LITRE)) == (Fraction(45_000), None)
    assert facts_of_producer(producer.id, on=TODAY) == facts_of_open(on=TODAY) == [facts]


def test_facts_are_of_what_is_public(maker: tuple[User, Producer], noodles: Variant, at: datetime) -> None:
    user, producer = maker
    offer = make_wholesale(user, noodles, at=at, opened=False)
    assert [f.state for f in facts_of([offer.id], on=TODAY)] == [OfferState.DRAFT]
    assert facts_of_open(on=TODAY) == []
    assert facts_of([offer.id], on=TODAY + 1200 * DAY) == []  # the certificate is over
    with transaction():
        move_listing(slug=slug_of(noodles), to=ListingState.PAUSED, by=user.actor(), at=at)
    assert facts_of([offer.id], on=TODAY) == []
    with transaction():
        move_listing(slug=slug_of(noodles), to=ListingState.PUBLISHED, by=user.actor(), at=at)
        small = VariantFacts(label="nhỏ", weight_g=300, net_quantity=200, net_unit=Unit.GRAM)
        add_variant(listing_id=noodles.listing_id, sku="NHO-1", price=Money(20_000), facts=small, by=BY, at=at)
        retire_variant(sku=noodles.sku, by=user.actor(), at=at)
    assert facts_of_producer(producer.id, on=TODAY) == []  # what was supplied is no longer made


def test_many_offers_cost_as_many_queries_as_one(app: Flask, at: datetime) -> None:
    def asked() -> int:
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            facts_of_open(on=TODAY)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len([statement for statement in seen if statement.lstrip().upper().startswith("SELECT")])

    costs = []
    for n in range(5):
        user = make_user(Role.PRODUCER, at=at)
        variant = make_offer(f"Miến {n}", at=at, producer=make_producer(f"Lò {n}", at=at, user=user))
        make_wholesale(user, variant, at=at)
        make_paper(user, "haccp", at=at)
        db.session.expunge_all()
        costs.append(asked())
    assert costs == [4] * 5
