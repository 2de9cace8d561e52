"""Reading placements, their counts, and who is seen how often."""

from collections.abc import Collection as Many
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.queries import public
from marketplace.trade.collections.models import Collection as Shelf
from marketplace.trade.collections.models import CollectionItem
from marketplace.trade.promotion.models import A_TURN, Audience, Place, Placement, PlacementDay
from marketplace.trade.promotion.standing import goods_of, hindrance


def _loaded() -> Select[Placement]:
    return select(Placement).options(
        joinedload(Placement.listing),
        joinedload(Placement.collection),
        joinedload(Placement.producer).joinedload(Producer.commune),
    )


def _live(on: date) -> ColumnElement[bool]:
    return and_(Placement.withdrawn_at.is_(None), Placement.first_day <= on, Placement.last_day >= on)


ORDER = (Placement.place, Placement.category, Placement.position, Placement.id)


def list_on(on: date, *, audience: Audience, places: Many[Place], category: str = "") -> list[Placement]:
    """What is meant to be shown on a day to readers of a language, in the curators' order."""
    query = _loaded().where(_live(on), Placement.place.in_(places), Placement.category == category)
    query = query.where(Placement.audience.in_([Audience.BOTH, audience]))
    return list(db.session.scalars(query.order_by(*ORDER)))


def list_running(on: date) -> list[Placement]:
    """Everything that is meant to be shown on a day, at every place."""
    return list(db.session.scalars(_loaded().where(_live(on)).order_by(*ORDER)))


def count_hindered(on: date) -> int:
    """How many placements of today cannot be shown."""
    running = list_running(on)
    goods = goods_of(running, on=on, hidden=frozenset()) if running else None
    return sum(goods is not None and hindrance(each, goods) is not None for each in running)


def get_placement(code: str, *, hold: bool = False) -> Placement:
    """A placement with what it shows, or NotFound; `hold` keeps it from others until the block ends."""
    query = _loaded().where(Placement.code == code)
    found = db.session.scalar(held(query, Placement) if hold else query)
    if found is None:
        raise NotFound
    return found


def _kept(place: Place, on: date, past: bool) -> tuple[ColumnElement[bool], ...]:
    over = or_(Placement.withdrawn_at.is_not(None), Placement.last_day < on)
    return Placement.place == place, over if past else ~over


def list_kept(place: Place, *, on: date, past: bool, page: int = 1, per_page: int = 50) -> list[Placement]:
    """What is or will be shown at a place, in the curators' order; or, `past`, what was, the latest first."""
    order = (Placement.last_day.desc(), Placement.id.desc()) if past else ORDER
    query = _loaded().where(*_kept(place, on, past)).order_by(*order)
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_kept(place: Place, *, on: date, past: bool) -> int:
    """How many such there are."""
    return db.session.scalar(select(func.count(Placement.id)).where(*_kept(place, on, past))) or 0


def count_by_place(on: date) -> dict[Place, int]:
    """How many placements are or will be shown at each place; one with none is not in the answer."""
    query = select(Placement.place, func.count()).where(Placement.withdrawn_at.is_(None), Placement.last_day >= on)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Placement.place))}


def hold_place(place: Place, category: str) -> list[Placement]:
    """What is not taken off at a place, past or to come, in order; held until the block ends."""
    query = select(Placement).where(
        Placement.place == place, Placement.category == category, Placement.withdrawn_at.is_(None)
    )
    return list(db.session.scalars(held(query.order_by(Placement.position, Placement.id))))


def hold_target(placement: Placement) -> None:
    """Keep others from placing the same until the block ends."""
    targets = ((Listing, placement.listing_id), (Producer, placement.producer_id), (Shelf, placement.collection_id))
    for model, id_ in targets:
        if id_ is not None:
            db.session.scalar(held(select(model.id).where(model.id == id_)))


def stands_already(placement: Placement, first: date, last: date, audience: Audience) -> bool:
    """Whether another placement shows the same there on one of these days to some of the same readers."""
    same = and_(
        Placement.listing_id.is_not_distinct_from(placement.listing_id),
        Placement.producer_id.is_not_distinct_from(placement.producer_id),
        Placement.collection_id.is_not_distinct_from(placement.collection_id),
    )
    query = select(Placement.id).where(same, Placement.place == placement.place, Placement.id != (placement.id or 0))
    query = query.where(Placement.category == placement.category, Placement.withdrawn_at.is_(None))
    query = query.where(Placement.first_day <= last, Placement.last_day >= first)
    if audience is not Audience.BOTH:
        query = query.where(Placement.audience.in_([Audience.BOTH, audience]))
    return db.session.scalar(query.limit(1)) is not None


def counts_of(placement_ids: Many[int], *, since: date) -> dict[int, tuple[int, int]]:
    """How often each was shown and followed since a day; one without any count is not in the answer."""
    query = select(PlacementDay.placement_id, func.sum(PlacementDay.shown), func.sum(PlacementDay.clicked))
    query = query.where(PlacementDay.placement_id.in_(placement_ids), PlacementDay.day >= since)
    return {row[0]: (int(row[1]), int(row[2])) for row in db.session.execute(query.group_by(PlacementDay.placement_id))}


