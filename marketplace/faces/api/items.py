"""The API's shapes, as pydantic models: they are the documents and the published schema at once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from pydantic import BaseModel, ConfigDict

from marketplace.faces.storefront.cards import Card
from marketplace.faces.storefront.window import Suggestions as Found
from marketplace.registry.certification.models import Certificate
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.reviews.rules import Totals


class Shape(BaseModel):
    """A document with exactly the fields it says."""

    model_config = ConfigDict(extra="forbid")


class CertificateItem(Shape):
    code: str
    printed_number: str | None
    issued_on: date
    expires_on: date


class Named(Shape):
    slug: str
    name: str


class Coded(Shape):
    code: str
    name: str


class ProductItem(Shape):
    """A product on sale today. `price_vnd` is the cheapest variant's, in dong."""

    slug: str
    name: str
    name_en: str
    summary: str
    url: str
    image_url: str
    price_vnd: int
    available: bool
    stars: int
    certificate: CertificateItem
    producer: Named
    category: Coded
    district: str | None
    commune: str


class TierItem(Shape):
    """What one unit costs, in dong, from a quantity on."""

    from_quantity: int
    price_vnd: int


class VariantItem(Shape):
    """What is sold. `stock` and `weight_g` are null for services. `tiers` are its wholesale prices, least first.

    `price_vnd` is today's; during a flash sale `former_price_vnd` is what it costs otherwise, `sale_ends_at` its end.
    """

    sku: str
    label: str
    label_en: str
    price_vnd: int
    former_price_vnd: int | None
    sale_ends_at: datetime | None
    weight_g: int | None
    stock: int | None
    tiers: list[TierItem]


class RatingItem(Shape):
    """What buyers who received it gave, to one decimal of five stars; null where nobody has."""

    average: float | None
    count: int


class ProductDetail(ProductItem):
    description: str
    description_en: str
    variants: list[VariantItem]
    rating: RatingItem


class DecisionItem(Shape):
    """An authority's act. `level` is district, province or ministry."""

    authority: str
    level: str
    number: str
    issued_on: date


class RevocationItem(Shape):
    decision: DecisionItem
    revoked_on: date
    reason: str


class ClassifiedItem(Shape):
    """A product set, of the classification (`decision`) under which the certificate was granted."""

    code: str
    name: str
    name_en: str
    decision: str


class CertifiedItem(Shape):
    """A certificate as it stands today. `potential_five` still means 4 stars, everywhere."""

    code: str
    printed_number: str | None
    url: str
    stars: int
    potential_five: bool
    standing: str
    issued_on: date
    expires_on: date
    decision: DecisionItem
    revocation: RevocationItem | None
    category: ClassifiedItem
    product: Coded
    product_url: str | None
    producer: str
    commune: str


class CertifiedList(Shape):
    """Every certificate that the code or printed number names: several, where a printed number was given twice.

    `signature` is what the label's `s` is worth: good (ours, and of this certificate), bad (forged) or absent.
    """

    signature: str
    items: list[CertifiedItem]


class ProducerItem(Shape):
    """A verified producer. `products` counts what is public today."""

    slug: str
    name: str
    kind: str
    url: str
    commune: str
    district: str | None
    products: int


class ProducerPage(Shape):
    items: list[ProducerItem]
    total: int
    page: int
    pages: int


class ProducerDetail(ProducerItem):
    story: str
    story_en: str
    founded_year: int | None
    items: list[ProductItem]


class CategoryItem(Shape):
    """A group of the shop window with the product sets of QĐ 148 in it. `url` is its page."""

    slug: str
    name: str
    name_en: str
    url: str
    sets: list[Coded]


class CategoryList(Shape):
    items: list[CategoryItem]


class ProductPage(Shape):
    """One page of products; `facets` counts all hits by value, each facet's own choice left out."""

    items: list[ProductItem]
    total: int
    page: int
    pages: int
    facets: dict[str, dict[str, int]]


class SuggestedProduct(Shape):
    """A product that may be meant."""

    slug: str
    name: str
    url: str
    image_url: str
    price_vnd: int
    stars: int


class SuggestedPlace(Shape):
    """A category (its code or slug) or a producer (its slug) that may be meant."""

    code: str
    name: str
    url: str


class Suggestions(Shape):
    """What may be meant by what was typed so far, best first."""

    products: list[SuggestedProduct]
    categories: list[SuggestedPlace]
    producers: list[SuggestedPlace]


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: dict[str, str] | None = None


def suggestion_list(found: Found) -> Suggestions:
    """The suggestions as the API shows them; addresses are absolute."""
    site = current_app.config["SETTINGS"].site_url
    products = [
        SuggestedProduct(
            slug=card.slug,
            name=card.name,
            url=site + card.url,
            image_url=site + card.image_url,
            price_vnd=card.price.amount,
            stars=card.stars,
        )
        for card in found.products
    ]
    categories, producers = (
        [SuggestedPlace(code=place.code, name=place.name, url=site + place.url) for place in places]
        for places in (found.categories, found.producers)
    )
    return Suggestions(products=products, categories=categories, producers=producers)


def certificate_item(certificate: Certificate) -> CertificateItem:
    """The certificate that admits a product to the shop."""
    return CertificateItem(
        code=certificate.code,
        printed_number=certificate.printed_number,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
    )


def product_item(card: Card) -> ProductItem:
    """A card as the API shows it; addresses are absolute."""
    return ProductItem(**_facts(card))


def product_detail(
    card: Card, units: Mapping[int, int], tiers: Mapping[int, Sequence[Tier]], totals: Totals
) -> ProductDetail:
    """A product with its texts, variants and what its buyers' reviews come to."""
    listing = card.public.listing
    variants = [
        VariantItem(
            sku=v.sku,
            label=v.label,
            label_en=v.label_en,
            price_vnd=card.priced(v).unit.amount,
            former_price_vnd=v.price.amount if card.priced(v).sale else None,
            sale_ends_at=sale.ends_at if (sale := card.priced(v).sale) else None,
            weight_g=v.weight_g,
            stock=None if card.kind.service else units.get(v.id, 0),
            tiers=[
                TierItem(from_quantity=tier.from_quantity, price_vnd=tier.price.amount)
                for tier in tiers.get(v.id, ())
                if tier.price < v.price
            ],
        )
        for v in card.variants
    ]
    average = totals.average
    return ProductDetail(
        **_facts(card),
        description=listing.description,
        description_en=listing.description_en,
        variants=variants,
        rating=RatingItem(average=None if average is None else float(average), count=totals.count),
    )


def _facts(card: Card) -> dict[str, Any]:
    listing, producer = card.public.listing, card.public.producer
    former = producer.commune.former_district
    site = current_app.config["SETTINGS"].site_url
    return {
        "slug": listing.slug,
        "name": listing.name,
        "name_en": listing.name_en,
        "summary": listing.summary,
        "url": site + card.url,
        "image_url": site + card.image_url,
        "price_vnd": card.price.amount,
        "available": card.available,
        "stars": card.stars,
        "certificate": certificate_item(card.public.certificate),
        "producer": Named(slug=producer.slug, name=producer.name),
        "category": Coded(code=card.kind.code, name=card.kind.name),
        "district": former.name if former else None,
        "commune": producer.commune.name,
    }
