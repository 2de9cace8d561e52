"""The demonstration's texts, read without a database: whole, each its own, in both languages, true to the label law."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from marketplace.faces.cli.demo.texts import DemoCertificate, DemoListing, listings, producers
from marketplace.people import places
from marketplace.people.producers.models import ProducerKind
from marketplace.platform.core.folding import nfc, slugify
from marketplace.registry.certification.product_sets import all_sets
from marketplace.registry.certification.rules import EXPIRING_DAYS
from marketplace.shop.art.rules import KINDS
from marketplace.shop.catalog.label_fields import FIELDS, DeclaredKind, missing, required_fields
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.rules import all_allergens

PROVINCE, SERVICES = "12", "VI.1"
TERM_DAYS = 1096
MAKERS, GOODS = producers(), listings()


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


def communes() -> set[str]:
    """The province's communes and wards of today."""
    units = Path(places.__file__).parent / "data" / "units.csv"
    with units.open(encoding="utf-8", newline="") as rows:
        return {
            row["code"]
            for row in csv.DictReader(rows)
            if (row["system"], row["level"], row["parent_code"]) == ("2025", "commune", PROVINCE)
        }


def current(listing: DemoListing) -> DemoCertificate | None:
    """The certificate that counts on the day of loading."""
    begun = [c for c in listing.certificates if c.issued_days_ago >= 0]
    return min(begun, key=lambda c: c.issued_days_ago, default=None)


def pairs(listing: DemoListing) -> Iterator[tuple[str, str]]:
    """Every Vietnamese text of a listing with its English."""
    yield listing.name, listing.name_en
    yield listing.summary, listing.summary_en
    yield listing.description, listing.description_en
    for variant in listing.variants:
        yield variant.label, variant.label_en
    for code, value in listing.label.items():
        if not code.endswith("_en") and FIELDS[code].english:
            yield str(value), str(listing.label.get(f"{code}_en", ""))


def test_how_many() -> None:
    assert (len(MAKERS), len(GOODS)) == (120, 400)
    kinds = Counter(maker.kind for maker in MAKERS)
    wanted = {
        ProducerKind.COOPERATIVE: 45,
        ProducerKind.HOUSEHOLD: 36,
        ProducerKind.COMPANY: 20,
        ProducerKind.GROUP: 12,
        ProducerKind.FARM: 7,
    }
    assert all(abs(kinds[kind] - count) <= 3 for kind, count in wanted.items()), kinds
    assert sum(not maker.verified for maker in MAKERS) == 5
    made = Counter(listing.producer for listing in GOODS)
    assert made.keys() == {maker.key for maker in MAKERS}, "each has something to sell, and nobody else has"
    assert (min(made.values()), max(made.values())) == (1, 8)


@pytest.mark.parametrize("field", ["key", "name", "contact_name", "phone", "story", "story_en"])
def test_no_two_producers_share(field: str) -> None:
    assert repeated(getattr(maker, field) for maker in MAKERS) == []


@pytest.mark.parametrize("field", ["name", "name_en", "summary", "summary_en", "description", "description_en"])
def test_no_two_listings_share(field: str) -> None:
    assert repeated(getattr(listing, field) for listing in GOODS) == []


def test_addresses_articles_and_drawings_are_each_their_own() -> None:
    assert repeated(slugify(listing.name) for listing in GOODS) == []
    assert repeated(slugify(maker.name) for maker in MAKERS) == []
    assert repeated((listing.set_code, listing.art_seed) for listing in GOODS[80:]) == []
    for number, listing in enumerate(GOODS, 1):
        skus = [variant.sku for variant in listing.variants]
        assert skus == [f"LC-{number:03d}-{position}" for position in range(1, len(skus) + 1)]
        assert re.fullmatch(rf"({'|'.join(KINDS)})-\d+", listing.art_seed), listing.art_seed


def test_no_sentence_of_a_description_comes_twice() -> None:
    sentences = [sentence for listing in GOODS for sentence in re.split(r"(?<=\.)\s+", listing.description)]
    assert repeated(sentences) == []


def test_where_producers_are() -> None:
    known = communes()
    assert len(known) == 38
    assert {maker.commune_code for maker in MAKERS} <= known
    assert len({maker.commune_code for maker in MAKERS}) >= 34
    assert all(2004 <= maker.founded_year <= 2024 for maker in MAKERS)
    assert all(re.fullmatch(r"\+849000001\d\d|\+849000000\d\d", maker.phone) for maker in MAKERS)


