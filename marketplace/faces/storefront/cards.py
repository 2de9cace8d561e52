"""What pages and the API show of a listing: worked out once, for a whole page of listings in two queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import url_for

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.money import Money
from marketplace.platform.web.language import language
from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.product_sets import ProductSet, product_set
from marketplace.registry.certification.rules import EXPIRING_DAYS
from marketplace.shop.catalog.age import left_out
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import PublicListing, variants_of
from marketplace.shop.inventory.queries import sellable
from marketplace.shop.pricing.queries import sales_of
from marketplace.shop.pricing.rules import Priced, Sale, price_at


@dataclass(frozen=True)
class Seal:
    """A certificate as its seal shows it: `state` is a standing, or `expiring` for its last 90 days."""

    stars: int
    state: str
    expires_on: date
    days_left: int


@dataclass(frozen=True)
class Card:
    """A listing in a row of listings."""

    public: PublicListing
    variants: tuple[Variant, ...]
    units: int
    certificate: Seal
    back_on: date | None = None  # it rests until that day
    snippet: tuple[tuple[str, bool], ...] = ()  # where the words of a search stand: pieces, each with whether it is one
    sales: Mapping[int, Sale] = field(default_factory=dict)  # that run, by variant

    @property
    def slug(self) -> str:
        return self.public.listing.slug

    @property
    def url(self) -> str:
        return url_for("storefront.product", slug=self.slug)

    @property
    def image_url(self) -> str:
        return picture_of(self.public)

    @property
    def cover(self) -> str | None:
        return self.public.listing.cover

    @property
    def name(self) -> str:
        listing = self.public.listing
        return (listing.name_en if language() == "en" else "") or listing.name

    @property
    def place(self) -> str:
        return self.public.producer.commune.name

    @property
    def maker(self) -> str:
        return self.public.producer.name

    @property
    def stars(self) -> int:
        return self.public.certificate.stars

    @property
    def kind(self) -> ProductSet:
        return product_set(self.public.product.set_code)

    def priced(self, variant: Variant) -> Priced:
        """What one unit of a variant costs now."""
        return price_at(variant.price, (), 1, self.sales.get(variant.id))

    @property
    def cheapest(self) -> Variant:
        return min(self.variants, key=lambda v: (self.priced(v).unit, v.position))

    @property
    def price(self) -> Money:
        return self.priced(self.cheapest).unit

    @property
    def old_price(self) -> Money | None:
        """The price before, while a flash sale lowers it."""
        return self.cheapest.price if self.priced(self.cheapest).sale else None

    @property
    def unit(self) -> str:
        return (self.cheapest.label_en if language() == "en" else "") or self.cheapest.label

    @property
    def available(self) -> bool:
        return self.back_on is None and (self.kind.service or self.units > 0)


def picture_of(public: PublicListing) -> str:
    """The address of a listing's picture: its cover's JPEG, or its drawing."""
    return public.listing.image_path(public.product.set_code)


def seal_of(certificate: Certificate, *, on: date) -> Seal:
    """The seal of a certificate that is in force on the day."""
    left = (certificate.expires_on - on).days
    state = "expiring" if left < EXPIRING_DAYS else "in_force"
    return Seal(certificate.stars, state, certificate.expires_on, left)


def cards(listings: Sequence[PublicListing], *, at: datetime) -> list[Card]:
    """The cards of these listings in their order.

    Left out are those without a variant on sale, and alcohol for a visitor who has not said that they are of age.
    """
    variants = variants_of(p.listing.id for p in listings)
    units = sellable([v.id for inside in variants.values() for v in inside], on=day_of(at))
    return cards_of(listings, variants=variants, units=units, at=at)


def cards_of(
    listings: Sequence[PublicListing],
    *,
    variants: Mapping[int, Sequence[Variant]],
    units: Mapping[int, int],
    at: datetime,
) -> list[Card]:
    """The same where variants and units on hand are known already."""
    hidden, on = left_out(), day_of(at)
    shown = [p for p in listings if p.product.set_code not in hidden and p.listing.id in variants]
    sales = sales_of([v.id for p in shown for v in variants[p.listing.id]], at=at)
    return [
        Card(
            public,
            tuple(variants[public.listing.id]),
            sum(units.get(v.id, 0) for v in variants[public.listing.id]),
            seal_of(public.certificate, on=on),
            public.listing.resting(on),
            sales={v.id: sales[v.id] for v in variants[public.listing.id] if v.id in sales},
        )
        for public in shown
    ]
