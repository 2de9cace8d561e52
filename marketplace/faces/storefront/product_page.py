"""Everything a product's page shows, for the public and for those who look at it before the public does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from babel.dates import get_month_names
from flask import current_app
from flask_babel import gettext as _

from marketplace.faces.storefront.cards import Card, Seal, cards, seal_of
from marketplace.faces.storefront.label import LabelRow, label_rows
from marketplace.faces.storefront.window import find
from marketplace.people.producers.models import Producer
from marketplace.platform.core.clock import day_of
from marketplace.platform.web.language import language
from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.product_sets import ProductSet, StorefrontGroup, group_of, product_set
from marketplace.registry.certification.queries import list_of_product
from marketplace.registry.certification.rules import Standing, newest, standing
from marketplace.shop.catalog.label_fields import FIELDS
from marketplace.shop.catalog.models import Listing, ListingPicture, Variant
from marketplace.shop.catalog.queries import PublicListing, list_pictures, list_public_nearby, variants_of
from marketplace.shop.catalog.rules import Unit, UnitPrice, unit_names, unit_price
from marketplace.shop.inventory.queries import sellable
from marketplace.shop.pricing.queries import sales_of, tiers_of
from marketplace.shop.pricing.rules import Priced, Sale, Tier, price_at
from marketplace.shop.search.rules import Query

RELATED = 4


@dataclass(frozen=True)
class ProductPage:
    """A listing with what stands around it. A preview may have no certificate, and so no seal."""

    listing: Listing
    certificate: Certificate | None
    seal: Seal | None
    variants: Sequence[Variant]
    units: dict[int, int]
    tiers: dict[int, tuple[Tier, ...]]
    sales: dict[int, Sale]
    pictures: Sequence[ListingPicture]
    label: Sequence[LabelRow]
    on: date
    back_on: date | None = None  # it rests until that day
    preview: bool = False

    def priced(self, variant: Variant) -> Priced:
        """What one unit of a variant costs now, and by which sale."""
        return price_at(variant.price, (), 1, self.sales.get(variant.id))

    def unit_price(self, variant: Variant) -> UnitPrice | None:
        """What 100 g, a litre or a piece costs now, where that says something."""
        return unit_price(self.priced(variant).unit, variant.net_quantity, variant.net_unit)

    @property
    def producer(self) -> Producer:
        return self.listing.product.producer

    @property
    def kind(self) -> ProductSet:
        return product_set(self.listing.product.set_code)

    @property
    def group(self) -> StorefrontGroup:
        return group_of(self.listing.product.set_code)

    @property
    def drawing(self) -> str:
        return f"/art/{self.listing.product.set_code}/{self.listing.art_seed}.svg"

    @property
    def path(self) -> str:
        return f"/products/{self.listing.slug}"

    @property
    def trail(self) -> list[tuple[str, str]]:
        """The breadcrumbs: (name, path), the page itself without a path."""
        english, group = language() == "en", self.group
        name = (self.listing.name_en if english else "") or self.listing.name
        return [(group.name_en if english else group.name, f"/categories/{group.slug}"), (name, "")]

    @property
    def address(self) -> str:
        """The absolute address, for sharing."""
        return f"{current_app.config['SETTINGS'].site_url}{self.path}"


def page_of(public: PublicListing, *, at: datetime) -> ProductPage:
    """The page as the public sees it."""
    return _page(public.listing, public.certificate, seal_of(public.certificate, on=day_of(at)), at=at)


def preview_of(listing: Listing, *, at: datetime, pictures: Sequence[ListingPicture] | None = None) -> ProductPage:
    """The page as the public would see it, whatever the listing's state and its product's certificate.

    `pictures`: others than it shows now.
    """
    certificates, on = list_of_product(listing.product_id), day_of(at)
    counting = newest(certificates, on)
    found = next((c for c in certificates if counting is not None and c.id == counting.id), None)
    in_force = found is not None and standing(found, certificates, on) is Standing.IN_FORCE
    seal = seal_of(found, on=on) if found is not None and in_force else None
    page = _page(listing, found if in_force else None, seal, at=at, preview=True)
    return page if pictures is None else replace(page, pictures=pictures)


def _page(
    listing: Listing, certificate: Certificate | None, seal: Seal | None, *, at: datetime, preview: bool = False
) -> ProductPage:
    variants, on = variants_of([listing.id]).get(listing.id, []), day_of(at)
    return ProductPage(
        listing=listing,
        certificate=certificate,
        seal=seal,
        variants=variants,
        units=sellable((v.id for v in variants), on=on),
        tiers=tiers_of(v.id for v in variants),
        sales=sales_of((v.id for v in variants), at=at),
        pictures=list_pictures(listing.id),
        label=label_rows(listing, variants),
        on=on,
        back_on=listing.resting(on),
        preview=preview,
    )


def related_to(listing: Listing, *, at: datetime) -> list[Card]:
    """Others of the same set; where they are too few, of the same producer, then of the same commune; never itself."""
    on = day_of(at)
    same = find(Query(sets=frozenset({listing.product.set_code}), per_page=RELATED + 1), on=on).listings
    found = {p.listing.id: p for p in same if p.listing.id != listing.id}
    if len(found) < RELATED:
        for public in list_public_nearby(listing, on=on, limit=2 * RELATED):
            found.setdefault(public.listing.id, public)
    return cards(list(found.values())[:RELATED], at=at)


def unit_words(price: UnitPrice) -> str:
    """`100 g`, `lít`: what the price of a unit is for."""
    name = unit_names(price.unit)[1 if language() == "en" else 0]
    return f"{price.quantity} {name}" if price.quantity > 1 else name


def unit_name(unit: Unit) -> str:
    """`kg`, `lít`: a unit in the reader's language."""
    return unit_names(Unit(unit))[1 if language() == "en" else 0]


def season_ranges(months: frozenset[int]) -> str:
    """`tháng 10 đến tháng 3`, `October to March`: runs of months in words, a run over the new year as one."""
    names = get_month_names("wide", locale=language())
    starts = [month for month in sorted(months) if (month - 2) % 12 + 1 not in months]
    runs = []
    for first in starts:
        last = first
        while last % 12 + 1 in months:
            last = last % 12 + 1
        one = first == last
        runs.append(names[first] if one else _("%(a)s đến %(b)s", a=names[first], b=names[last]))
    return ", ".join(runs)


def label_names() -> dict[str, str]:
    """The name of each label field, in the reader's language."""
    return {code: _(field.label) for code, field in FIELDS.items()}
