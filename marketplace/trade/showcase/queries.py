"""Reading showcase points: the public directory, the office's register, a point's own desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.media.models import KeptFile
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import PublicListing, list_public
from marketplace.trade.showcase.models import (
    MoveKind,
    PlaceKind,
    PointGood,
    PointMove,
    PointPhoto,
    PointState,
    PointStock,
    PointVisit,
    ShowcasePoint,
    VisitPhoto,
)
from marketplace.trade.showcase.policies import KEEP_DESK, looked_after_by

MOST_PUBLIC = 500  # a province has some dozens


def list_open(*, kind: PlaceKind | None = None) -> list[ShowcasePoint]:
    """The points of the public directory, of one kind or all, by name; all at once, to be sorted by distance."""
    query = _loaded().where(ShowcasePoint.state == PointState.OPEN)
    if kind is not None:
        query = query.where(ShowcasePoint.kind == kind)
    return list(db.session.scalars(query.order_by(ShowcasePoint.name, ShowcasePoint.id).limit(MOST_PUBLIC)))


def get_open(slug: str) -> ShowcasePoint:
    """A point of the public directory, or NotFound."""
    return _one(_loaded().where(ShowcasePoint.slug == slug, ShowcasePoint.state == PointState.OPEN))


def list_slugs() -> list[str]:
    """The slugs of the public directory, in order."""
    query = select(ShowcasePoint.slug).where(ShowcasePoint.state == PointState.OPEN)
    return list(db.session.scalars(query.order_by(ShowcasePoint.slug)))


def list_showing(listing_id: int) -> list[ShowcasePoint]:
    """The public points that have a listing on display, by name, with commune, hours and closures."""
    shown = exists().where(PointGood.point_id == ShowcasePoint.id, PointGood.listing_id == listing_id)
    query = _loaded().where(shown, ShowcasePoint.state == PointState.OPEN)
    return list(db.session.scalars(query.order_by(ShowcasePoint.name, ShowcasePoint.id).limit(20)))


def goods_shown(point_ids: Iterable[int], *, on: date) -> dict[int, list[PublicListing]]:
    """What the public finds at each of these points on a day, by name: of the goods on display those that the public
    rule admits. A point with none is not in the answer.
    """
    query = select(PointGood.point_id, PointGood.listing_id).join(PointGood.listing)
    rows = db.session.execute(
        query.where(PointGood.point_id.in_(list(point_ids))).order_by(PointGood.point_id, Listing.name, Listing.id)
    ).all()
    public = {each.listing.id: each for each in list_public(sorted({row[1] for row in rows}), on=on)}
    found: dict[int, list[PublicListing]] = {}
    for point_id, listing_id in rows:
        if listing_id in public:
            found.setdefault(point_id, []).append(public[listing_id])
    return found


@dataclass(frozen=True)
class PointsAsked:
    """Which points: in a state, decided in a year, on a former district's land by its code; "" and None mean all."""

    state: PointState | None = None
    year: int | None = None
    district: str = ""


ALL_POINTS = PointsAsked()


def list_points(
    *, by: Actor, asked: PointsAsked = ALL_POINTS, page: int = 1, per_page: int = 30
) -> list[ShowcasePoint]:
    """A page of the points that an officer looks after, by name."""
    query = _of_office(_loaded(), by, asked).order_by(ShowcasePoint.name, ShowcasePoint.id)
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_points(*, by: Actor, asked: PointsAsked = ALL_POINTS) -> int:
    """How many `list_points` has in all."""
    return db.session.scalar(_of_office(select(func.count(ShowcasePoint.id)), by, asked)) or 0


def get_point(slug: str, *, by: Actor, hold: bool = False) -> ShowcasePoint:
    """A point that an officer looks after, or NotFound. `hold` keeps it from others until the block ends."""
    query = _loaded().where(ShowcasePoint.slug == slug, looked_after_by(by))
    return _one(held(query, ShowcasePoint) if hold else query)


def list_goods(point_id: int) -> list[PointGood]:
    """Everything on display at a point, by name, with the listings."""
    query = select(PointGood).join(PointGood.listing).options(contains_eager(PointGood.listing))
    return list(db.session.scalars(query.where(PointGood.point_id == point_id).order_by(Listing.name, Listing.id)))


def get_photo(point_id: int, name: str) -> PointPhoto:
    """A photograph of a point by its picture's name, or NotFound."""
    query = select(PointPhoto).where(PointPhoto.point_id == point_id).options(joinedload(PointPhoto.picture))
    for photo in db.session.scalars(query.order_by(PointPhoto.id)):
        if photo.picture.name == name:
            return photo
    raise NotFound


