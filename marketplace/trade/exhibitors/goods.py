"""Which products may be shown at an edition: a producer's own, those of applications, whose producers to invite."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.queries import list_of_products
from marketplace.shop.catalog.models import Listing
from marketplace.trade.exhibitors.models import Application
from marketplace.trade.exhibitors.rules import Asked, Lack, lacking
from marketplace.trade.fairs.models import Edition
from marketplace.trade.offers.queries import SUPPLIED, list_supplied


@dataclass(frozen=True)
class Good:
    """A product that a producer might bring, the certificate it has, what it lacks."""

    listing: Listing
    certificate: Certificate | None
    lacks: tuple[Lack, ...]


def asked_of(edition: Edition) -> Asked:
    """What an edition asks; its sets are loaded."""
    sets = frozenset(each.set_code for each in edition.sets)
    return Asked(edition.first_day, edition.last_day, edition.least_stars, sets)


def list_goods(edition: Edition, *, by: Actor) -> list[Good]:
    """The acting producer's products, by name, with what each lacks."""
    return _judged(edition, list_supplied(by=by))


def lacks_of(edition: Edition, applications: Collection[Application]) -> dict[int, tuple[Lack, ...]]:
    """What each product of these applications lacks, by listing."""
    verified = {
        shown.listing.product_id: each.producer.verified_at is not None for each in applications for shown in each.goods
    }
    certificates = list_of_products(verified)
    return {
        shown.listing_id: lacking(
            certificates.get(shown.listing.product_id, []),
            set_code=shown.listing.product.set_code,
            verified=verified[shown.listing.product_id],
            asked=asked_of(edition),
        )
        for each in applications
        for shown in each.goods
    }


def may_show(edition: Edition, application: Application) -> bool:
    """Whether something of what an application brings may be shown as things stand now."""
    return not all(lacks_of(edition, [application]).values())


def list_invited(edition: Edition) -> list[Producer]:
    """Verified producers with a product on show that may come, by name."""
    query = (
        select(Listing)
        .join(Listing.product)
        .join(Product.producer)
        .options(contains_eager(Listing.product).contains_eager(Product.producer))
        .where(Listing.state.in_(SUPPLIED), Producer.verified_at.is_not(None))
    )
    fit = [good.listing.product.producer for good in _judged(edition, db.session.scalars(query)) if not good.lacks]
    return sorted({each.id: each for each in fit}.values(), key=lambda each: (each.name, each.id))


def _judged(edition: Edition, listings: Iterable[Listing]) -> list[Good]:
    there = list(listings)
    certificates = list_of_products({each.product_id for each in there})
    asked = asked_of(edition)
    found = []
    for each in there:
        of_product = certificates.get(each.product_id, [])
        lacks = lacking(
            of_product,
            set_code=each.product.set_code,
            verified=each.product.producer.verified_at is not None,
            asked=asked,
        )
        found.append(Good(each, of_product[0] if of_product else None, lacks))
    return found
