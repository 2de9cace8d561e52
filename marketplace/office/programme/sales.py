"""What sells: sums as the worker counted them, and the rows behind. A sale is a line of a part that was delivered.

Its day is the day of its order; its amount the goods' price, before vouchers; who made it, of which kind and led by
whom, is as the register has it today.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import contains_eager

from marketplace.office.evidence.queries import SOLD
from marketplace.office.outreach.policies import units_within
from marketplace.office.outreach.queries import Rows
from marketplace.office.programme.models import Dimension, EffectKind, SalesChange, SalesCount, SalesEffect, SalesSum
from marketplace.office.programme.register import Narrowed
from marketplace.office.programme.rules import Change, last_whole_month, month_number, month_of
from marketplace.people.places.models import AdministrativeUnit, Level
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.producers.policies import producers_within, sees_all
from marketplace.people.verification.models import Verification
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import midnight
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Certificate, Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.orders.models import Order, OrderLine, OrderPart

NOTHING, EVERYWHERE = Money(0), Narrowed()
WOMAN, MINORITY, BOTH, OTHERS = "woman", "minority", "both", "others"


@dataclass(frozen=True)
class Sold:
    """A key's sales: this year so far, of it the whole months, and the same months of the year before."""

    lines: int = 0
    amount: Money = NOTHING
    whole: Money = NOTHING
    before: Money = NOTHING


@dataclass(frozen=True)
class YearSales:
    """A year's sales by what they are told apart by; `months_compared`: how many whole months stand on both sides."""

    year: int
    months_compared: int
    by: Mapping[str, Mapping[str, Sold]]  # "set", "kind", "led", "district" (by its row) to keys
    months: Mapping[date, Money]  # of two years
    total: Sold


def as_of() -> SalesCount | None:
    """When the sums were last counted; None: not yet."""
    return db.session.get(SalesCount, 1)


def sales_of(year: int, *, by: Actor, on: date) -> YearSales:
    """The sums of a year beside the same whole months of the year before, of what the officer sees."""
    first, last = month_number(date(year, 1, 1)), min(last_whole_month(on), month_number(date(year, 12, 1)))
    found: dict[str, dict[str, Sold]] = {name: {} for name in ("set", "kind", "led", "district")}
    months: dict[date, Money] = {}
    for month, dimension, key, lines, amount in _sums(year, by):
        _add(found[dimension.value], key, _period(month, first, last), lines, amount)
        if dimension is Dimension.KIND:
            months[month] = months.get(month, NOTHING) + amount
    for month, district, lines, amount in _by_district(year, by):
        _add(found["district"], str(district or ""), _period(month, first, last), lines, amount)
    total = Sold()
    for sold in found["kind"].values():
        total = _together(total, sold)
    return YearSales(year, max(0, last - first + 1), found, months, total)


def _period(month: date, first: int, last: int) -> str:
    """Whether a month of the year is over or still open, or stands beside one that is over; "" for none of these."""
    number = month_number(month)
    if number >= first:
        return "whole" if number <= last else "open"
    return "before" if number + 12 <= last else ""


def _sums(year: int, by: Actor) -> Iterable[Any]:
    """Two years' sums by month of the officer's own unit; of every province for who sees all."""
    provinces = select(AdministrativeUnit.id).where(AdministrativeUnit.level == Level.PROVINCE)
    own = SalesSum.unit_id.in_(provinces) if sees_all(by) else SalesSum.unit_id == by.unit_id
    columns = (SalesSum.month, SalesSum.dimension, SalesSum.key)
    query = select(*columns, func.sum(SalesSum.lines), func.sum(SalesSum.amount)).where(own, _two_years(year))
    return db.session.execute(query.group_by(*columns).order_by(*columns))


def _by_district(year: int, by: Actor) -> Iterable[Any]:
    """Two years' sums by month and former district of the communes that the officer sees."""
    columns = (SalesSum.month, AdministrativeUnit.former_district_id)
    query = (
        select(*columns, func.sum(SalesSum.lines), func.sum(SalesSum.amount))
        .join(AdministrativeUnit, AdministrativeUnit.id == SalesSum.unit_id)
        .where(
            AdministrativeUnit.level == Level.COMMUNE,
            units_within(by, SalesSum.unit_id),
            SalesSum.dimension == Dimension.KIND,
            _two_years(year),
        )
    )
    return db.session.execute(query.group_by(*columns).order_by(*columns))


def _two_years(year: int) -> ColumnElement[bool]:
    return SalesSum.month.between(date(year - 1, 1, 1), date(year, 12, 1))


def _add(keys: dict[str, Sold], key: str, period: str, lines: int, amount: Money) -> None:
    if not period:
        return
    more = Sold(
        lines=0 if period == "before" else int(lines),
        amount=NOTHING if period == "before" else amount,
        whole=amount if period == "whole" else NOTHING,
        before=amount if period == "before" else NOTHING,
    )
    keys[key] = _together(keys.get(key, Sold()), more)


def _together(one: Sold, other: Sold) -> Sold:
    return Sold(one.lines + other.lines, one.amount + other.amount, one.whole + other.whole, one.before + other.before)