def list_days(placement_id: int, *, limit: int = 60) -> list[PlacementDay]:
    """What each of its last days saw of it, the earliest first."""
    query = select(PlacementDay).where(PlacementDay.placement_id == placement_id)
    return list(db.session.scalars(query.order_by(PlacementDay.day.desc()).limit(limit)))[::-1]


@dataclass(frozen=True)
class Seen:
    """A certified producer and how often its goods, or itself, were shown and followed."""

    producer_id: int
    slug: str
    name: str
    products: int
    shown: int
    clicked: int


def list_seen(*, since: date, on: date, page: int = 1, per_page: int = 30) -> list[Seen]:
    """Verified producers with public products, those least seen since a day first.

    A collection counts for each producer that has a product in it.
    """
    have, seen = _have(on), _seen_by_producer(since)
    shown, clicked = func.coalesce(seen.c.shown, 0), func.coalesce(seen.c.clicked, 0)
    query = (
        select(Producer.id, Producer.slug, Producer.name, have.c.products, shown, clicked)
        .join(have, have.c.producer_id == Producer.id)
        .outerjoin(seen, seen.c.producer_id == Producer.id)
        .order_by(shown, clicked, Producer.name, Producer.id)
    )
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return [Seen(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5])) for row in rows]


def count_seen(*, since: date, on: date) -> tuple[int, int]:
    """How many such producers there are, and how many of them nobody saw."""
    have, seen = _have(on), _seen_by_producer(since)
    joined = have.outerjoin(seen, seen.c.producer_id == have.c.producer_id)
    unseen = func.sum(case((func.coalesce(seen.c.shown, 0) == 0, 1), else_=0))
    total, nobody = db.session.execute(select(func.count(), unseen).select_from(joined)).one()
    return int(total), int(nobody or 0)


def _have(on: date) -> Subquery:
    counted = public(on).with_only_columns(Producer.id.label("producer_id"), func.count().label("products"))
    return counted.group_by(Producer.id).subquery()


def _seen_by_producer(since: date) -> Subquery:
    """Counts since a day by producer: of its products, of itself, of collections that hold a product of its."""
    counts = (PlacementDay.shown.label("shown"), PlacementDay.clicked.label("clicked"))
    of_product = (
        select(Product.producer_id.label("producer_id"), *counts)
        .select_from(PlacementDay)
        .join(Placement, Placement.id == PlacementDay.placement_id)
        .join(Listing, Listing.id == Placement.listing_id)
        .join(Product, Product.id == Listing.product_id)
    )
    of_itself = (
        select(Placement.producer_id.label("producer_id"), *counts)
        .select_from(PlacementDay)
        .join(Placement, Placement.id == PlacementDay.placement_id)
        .where(Placement.producer_id.is_not(None))
    )
    inside = (
        select(CollectionItem.collection_id, Product.producer_id)
        .join(Listing, Listing.id == CollectionItem.listing_id)
        .join(Product, Product.id == Listing.product_id)
        .distinct()
        .subquery()
    )
    of_collection = (
        select(inside.c.producer_id, *counts)
        .select_from(PlacementDay)
        .join(Placement, Placement.id == PlacementDay.placement_id)
        .join(inside, inside.c.collection_id == Placement.collection_id)
    )
    each = union_all(*(part.where(PlacementDay.day >= since) for part in (of_product, of_itself, of_collection)))
    rows = each.subquery()
    summed = (func.sum(rows.c.shown).label("shown"), func.sum(rows.c.clicked).label("clicked"))
    return select(rows.c.producer_id, *summed).group_by(rows.c.producer_id).subquery()


def list_turns(producer_ids: Many[int], *, on: date) -> dict[int, date]:
    """Which of these producers have a product in the featured row now or to come, with the first such day."""
    query = (
        select(Product.producer_id, func.min(Placement.first_day))
        .select_from(Placement)
        .join(Listing, Listing.id == Placement.listing_id)
        .join(Product, Product.id == Listing.product_id)
        .where(Placement.place == Place.FEATURED_ROW, Placement.withdrawn_at.is_(None), Placement.last_day >= on)
        .where(Product.producer_id.in_(producer_ids))
        .group_by(Product.producer_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def officers() -> list[User]:
    """Those who curate: officers of the province and administrators who are not disabled."""
    query = select(User).where(User.role.in_([Role.PROVINCE_OFFICER, Role.ADMIN]), User.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(User.id)))


def list_untold(on: date) -> list[Placement]:
    """What should be shown today and of which staff were not told yet that it cannot be."""
    return list(db.session.scalars(_loaded().where(_live(on), Placement.told_at.is_(None)).order_by(*ORDER)))


def spans_of_turns(*, on: date) -> Iterable[tuple[date, date]]:
    """The first and last day of every turn given that is not over."""
    query = select(Placement.first_day, Placement.last_day).where(
        Placement.key.startswith(A_TURN), Placement.withdrawn_at.is_(None), Placement.last_day >= on
    )
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Placement.id))]


def begun_before(listing_ids: Many[int], place: Place, *, on: date) -> set[int]:
    """Which of these products have a placement at a place that is not over."""
    query = select(Placement.listing_id).where(
        Placement.place == place,
        Placement.withdrawn_at.is_(None),
        Placement.last_day >= on,
        Placement.listing_id.in_(listing_ids),
    )
    return {found for found in db.session.scalars(query) if found is not None}
