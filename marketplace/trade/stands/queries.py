"""A stand's sales and takings, and the orders that began there."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, func, select, type_coerce
from sqlalchemy.orm import joinedload, selectinload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import Dong
from marketplace.shop.catalog.models import Variant
from marketplace.shop.orders.models import Order, OrderPart, PartState
from marketplace.trade.exhibitors.models import Application, ApplicationState, Placing
from marketplace.trade.fairs.models import PLACED, Edition
from marketplace.trade.stands.models import DayTakings, StandSale, StandSaleLine

NOTHING = Money(0)
FELL_THROUGH = (PartState.DECLINED, PartState.CANCELLED, PartState.RETURNED, PartState.UNDELIVERED)


def get_public_stand(slug: str, code: str) -> Application:
    """A stand that the public may see: confirmed, its booth published, at an edition whose places are given."""
    placed = select(Placing.id).where(
        Placing.application_id == Application.id, Placing.released_at.is_(None), Placing.published_at.is_not(None)
    )
    query = (
        select(Application)
        .join(Application.edition)
        .where(
            Edition.slug == slug,
            Edition.state.in_(PLACED),
            Application.code == code,
            Application.state == ApplicationState.CONFIRMED,
            placed.exists(),
        )
        .options(joinedload(Application.edition), joinedload(Application.producer).joinedload(Producer.commune))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def list_sales(application_id: int, *, limit: int = 200) -> list[StandSale]:
    """A stand's sales with their goods, the latest first, those voided too."""
    query = _sales().where(StandSale.application_id == application_id)
    return list(db.session.scalars(query.order_by(StandSale.sold_at.desc(), StandSale.id.desc()).limit(limit)))


def get_sale(application_id: int, code: str) -> StandSale:
    """A sale of a stand, held until the block ends, or NotFound."""
    query = _sales().where(StandSale.application_id == application_id, StandSale.code == code)
    found = db.session.scalar(held(query, StandSale))
    if found is None:
        raise NotFound
    return found


def find_by_key(key: str) -> StandSale | None:
    """The sale that was entered under a key."""
    return db.session.scalar(_sales().where(StandSale.key == key))


def _sales() -> Select[StandSale]:
    line = selectinload(StandSale.lines).joinedload(StandSaleLine.variant).joinedload(Variant.listing)
    return select(StandSale).options(line)


def list_takings(application_id: int) -> dict[date, DayTakings]:
    """What each day took besides, by day."""
    query = select(DayTakings).where(DayTakings.application_id == application_id)
    return {row.day: row for row in db.session.scalars(query.order_by(DayTakings.day))}


def by_day(applications: Collection[int]) -> dict[int, dict[date, Money]]:
    """What was taken at each stand, day by day: sales entered and what came besides."""
    taken: dict[int, dict[date, Money]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
    sold = (
        select(
            StandSale.application_id,
            StandSale.sold_at,
            type_coerce(func.sum(StandSaleLine.quantity * StandSaleLine.price), Dong),
        )
        .join(StandSaleLine, StandSaleLine.sale_id == StandSale.id)
        .where(StandSale.application_id.in_(applications), StandSale.voided_at.is_(None))
        .group_by(StandSale.id, StandSale.application_id, StandSale.sold_at)
    )
    for application, at, amount in db.session.execute(sold):
        taken[application][day_of(at)] += amount
    besides = select(DayTakings).where(DayTakings.application_id.in_(applications))
    for row in db.session.scalars(besides):
        taken[row.application_id][row.day] += row.amount
    return {application: dict(sorted(days.items())) for application, days in taken.items()}


def list_orders_of(applications: Collection[Application]) -> dict[int, list[OrderPart]]:
    """Parts of orders that began at a stand and are its producer's, but those that fell through, by application."""
    known = {came_by(each.code): each for each in applications}
    query = (
        select(OrderPart, Order.came_by)
        .join(OrderPart.order)
        .where(Order.came_by.in_(known), OrderPart.state.not_in(FELL_THROUGH))
        .order_by(OrderPart.id)
    )
    found: dict[int, list[OrderPart]] = defaultdict(list)
    for part, origin in db.session.execute(query):
        if part.producer_id == known[origin].producer_id:
            found[known[origin].id].append(part)
    return dict(found)


def came_by(code: str) -> str:
    """What an order that began at a stand says of where it came from."""
    return f"fair:{code}"