def test_what_the_law_has_a_label_say() -> None:
    for listing in GOODS:
        facts = listing.facts()
        told = {
            **facts.facts,
            "summary": listing.summary,
            "ingredients": facts.ingredients,
            "storage": facts.storage,
            "shelf_life_days": facts.shelf_life_days,
            "declared_kind": facts.declared_kind,
        }
        assert missing(listing.set_code, told, sellable=True) == {}, listing.name
        assert set(told) >= set(required_fields(listing.set_code, str(listing.declared_kind or "")))
        assert listing.declared_kind is not DeclaredKind.MEDICINE
        assert {code.removesuffix("_en") for code in listing.label} <= FIELDS.keys()
        codes = {allergen.code for allergen in all_allergens()}
        assert set(listing.label.get("allergens", [])) <= codes


def test_both_languages_everywhere() -> None:
    for listing in GOODS:
        for vietnamese, english in pairs(listing):
            assert english, (listing.name, vietnamese)
            assert vietnamese == nfc(vietnamese)
        assert listing.summary != listing.summary_en
        assert listing.description != listing.description_en
        assert listing.name != listing.name_en
    assert all(maker.story and maker.story_en and maker.story != maker.story_en for maker in MAKERS)


def test_how_long_they_are() -> None:
    for listing in GOODS:
        assert len(listing.summary) <= 90
        assert len(listing.summary_en) <= 90
        assert len(listing.description) > 80
        assert 2 <= len(re.findall(r"\.(?:\s|$)", listing.description)) <= 4, listing.name
        assert "!" not in listing.description + listing.summary + listing.description_en + listing.summary_en


def test_prices_weights_and_stock() -> None:
    variants = [(listing, variant) for listing in GOODS for variant in listing.variants]
    assert all(1 <= len(listing.variants) <= 3 for listing in GOODS)
    assert all(variant.price_vnd % 1000 == 0 for _, variant in variants)
    for listing, variant in variants:
        if listing.set_code == SERVICES:
            assert (variant.weight_g, variant.stock, variant.packaging) == (None, 0, None)
            assert variant.capacity_per_day
            assert variant.net_unit in {"person", "group"}
        else:
            assert variant.weight_g
    goods = [listing for listing in GOODS if listing.set_code != SERVICES]
    empty = sum(all(variant.stock == 0 for variant in listing.variants) for listing in goods)
    assert 0.04 <= empty / len(goods) <= 0.08


def test_packaging_weighs_something() -> None:
    in_grams = {"g": 1, "kg": 1000, "ml": 0.8, "l": 800}
    for listing in GOODS:
        for variant in listing.variants:
            if variant.net_unit in in_grams and variant.weight_g:
                assert variant.weight_g > variant.net_quantity * in_grams[variant.net_unit], variant.sku


def test_which_goods_there_are() -> None:
    by_set = Counter(listing.set_code for listing in GOODS)
    assert by_set.keys() == {product_set.code for product_set in all_sets()}
    assert by_set.most_common(1)[0][0] == "I.5.a"
    assert 8 <= by_set[SERVICES] <= 12
    states = Counter(listing.state for listing in GOODS)
    assert 0.92 <= states[ListingState.PUBLISHED] / 400 <= 0.96
    assert states.keys() == set(ListingState) - {ListingState.WITHDRAWN}


def test_stars_and_terms() -> None:
    now = [counting for listing in GOODS if (counting := current(listing))]
    stars = Counter(counting.stars for counting in now)
    assert len(now) == 400
    assert 0.67 <= stars[3] / 400 <= 0.73
    assert 0.24 <= stars[4] / 400 <= 0.30
    assert 0.02 <= stars[5] / 400 <= 0.04
    left = [TERM_DAYS - counting.issued_days_ago for counting in now if counting.revoked_days_ago is None]
    assert 10 <= sum(days < 0 for days in left) <= 14, "lapsed"
    assert 11 <= sum(0 <= days <= EXPIRING_DAYS for days in left) <= 17, "ends soon"
    assert 4 <= sum(counting.revoked_days_ago is not None for counting in now) <= 6
    assert 16 <= sum(len(listing.certificates) > 1 for listing in GOODS) <= 21
    ahead = [c for listing in GOODS for c in listing.certificates if c.issued_days_ago < 0]
    assert len(ahead) == 3
    for listing in GOODS:
        days = [c.issued_days_ago for c in listing.certificates]
        assert repeated(days) == []
        for certificate in listing.certificates:
            revoked = certificate.revoked_days_ago
            assert revoked is None or (0 <= revoked <= certificate.issued_days_ago and certificate.revocation_reason)