@dataclass(frozen=True)
class SalesAsked:
    """Which sales: of a year or one of its months (1 to 12), of a district, commune or set, a kind, who leads."""

    year: int
    month: int = 0
    narrowed: Narrowed = EVERYWHERE
    kind: ProducerKind | None = None
    led: str = ""


def led_by() -> ColumnElement[str]:
    """Who leads a producer, of the four that official statistics tell apart; joined with `Verification`, or without."""
    woman, minority = Verification.led_by_woman.is_(True), Verification.led_by_minority.is_(True)
    return case((woman & minority, BOTH), (woman, WOMAN), (minority, MINORITY), else_=OTHERS)


def sold_lines(query: Rows) -> Rows:
    """The query over delivered lines with their order, product, producer, its commune and who leads it."""
    return (
        query.select_from(OrderLine)
        .join(OrderPart, OrderPart.id == OrderLine.part_id)
        .join(Order, Order.id == OrderPart.order_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Product, Product.id == Listing.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .join(AdministrativeUnit, AdministrativeUnit.id == Producer.commune_id)
        .outerjoin(Verification, Verification.producer_id == Producer.id)
        .where(OrderPart.state.in_(SOLD))
    )


def sales_rows(asked: SalesAsked, *, by: Actor) -> Rows:
    """The lines behind a sum, the latest first: when, order, product, producer, commune, how many, how much."""
    query = sold_lines(
        select(
            Order.placed_at,
            Order.number,
            Product.code,
            Product.name,
            Producer.name,
            Producer.slug,
            AdministrativeUnit.name,
            OrderLine.quantity,
            OrderLine.line_total,
        )
    ).where(*_asked(asked, by))
    return query.order_by(Order.placed_at.desc(), OrderLine.id.desc())


def count_sales_rows(asked: SalesAsked, *, by: Actor) -> int:
    """How many lines `sales_rows` has: of the tables it joins, only those that what is asked needs."""
    query = (
        select(func.count())
        .select_from(OrderLine)
        .join(OrderPart, OrderPart.id == OrderLine.part_id)
        .join(Order, Order.id == OrderPart.order_id)
        .join(Producer, Producer.id == OrderPart.producer_id)
        .join(AdministrativeUnit, AdministrativeUnit.id == Producer.commune_id)
    )
    if asked.narrowed.set_code:
        query = query.join(Variant, Variant.id == OrderLine.variant_id)
        query = query.join(Listing, Listing.id == Variant.listing_id).join(Product, Product.id == Listing.product_id)
    if asked.led:
        query = query.outerjoin(Verification, Verification.producer_id == Producer.id)
    return db.session.scalar(query.where(OrderPart.state.in_(SOLD), *_asked(asked, by))) or 0


def _asked(asked: SalesAsked, by: Actor) -> list[ColumnElement[bool]]:
    first = date(asked.year, asked.month or 1, 1)
    last = month_of(month_number(first) + (1 if asked.month else 12))
    found = [Order.placed_at >= midnight(first), Order.placed_at < midnight(last), producers_within(by)]
    found += asked.narrowed.conditions(Product.set_code)
    if asked.kind is not None:
        found.append(Producer.kind == asked.kind)
    if asked.led:
        found.append(led_by().in_((asked.led, BOTH) if asked.led in (WOMAN, MINORITY) else (asked.led,)))
    return found


def women_and_minority(led: Mapping[str, Sold]) -> dict[str, Sold]:
    """Led by women, led by people of a minority (who is both counts in each), and by neither."""
    found = {key: led.get(key, Sold()) for key in (WOMAN, MINORITY, OTHERS)}
    for key in (WOMAN, MINORITY):
        found[key] = _together(found[key], led.get(BOTH, Sold()))
    return found


def effect_rows(kind: EffectKind, *, by: Actor, narrowed: Narrowed = EVERYWHERE) -> Rows:
    """What was compared before and after, the latest certificate first."""
    query = (
        select(SalesEffect)
        .join(SalesEffect.certificate)
        .join(Certificate.product)
        .join(Product.producer)
        .join(Producer.commune)
        .where(SalesEffect.kind == kind, producers_within(by), *narrowed.conditions(Product.set_code))
    )
    eager = contains_eager(SalesEffect.certificate).contains_eager(Certificate.product)
    query = query.options(eager.contains_eager(Product.producer).contains_eager(Producer.commune))
    return query.order_by(SalesEffect.pairs.desc(), Certificate.issued_on.desc(), Certificate.id.desc())


def effects_of(*, by: Actor) -> Mapping[EffectKind, Change]:
    """What certification and upgrade came to, over the products that the officer sees, as the worker counted it."""
    unit = SalesChange.unit_id
    own = unit.is_(None) if sees_all(by) else and_(unit.is_not(None), unit == by.unit_id)
    found = {kind: Change(0, 0, 0, 0, None, None) for kind in EffectKind}
    for row in db.session.scalars(select(SalesChange).where(own)):
        found[row.kind] = Change(row.products, row.left_out, row.before.amount, row.after.amount, row.low, row.high)
    return found
