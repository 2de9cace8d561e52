"""Counting the sums of sales out of what was delivered: plain queries, read outside any write block."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from sqlalchemy import ColumnElement, case, func, null, select

from marketplace.office.evidence.queries import SOLD
from marketplace.office.programme.models import Dimension, EffectKind
from marketplace.office.programme.register import counted, stars_before
from marketplace.office.programme.rules import Change, Compared, change_of, compare, month_number, month_of
from marketplace.office.programme.sales import led_by, sold_lines
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import system
from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db
from marketplace.registry.certification.models import Certificate, Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartEvent

LOOK_BACK = 500  # steps numbered earlier than the last one seen, but committed after it
EFFECT_MONTHS = 24  # how far back certificates are looked at


@dataclass(frozen=True)
class Summed:
    """One row of sums."""

    month: date
    unit_id: int
    dimension: Dimension
    key: str
    lines: int
    units: int
    amount: int


def last_event() -> int:
    """The newest step of any order's part."""
    return db.session.scalar(select(func.max(PartEvent.id))) or 0


def first_month() -> date | None:
    """The month of the first order."""
    at = db.session.scalar(select(func.min(Order.placed_at)))
    return day_of(at).replace(day=1) if at else None


def touched_since(event: int) -> tuple[date, date] | None:
    """The first and the last month with an order of which a part took a step after this one; None: no step."""
    query = (
        select(func.min(Order.placed_at), func.max(Order.placed_at))
        .join(OrderPart, OrderPart.order_id == Order.id)
        .join(PartEvent, PartEvent.part_id == OrderPart.id)
        .where(PartEvent.id > event - LOOK_BACK)
    )
    row = db.session.execute(query).one()
    return (day_of(row[0]).replace(day=1), day_of(row[1]).replace(day=1)) if row[0] else None


def count_sums(first: date, last: date) -> list[Summed]:
    """The sums of these months and those between them: of communes, their former districts, their provinces."""
    month = _month(first, last)
    set_code, kind, led = Product.set_code, Producer.kind, led_by()
    query = sold_lines(
        select(
            month,
            Producer.commune_id,
            set_code,
            kind,
            led,
            func.count(),
            func.sum(OrderLine.quantity),
            func.sum(OrderLine.line_total),
        )
    ).where(Order.placed_at >= midnight(first), Order.placed_at < midnight(month_of(month_number(last) + 1)))
    found: dict[tuple[int, int, Dimension, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    units = _units()
    for number, commune, code, of_kind, who, *counts in db.session.execute(
        query.group_by(month, Producer.commune_id, set_code, kind, led)
    ):
        amounts = (counts[0], int(counts[1]), counts[2].amount)
        keys = ((Dimension.SET, code), (Dimension.KIND, of_kind.value), (Dimension.LED, who))
        for unit, (dimension, key) in product(units[commune], keys):
            sums = found[number, unit, dimension, key]
            for n, amount in enumerate(amounts):
                sums[n] += amount
    return [Summed(month_of(key[0]), *key[1:], *sums) for key, sums in found.items()]


def _month(first: date, last: date) -> ColumnElement[int]:
    """The month of an order by our clock, counted through: the same words for both databases."""
    numbers = range(month_number(last), month_number(first) - 1, -1)
    return case(*((Order.placed_at >= midnight(month_of(n)), n) for n in numbers), else_=null())


@dataclass(frozen=True)
class Event:
    """A first certificate, or one with more stars than before, of those that `counted` leaves."""

    certificate_id: int
    product_id: int
    kind: EffectKind
    on: date
    on_sale_from: date | None


def count_effects(on: date) -> list[tuple[Event, Compared]]:
    """What each product newly certified or upgraded in two years sold in comparable months."""
    events = list(_events(on))
    sales = _monthly({event.product_id for event in events}, on)
    return [
        (event, compare(sales.get(event.product_id, {}), event=event.on, on_sale_from=event.on_sale_from, on=on))
        for event in events
    ]


def _events(on: date) -> Iterable[Event]:
    before = stars_before(on)
    query = (
        select(Certificate.id, Certificate.product_id, before, Certificate.stars, Certificate.issued_on)
        .add_columns(Listing.published_at)
        .outerjoin(Listing, Listing.product_id == Certificate.product_id)
        .where(Certificate.issued_on.between(month_of(month_number(on) - EFFECT_MONTHS), on), counted(Certificate, on))
        .order_by(Certificate.id)
    )
    for row, product_id, had, stars, issued_on, published_at in db.session.execute(query):
        if had is None or stars > had:
            kind = EffectKind.CERTIFICATION if had is None else EffectKind.UPGRADE
            yield Event(row, product_id, kind, issued_on, day_of(published_at) if published_at else None)


def count_changes(
    effects: Iterable[tuple[Event, Compared]],
) -> dict[tuple[int | None, EffectKind], Change]:
    """What they come to for each unit with such a product: its commune, former district and province; None: for all."""
    units, communes = _units(), _communes_of_products()
    found: dict[tuple[int | None, EffectKind], list[Compared]] = defaultdict(list)
    for event, compared in effects:
        if event.product_id in communes:
            for unit in (None, *units[communes[event.product_id]]):
                found[unit, event.kind].append(compared)
    return {key: change_of(rows) for key, rows in found.items()}


def _communes_of_products() -> dict[int, int]:
    """Where each product is made; without those that `producers_within` shows to no officer yet."""
    query = select(Product.id, Producer.commune_id).join(Product.producer)
    return {row[0]: row[1] for row in db.session.execute(query.where(producers_within(system("sums"))))}


def _units() -> dict[int, set[int]]:
    """Of each commune with a producer: itself, its former district, its province."""
    unit = AdministrativeUnit
    query = select(unit.id, unit.former_district_id, unit.parent_id)
    rows = db.session.execute(query.where(unit.id.in_(select(Producer.commune_id))))
    return {commune: {each for each in (commune, *above) if each is not None} for commune, *above in rows}


def _monthly(products: set[int], on: date) -> dict[int, dict[int, int]]:
    """The sales of these products by month."""
    first, last = month_of(month_number(on) - EFFECT_MONTHS - 11), on.replace(day=1)
    month = _month(first, last)
    query = (
        select(Listing.product_id, month, func.sum(OrderLine.line_total))
        .select_from(OrderLine)
        .join(OrderPart, OrderPart.id == OrderLine.part_id)
        .join(Order, Order.id == OrderPart.order_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(OrderPart.state.in_(SOLD), Order.placed_at >= midnight(first), Order.placed_at < midnight(last))
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for product_id, number, amount in db.session.execute(query.group_by(Listing.product_id, month)):
        if product_id in products:
            found[product_id][number] = amount.amount
    return found


def stale(at: datetime, counted: datetime) -> bool:
    """Whether the day has turned since."""
    return day_of(at) != day_of(counted)
