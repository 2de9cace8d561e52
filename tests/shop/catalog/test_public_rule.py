"""The one public query, and what keeps a listing."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.people.producers.services import suspend_producer, verify_producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import Change
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing, ListingState
from marketplace.shop.catalog.queries import (
    count_public_by_producer,
    get_listing,
    get_offer,
    get_public,
    get_variant,
    list_of_producer,
    list_public,
    list_public_of_producer,
    offers,
    variants_of,
)
from marketplace.shop.catalog.services import (
    ListedAlready,
    ListingTexts,
    StateChanged,
    add_variant,
    create_listing,
    move_listing,
    set_price,
)
from tests.builders import (
    BY,
    make_certificate,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    make_user,
    revoke_certificate,
)
from tests.conftest import TODAY

TEXTS = ListingTexts(name="Miến", art_seed="mien-1")


def public_slugs(on_days_from_now: int = 0) -> list[str]:
    ids = list(db.session.scalars(select(Listing.id).order_by(Listing.id)))
    return [p.listing.slug for p in list_public(ids, on=TODAY + timedelta(days=on_days_from_now))]


def test_certified_published_and_verified_is_public(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    slug = db.session.get_one(Listing, variant.listing_id).slug
    assert public_slugs() == [slug]
    found = get_public(slug, on=TODAY)
    assert (found.certificate.stars, found.producer.commune.name) == (4, "Xã Bình Lư")
    assert get_offer(variant.sku, on=TODAY).variant.id == variant.id


def test_a_lapse_needs_no_write(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    make_certificate(product, at=at, expires_on=TODAY)
    listing, variant = make_listing(product, at=at)
    changes = db.session.scalar(select(func.count()).select_from(Change))
    assert public_slugs(0) == [listing.slug]
    assert public_slugs(1) == []
    assert offers([variant.id], on=TODAY + timedelta(days=1)) == {}
    with pytest.raises(NotFound):
        get_public(listing.slug, on=TODAY + timedelta(days=1))
    assert db.session.scalar(select(func.count()).select_from(Change)) == changes


def test_a_revocation_takes_it_off_and_a_new_certificate_brings_it_back(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    certificate = make_certificate(product, at=at, days_ago=400)
    listing, _ = make_listing(product, at=at)
    revoke_certificate(certificate, at=at)
    assert public_slugs() == []
    make_certificate(product, at=at, stars=3, days_ago=0)
    assert [p.certificate.stars for p in list_public([listing.id], on=TODAY)] == [3]


@pytest.mark.parametrize("state", [ListingState.DRAFT, ListingState.PAUSED, ListingState.WITHDRAWN])
def test_only_published_is_public(app: Flask, at: datetime, state: ListingState) -> None:
    product = make_product(make_producer(at=at), at=at)
    make_certificate(product, at=at)
    listing, _ = make_listing(product, at=at, state=ListingState.DRAFT)
    if state is not ListingState.DRAFT:
        with transaction():
            move_listing(slug=listing.slug, to=ListingState.PUBLISHED, by=BY, at=at)
        with transaction():
            move_listing(slug=listing.slug, to=state, by=BY, at=at)
    assert public_slugs() == []


def test_without_a_certificate_nothing_is_public(app: Flask, at: datetime) -> None:
    make_listing(make_product(make_producer(at=at), at=at), at=at)
    assert public_slugs() == []


def test_an_unverified_producer_sells_nothing(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at, verified=False)
    variant = make_offer(at=at, producer=producer)
    assert public_slugs() == []
    with transaction():
        verify_producer(slug=producer.slug, by=BY, at=at)
    assert len(public_slugs()) == 1
    with transaction():
        suspend_producer(slug=producer.slug, by=BY, at=at)
    assert public_slugs() == []
    assert offers([variant.id], on=TODAY) == {}
    with pytest.raises(Forbidden), transaction():
        verify_producer(slug=producer.slug, by=Actor(user_id=1, role="producer"), at=at)


def test_a_set_without_a_cart_is_shown_and_not_sold(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at, set_code="VI.1")
    make_certificate(product, at=at)
    _, variant = make_listing(product, at=at, weight_g=None)
    assert len(public_slugs()) == 1
    with pytest.raises(NotFound):
        get_offer(variant.sku, on=TODAY)


def test_reading_by_producer(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    make_offer("Ba sao", at=at, producer=producer, stars=3)
    make_offer("Bốn sao", at=at, producer=producer, stars=4)
    assert [p.listing.name for p in list_public_of_producer(producer.id, on=TODAY)] == ["Bốn sao", "Ba sao"]
    assert count_public_by_producer([producer.id], on=TODAY) == {producer.id: 2}
    assert [listing.name for listing in list_of_producer(producer.organisation_id)] == ["Ba sao", "Bốn sao"]


def test_a_product_has_one_listing_by_those_who_keep_it(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    product = make_product(make_producer(at=at, user=user), at=at)
    other = make_user(Role.PRODUCER, at=at)
    with pytest.raises(Forbidden), transaction():
        create_listing(product_id=product.id, texts=TEXTS, by=other.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        create_listing(product_id=999_999, texts=TEXTS, by=BY, at=at)
    with transaction():
        create_listing(product_id=product.id, texts=TEXTS, by=user.actor(), at=at)
    with pytest.raises(ListedAlready), transaction():
        create_listing(product_id=product.id, texts=TEXTS, by=user.actor(), at=at)
    assert db.session.scalar(select(func.count()).select_from(Listing)) == 1


def test_variants_have_a_price_and_goods_a_weight(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    listing, _ = make_listing(product, at=at)
    for price, weight, field in ((0, 500, "price"), (1_000_000_001, 500, "price"), (1000, None, "weight_g")):
        with pytest.raises(Invalid) as refused, transaction():
            add_variant(listing_id=listing.id, sku="X", label="x", price=Money(price), weight_g=weight, by=BY, at=at)
        assert set(refused.value.fields) == {field}
    with pytest.raises(NotFound), transaction():
        add_variant(listing_id=999_999, sku="X", label="x", price=Money(1), weight_g=1, by=BY, at=at)
    assert len(variants_of([listing.id])[listing.id]) == 1


def test_a_producer_sets_own_prices_only(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer(at=at, user=user))
    other = make_user(Role.PRODUCER, at=at)
    with pytest.raises(NotFound), transaction():
        set_price(sku=variant.sku, price=Money(1), by=other.actor(), at=at)
    with pytest.raises(Invalid), transaction():
        set_price(sku=variant.sku, price=Money(0), by=user.actor(), at=at)
    assert get_variant(variant.sku).price == Money(50_000)
    with transaction():
        set_price(sku=variant.sku, price=Money(60_000), by=user.actor(), at=at)
    with transaction():
        set_price(sku=variant.sku, price=Money(60_000), by=user.actor(), at=at)
    assert get_variant(variant.sku).price == Money(60_000)
    with pytest.raises(NotFound):
        get_variant("NOPE")


def test_a_listing_moves_along_its_states(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer(at=at, user=user))
    slug = db.session.get_one(Listing, variant.listing_id).slug
    other = make_user(Role.PRODUCER, at=at)
    with pytest.raises(NotFound), transaction():
        move_listing(slug=slug, to=ListingState.PAUSED, by=other.actor(), at=at)
    with pytest.raises(StateChanged), transaction():
        move_listing(slug=slug, to=ListingState.PUBLISHED, by=user.actor(), at=at)
    with transaction():
        move_listing(slug=slug, to=ListingState.PAUSED, by=user.actor(), at=at)
    assert get_listing(slug).state is ListingState.PAUSED
    with pytest.raises(NotFound):
        get_listing("nope")
