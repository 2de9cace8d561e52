"""Reading what happened with a product on the market."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from marketplace.office.evidence.distributors import Supplied, list_supplied
from marketplace.office.evidence.rules import Figures, Sale, figures, year_before, year_until
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money, total
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.queries import list_of_product
from marketplace.shop.catalog.models import Listing, ListingPicture, Variant
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartState
from marketplace.trade.exhibitors.models import Application, ApplicationState, ShownGoods
from marketplace.trade.exhibitors.queries import placings_of
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.stands.queries import by_day

HELD = (EditionState.RUNNING, EditionState.CLOSED, EditionState.REPORTED)
SOLD = (PartState.DELIVERED, PartState.COMPLETED)


@dataclass(frozen=True)
class Story:
    """The product's page: what it tells, in which languages, with how many pictures."""

    slug: str
    published_on: date | None
    characters: int
    english: bool
    pictures: int


@dataclass(frozen=True)
class FairShown:
    """A fair at which the product was shown: in which booth, beside how many of its maker's, what the stand took."""

    edition: Edition
    booth: str
    products: int
    taken: Money


@dataclass(frozen=True)
class Evidence:
    """Everything the market can witness of a product on a day."""

    product: Product
    producer: Producer
    certificates: tuple[Certificate, ...]
    figures: Figures
    story: Story | None
    fairs: tuple[FairShown, ...]
    supplied: tuple[Supplied, ...]


def list_own_products(*, by: Actor) -> list[Product]:
    """The products of the acting producer, by name."""
    query = select(Product).join(Product.producer).where(Producer.organisation_id == by.organisation_id)
    return list(db.session.scalars(query.order_by(Product.name, Product.id)))


def evidence_of(product_code: str, *, by: Actor, on: date) -> Evidence:
    """The evidence of one of the acting producer's products as of a day, or NotFound."""
    row = db.session.execute(
        select(Product, Producer)
        .join(Product.producer)
        .where(Product.code == product_code, Producer.organisation_id == by.organisation_id)
    ).first()
    if row is None or by.organisation_id is None:
        raise NotFound
    product, producer = row
    return Evidence(
        product,
        producer,
        tuple(list_of_product(product.id)),
        figures(_sales(product.id, on), on),
        _story(product.id),
        tuple(_fairs(product, on)),
        tuple(list_supplied(product.id, on=on)),
    )


def _fairs(product: Product, on: date) -> list[FairShown]:
    """The fairs begun by the day at which its producer was a confirmed exhibitor and showed it, the latest first."""
    shown = (
        select(ShownGoods.application_id)
        .join(Listing, Listing.id == ShownGoods.listing_id)
        .where(ShownGoods.application_id == Application.id, Listing.product_id == product.id)
    )
    query = (
        select(Application)
        .join(Application.edition)
        .options(contains_eager(Application.edition), selectinload(Application.goods).joinedload(ShownGoods.listing))
        .where(
            Application.producer_id == product.producer_id,
            Application.state == ApplicationState.CONFIRMED,
            Edition.state.in_(HELD),
            Edition.first_day <= on,
            shown.exists(),
        )
        .order_by(Edition.first_day.desc(), Application.id.desc())
    )
    there = list(db.session.scalars(query))
    if not there:
        return []
    ids = [each.id for each in there]
    placings, taken = placings_of(ids), by_day(ids)
    return [
        FairShown(
            edition=each.edition,
            booth=placings[each.id].booth.label if each.id in placings else "",
            products=len({good.listing.product_id for good in each.goods}),
            taken=total(taken.get(each.id, {}).values()),
        )
        for each in there
    ]


def _sales(product_id: int, on: date) -> list[Sale]:
    first, last = year_until(on)
    query = (
        select(
            Order.placed_at,
            OrderLine.quantity,
            OrderLine.line_total,
            Order.number,
            Order.email,
            Order.province_name,
            Order.commune_code,
        )
        .join(OrderPart, OrderPart.id == OrderLine.part_id)
        .join(Order, Order.id == OrderPart.order_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(
            Listing.product_id == product_id,
            OrderPart.state.in_(SOLD),
            Order.placed_at >= midnight(year_before(first)),
            Order.placed_at < midnight(date.fromordinal(last.toordinal() + 1)),
        )
        .order_by(OrderLine.id)
    )
    return [Sale(day_of(row[0]), *row[1:]) for row in db.session.execute(query)]


def _story(product_id: int) -> Story | None:
    listing = db.session.scalar(select(Listing).where(Listing.product_id == product_id))
    if listing is None:
        return None
    pictures = select(func.count(ListingPicture.id)).where(ListingPicture.listing_id == listing.id)
    return Story(
        listing.slug,
        day_of(listing.published_at) if listing.published_at else None,
        len(listing.summary) + len(listing.description),
        bool(listing.name_en and listing.description_en),
        db.session.scalar(pictures) or 0,
    )