def list_visits(point_id: int, *, page: int = 1, per_page: int = 20) -> list[PointVisit]:
    """A page of the visits to a point with their photographs, newest first."""
    query = (
        select(PointVisit)
        .where(PointVisit.point_id == point_id)
        .options(selectinload(PointVisit.photos).joinedload(VisitPhoto.file))
    )
    query = query.order_by(PointVisit.visited_on.desc(), PointVisit.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_visits(point_id: int) -> int:
    """How many visits to a point there were."""
    return db.session.scalar(select(func.count(PointVisit.id)).where(PointVisit.point_id == point_id)) or 0


def get_visit_file(slug: str, code: str, *, by: Actor) -> KeptFile:
    """A visit's photograph by its file's code, for an officer who looks after the point, or NotFound."""
    found = db.session.scalar(
        select(KeptFile)
        .join(VisitPhoto, VisitPhoto.file_id == KeptFile.id)
        .join(PointVisit, PointVisit.id == VisitPhoto.visit_id)
        .join(ShowcasePoint, ShowcasePoint.id == PointVisit.point_id)
        .where(ShowcasePoint.slug == slug, KeptFile.code == code, looked_after_by(by))
    )
    if found is None:
        raise NotFound
    return found


def list_own(by: Actor) -> list[ShowcasePoint]:
    """The points whose desk the acting person's organisation keeps, by name."""
    query = _own(by).order_by(ShowcasePoint.name, ShowcasePoint.id)
    return list(db.session.scalars(query.limit(MOST_PUBLIC)))


def keeps_points(by: Actor) -> bool:
    """Whether there are any."""
    organisation = by.organisation_id if KEEP_DESK.held_by(by) else None
    query = select(ShowcasePoint.id).where(ShowcasePoint.organisation_id == (organisation or 0))
    return db.session.scalar(query.limit(1)) is not None


def get_own_point(slug: str, *, by: Actor, hold: bool = False) -> ShowcasePoint:
    """One of them; any other is NotFound. `hold` keeps it from others until the block ends."""
    query = _own(by).where(ShowcasePoint.slug == slug)
    return _one(held(query, ShowcasePoint) if hold else query)


def list_stock(point_id: int) -> list[PointStock]:
    """What a point holds, by product and variant; what is used up too, so that it can be received again."""
    query = (
        select(PointStock)
        .join(PointStock.variant)
        .join(Variant.listing)
        .options(contains_eager(PointStock.variant).contains_eager(Variant.listing))
        .where(PointStock.point_id == point_id)
    )
    return list(db.session.scalars(query.order_by(Listing.name, Variant.position, Variant.id)))


def list_moves(point_id: int, *, page: int = 1, per_page: int = 30) -> list[PointMove]:
    """A page of what came and went, the newest day first and of a day what was written last, with variants."""
    query = select(PointMove).options(joinedload(PointMove.variant).joinedload(Variant.listing))
    query = query.where(PointMove.point_id == point_id).order_by(PointMove.day.desc(), PointMove.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_moves(point_id: int) -> int:
    """How many moves there were."""
    return db.session.scalar(select(func.count(PointMove.id)).where(PointMove.point_id == point_id)) or 0


def undone(move_ids: Iterable[int]) -> set[int]:
    """Which of these moves were undone."""
    return set(db.session.scalars(select(PointMove.undoes_id).where(PointMove.undoes_id.in_(list(move_ids)))))


@dataclass(frozen=True)
class SoldOn:
    """What a point sold on a day."""

    day: date
    units: int
    amount: Money


def sold_by_day(point_id: int, *, first: date, last: date) -> list[SoldOn]:
    """A point's sales, day by day, newest first; what was undone is not counted, nor days without."""
    back = aliased(PointMove)
    query = (
        select(PointMove.day, func.sum(PointMove.units), func.sum(PointMove.units * PointMove.unit_price))
        .where(PointMove.point_id == point_id, PointMove.kind == MoveKind.SOLD, PointMove.day.between(first, last))
        .where(~exists().where(back.undoes_id == PointMove.id))
        .group_by(PointMove.day)
        .order_by(PointMove.day.desc())
    )
    return [SoldOn(row[0], int(row[1]), _dong(row[2])) for row in db.session.execute(query)]


def _dong(amount: Any) -> Money:
    """A sum of money columns, as the database gives it."""
    return amount if isinstance(amount, Money) else Money(int(amount))


def _own(by: Actor) -> Select[ShowcasePoint]:
    organisation = by.organisation_id if KEEP_DESK.held_by(by) else None
    return _loaded().where(ShowcasePoint.organisation_id == (organisation or 0))


def _of_office(query: Select[Any], by: Actor, asked: PointsAsked) -> Select[Any]:
    query = query.where(looked_after_by(by))
    if asked.state is not None:
        query = query.where(ShowcasePoint.state == asked.state)
    if asked.year is not None:
        query = query.where(ShowcasePoint.decided_on.between(date(asked.year, 1, 1), date(asked.year, 12, 31)))
    if asked.district:
        former = AdministrativeUnit.former_district.has(AdministrativeUnit.code == asked.district)
        query = query.where(ShowcasePoint.commune.has(former))
    return query


def _loaded() -> Select[ShowcasePoint]:
    return select(ShowcasePoint).options(
        joinedload(ShowcasePoint.commune).options(
            joinedload(AdministrativeUnit.parent), joinedload(AdministrativeUnit.former_district)
        ),
        joinedload(ShowcasePoint.organisation),
        joinedload(ShowcasePoint.pickup),
        selectinload(ShowcasePoint.hours),
        selectinload(ShowcasePoint.closures),
        selectinload(ShowcasePoint.photos).joinedload(PointPhoto.picture),
    )


def _one(query: Select[ShowcasePoint]) -> ShowcasePoint:
    point = db.session.scalar(query)
    if point is None:
        raise NotFound
    return point
