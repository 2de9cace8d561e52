"""Rest until a day, capacity, how far goods may travel; a page copied to another product."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.clock import midnight
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.baskets.rules import Trouble
from marketplace.shop.baskets.services import add_to_basket
from marketplace.shop.bookings.services import Asked, ask
from marketplace.shop.catalog.models import Listing, ListingPicture, ListingState, Variant
from marketplace.shop.catalog.queries import (
    get_kept,
    get_offer,
    get_public,
    list_pictures,
    offers,
    resting,
    variants_of,
)
from marketplace.shop.catalog.rules import Unit, season_begins, season_of
from marketplace.shop.catalog.services import (
    ListedAlready,
    NotResting,
    SellingTerms,
    duplicate_listing,
    rest_listing,
    save_terms,
    wake_listing,
)
from marketplace.shop.checkout.services import ReviewChanged, place_order
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.search.queries import documents_of
from tests.builders import (
    BY,
    fill_basket,
    make_certificate,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    make_user,
    start_checkout,
)
from tests.conftest import TODAY
from tests.shop.catalog.test_keeping import pictured

BACK = TODAY + timedelta(days=40)


def listing_of(variant: Variant) -> Listing:
    return db.session.get_one(Listing, variant.listing_id)


def rest(slug: str, at: datetime, back_on: date = BACK) -> None:
    with transaction():
        rest_listing(slug=slug, back_on=back_on, by=BY, at=at)


@pytest.mark.parametrize(
    ("months", "day", "begins"),
    [
        ([], date(2026, 11, 25), None),
        ([11, 12], date(2026, 11, 25), None),
        ([1, 2], date(2026, 11, 25), date(2027, 1, 1)),
        ([12], date(2026, 11, 25), date(2026, 12, 1)),
        ([9, 10], date(2026, 11, 25), date(2027, 9, 1)),
    ],
)
def test_a_season_begins_on_its_first_day(months: list[int], day: date, begins: date | None) -> None:
    assert season_begins(season_of(months), day) == begins


def test_what_rests_is_shown_and_not_sold_until_its_day_without_a_write(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    slug = listing_of(variant).slug
    token = fill_basket((variant, 1), at=at)
    key, fingerprint = start_checkout(token, at=at)
    rest(slug, at)
    assert get_public(slug, on=TODAY).listing.slug == slug
    for day, sold in ((TODAY, False), (BACK - timedelta(days=1), False), (BACK, True)):
        assert (variant.id in offers([variant.id], on=day)) is sold
        assert resting([variant.id], on=day) == ({} if sold else {variant.id: BACK})
        (line,) = [*contents(find_basket(token, by=GUEST), at=midnight(day)).gone] or contents(
            find_basket(token, by=GUEST), at=midnight(day)
        ).lines
        assert (line.trouble, line.back_on) == ((None, None) if sold else (Trouble.RESTING, BACK))
    with pytest.raises(NotFound):
        get_offer(variant.sku, on=TODAY)
    with pytest.raises(NotFound), transaction():
        add_to_basket(token=token, sku=variant.sku, quantity=1, by=GUEST, at=at)
    with pytest.raises(ReviewChanged), transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    assert on_hand([variant.id]) == {variant.id: 10}


def test_the_index_knows_the_day(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    listing = listing_of(variant)
    (whole,) = documents_of([listing.id], at=at)[listing.id]
    rest(listing.slug, at)
    found = [(d.first, d.last, d.available) for d in documents_of([listing.id], at=at)[listing.id]]
    assert found == [(whole.first, BACK - timedelta(days=1), False), (BACK, whole.last, True)]
    (after,) = documents_of([listing.id], at=midnight(BACK))[listing.id][-1:]
    assert after.available
    with transaction():
        db.session.execute(update(Listing).values(back_on=whole.last + timedelta(days=9)))
    assert [d.available for d in documents_of([listing.id], at=at)[listing.id]] == [False]
    with transaction():
        db.session.execute(update(Listing).values(back_on=whole.first))
    assert documents_of([listing.id], at=at)[listing.id] == [whole]


def test_only_what_was_shown_rests_and_wakes(app: Flask, at: datetime) -> None:
    listing = listing_of(make_offer(at=at))
    for day in (TODAY, TODAY + timedelta(days=401)):
        with pytest.raises(Invalid) as refused:
            rest(listing.slug, at, day)
        assert list(refused.value.fields) == ["back_on"]
    with pytest.raises(NotResting), transaction():
        wake_listing(slug=listing.slug, by=BY, at=at)
    rest(listing.slug, at)
    with transaction():
        wake_listing(slug=listing.slug, by=BY, at=at)
    assert get_kept(listing.slug, by=BY).back_on is None
    draft, _ = make_listing(make_product(make_producer("Nháp", at=at), at=at), at=at, state=ListingState.DRAFT)
    with pytest.raises(NotResting):
        rest(draft.slug, at)


def test_a_stay_that_rests_takes_guests_from_its_day(app: Flask, at: datetime) -> None:
    product = make_product(make_producer("Bản", at=at), "Ngủ bản", at=at, set_code="VI.1")
    make_certificate(product, at=at)
    stay, bed = make_listing(product, at=at, weight_g=None)
    rest(stay.slug, at)

    def wish(key: str, day: date) -> None:
        asked = Asked(stay.slug, "An", "+84912345678", "a@example.com", "", bed.sku, day, None, 2)
        with transaction():
            ask(key=key, asked=asked, by=GUEST, at=at)

    with pytest.raises(Invalid) as refused:
        wish("a", BACK - timedelta(days=1))
    assert (list(refused.value.fields), refused.value.facts) == (["starts_on"], {"day": f"{BACK:%d/%m/%Y}"})
    wish("b", BACK)


def test_terms_are_facts_and_checked(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    listing, _ = make_listing(make_product(make_producer("Lò", at=at, user=user), at=at), at=at)

    def save(**terms: object) -> None:
        with transaction():
            save_terms(slug=listing.slug, terms=SellingTerms(**terms), by=user.actor(), at=at)  # type: ignore[arg-type] # typed wrong on purpose

    for terms, field in (
        ({"capacity_per_month": 5}, "capacity_per_month"),
        ({"capacity_per_month": 0, "capacity_unit": Unit.GRAM}, "capacity_per_month"),
        ({"max_transit_days": 61}, "max_transit_days"),
        ({"delivery_radius_km": 3001}, "delivery_radius_km"),
    ):
        with pytest.raises(Invalid) as refused:
            save(**terms)
        assert list(refused.value.fields) == [field]
    save(capacity_per_month=300, capacity_unit=Unit.KILOGRAM, max_transit_days=2, delivery_radius_km=100)
    found = get_kept(listing.slug, by=BY)
    assert (found.capacity_per_month, found.capacity_unit, found.max_transit_days, found.delivery_radius_km) == (
        300,
        Unit.KILOGRAM,
        2,
        100,
    )
    save()
    assert get_kept(listing.slug, by=BY).capacity_unit is None
    stay, _ = make_listing(make_product(make_producer("Bản", at=at), at=at, set_code="VI.1"), at=at, weight_g=None)
    with pytest.raises(Invalid), transaction():
        save_terms(slug=stay.slug, terms=SellingTerms(delivery_radius_km=9), by=BY, at=at)
    for values in (
        {"capacity_per_month": 0, "capacity_unit": "g"},
        {"capacity_per_month": 5},
        {"max_transit_days": 0},
        {"delivery_radius_km": 0},
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(update(Listing).values(**values))


def test_a_page_is_copied_to_a_product_that_has_none(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer("Lò", at=at, user=user)
    by = user.actor()
    listing, variant = make_listing(make_product(producer, at=at), at=at, description="Chuyện.")
    picture = pictured(listing, at)
    pictured(listing, at, width=400)
    other = make_product(producer, "Miến đen", at=at)
    with transaction():
        made = duplicate_listing(
            slug=listing.slug, product_code=other.code, pictures={picture.name: "0" * 32 + "-320"}, by=by, at=at
        )
    made = get_kept(made.slug, by=by)
    assert (made.name, made.description, made.state, made.ingredients) == (
        "Miến đen",
        "Chuyện.",
        ListingState.DRAFT,
        "Thử",
    )
    assert [(p.name, p.alt) for p in list_pictures(made.id)] == [("0" * 32 + "-320", "Miến")]
    (sold,) = variants_of([made.id])[made.id]
    assert (sold.label, sold.price, sold.net_quantity, sold.sku == variant.sku) == ("gói", variant.price, 500, False)
    assert on_hand([sold.id]) == {}
    assert len(list_pictures(listing.id)) == 2
    before = [db.session.scalar(select(func.count()).select_from(t)) for t in (Listing, Variant, ListingPicture)]
    stay = make_product(producer, "Ngủ", at=at, set_code="VI.1")
    foreign = make_product(make_producer("Khác", at=at), "Bún", at=at)
    for code, by_, error in (
        (other.code, by, ListedAlready),
        (foreign.code, by, NotFound),
        ("KHONG", by, NotFound),
        (stay.code, by, Invalid),
        (other.code, GUEST, NotFound),
    ):
        with pytest.raises(error), transaction():
            duplicate_listing(slug=listing.slug, product_code=code, pictures={}, by=by_, at=at)
    after = [db.session.scalar(select(func.count()).select_from(t)) for t in (Listing, Variant, ListingPicture)]
    assert after == before


def test_only_what_the_other_set_asks_is_copied(app: Flask, at: datetime) -> None:
    producer = make_producer("Lò", at=at)
    herb, _ = make_listing(make_product(producer, "Cao", at=at, set_code="III.1"), at=at)
    baskets, herbs = (make_product(producer, f"Khác {n}", at=at, set_code=n) for n in ("IV.1", "III.1"))
    with transaction():
        woven = duplicate_listing(slug=herb.slug, product_code=baskets.code, pictures={}, by=BY, at=at)
        brewed = duplicate_listing(slug=herb.slug, product_code=herbs.code, pictures={}, by=BY, at=at)
    assert ("usage" in get_kept(woven.slug, by=BY).facts, get_kept(woven.slug, by=BY).declared_kind) == (False, None)
    assert get_kept(brewed.slug, by=BY).declared_kind == "herb"
