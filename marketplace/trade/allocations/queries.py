"""An edition's problem as it stands now, its runs, and who stands where."""

from collections.abc import Collection
from math import hypot

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing
from marketplace.trade.allocations.models import AllocationRun, AllocationTerms
from marketplace.trade.allocations.problem import Exhibitor, Gathering, Problem, Stand, Weights
from marketplace.trade.allocations.spots import Box, neighbours, quality
from marketplace.trade.exhibitors.models import (
    PLACED,
    Application,
    BoothWish,
    Placing,
    ShownGoods,
)
from marketplace.trade.exhibitors.placings import list_placed
from marketplace.trade.exhibitors.queries import points_of
from marketplace.trade.exhibitors.rules import score_of
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.queries import list_earlier
from marketplace.trade.fairs.rules import marks_of
from marketplace.trade.floorplans.models import Booth, Landmark, LandmarkKind
from marketplace.trade.floorplans.queries import list_booths

SQUARE_METRE = 10_000  # square centimetres


def terms_of(edition_id: int) -> tuple[Gathering, Weights]:
    """How sets lie in zones and what counts how much, as the officer chose, or as usual."""
    kept = db.session.get(AllocationTerms, edition_id)
    return (kept.gathering, Weights(**kept.weights)) if kept else (Gathering.FREE, Weights())


def list_runs(edition_id: int) -> list[AllocationRun]:
    """The runs of an edition, the latest first."""
    query = select(AllocationRun).where(AllocationRun.edition_id == edition_id)
    return list(db.session.scalars(query.order_by(AllocationRun.number.desc())))


def get_run(edition_id: int, number: int, *, hold: bool = False) -> AllocationRun:
    """A run, or NotFound."""
    query = select(AllocationRun).where(AllocationRun.edition_id == edition_id, AllocationRun.number == number)
    found = db.session.scalar(held(query) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_to_place(edition_id: int) -> list[Application]:
    """Applications that are to have a booth, with producer, wishes and goods, by code."""
    query = (
        select(Application)
        .where(Application.edition_id == edition_id, Application.state.in_(PLACED))
        .options(
            joinedload(Application.producer)
            .joinedload(Producer.commune)
            .options(joinedload(AdministrativeUnit.parent), joinedload(AdministrativeUnit.former_district)),
            selectinload(Application.goods)
            .joinedload(ShownGoods.listing)
            .joinedload(Listing.product)
            .load_only(Product.set_code),
            selectinload(Application.wishes).options(joinedload(BoothWish.zone), joinedload(BoothWish.booth)),
        )
        .order_by(Application.code)
    )
    return list(db.session.scalars(query))


def list_placings(edition_id: int) -> dict[int, Placing]:
    """Who stands where now, by application."""
    return {each.application_id: each for each in list_placed(edition_id)}


def take_problem(edition: Edition, *, province_code: str) -> Problem:
    """What there is to work out now. Pinned or published placings stay; an unpublished one is where it was last."""
    booths = list_booths(edition.id)
    placings = list_placings(edition.id)
    gathering, weights = terms_of(edition.id)
    people = list_to_place(edition.id)
    merits, owed = _merits([each.id for each in people]), _owed(edition)
    return Problem(
        stands=_stands(booths),
        exhibitors=tuple(
            _exhibitor(
                each, placings.get(each.id), merits.get(each.id, 0.0), owed.get(each.producer_id, 0.0), province_code
            )
            for each in people
        ),
        beside=neighbours([_box(booth) for booth in booths if not booth.blocked]),
        quotas={quota.place: quota.most for quota in edition.quotas},
        gathering=gathering,
        weights=weights,
    )


def _exhibitor(row: Application, at: Placing | None, merit: float, owed: float, province_code: str) -> Exhibitor:
    wishes = [wish.booth.code if wish.booth else f"z{wish.zone_id}" for wish in row.wishes]
    fixed = at is not None and (at.pinned or at.published_at is not None)
    return Exhibitor(
        key=row.code,
        sets=frozenset(each.listing.product.set_code for each in row.goods),
        places=frozenset(marks_of(row.producer.commune, province_code=province_code)),
        power_w=row.power_w,
        water=row.water,
        cold=row.cold,
        area=(row.least_area or 0) * SQUARE_METRE,
        wishes=tuple(wishes),
        corner=row.wants_corner,
        merit=merit,
        owed=owed,
        pinned=at.booth.code if at is not None and fixed else "",
        former=at.booth.code if at is not None else "",
    )


def _stands(booths: Collection[Booth]) -> tuple[Stand, ...]:
    doors, reaches = (
        _doors({booth.hall_id for booth in booths}),
        {b.hall_id: hypot(b.hall.width, b.hall.depth) for b in booths},
    )
    return tuple(
        Stand(
            key=booth.code,
            zone=f"z{booth.zone_id}" if booth.zone_id else "",
            power_w=booth.power_w,
            water=booth.water,
            cold=booth.cold,
            area=booth.area_cm2,
            corner=booth.open_sides > 1,
            quality=quality(_box(booth), doors, open_sides=booth.open_sides, reach=reaches[booth.hall_id]),
        )
        for booth in booths
        if not booth.blocked
    )


def _box(row: Booth | Landmark) -> Box:
    key = row.code if isinstance(row, Booth) else ""
    return Box(key, row.hall_id, row.x, row.y, row.width, row.depth)


def _doors(halls: Collection[int]) -> list[Box]:
    query = select(Landmark).where(Landmark.hall_id.in_(halls), Landmark.kind == LandmarkKind.ENTRANCE)
    return [_box(row) for row in db.session.scalars(query.order_by(Landmark.id))]


def _merits(applications: Collection[int]) -> dict[int, float]:
    """What officers gave each application, as it is ranked by."""
    return {row: float(score_of(points) or 0) for row, points in points_of(applications).items()}


def _owed(edition: Edition) -> dict[int, float]:
    """How poor a producer's last spot in the series was: 1 less what the spot was worth."""
    owed: dict[int, float] = {}
    for earlier in list_earlier(edition):
        stands = {stand.key: stand.quality for stand in _stands(list_booths(earlier.id))}
        for placing in list_placings(earlier.id).values():
            worth = stands.get(placing.booth.code)
            if placing.published_at is not None and worth is not None:
                owed.setdefault(placing.application.producer_id, round(1 - worth, 4))
    return owed
