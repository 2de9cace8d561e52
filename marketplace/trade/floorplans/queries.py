"""Reading plans: halls, booths and landmarks as they stand, the plans as they were saved."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.trade.floorplans.models import Booth, Hall, Landmark, SavedPlan
from marketplace.trade.floorplans.rules import BoothPlan, HallPlan, LandmarkPlan, Layout


def list_halls(edition_id: int) -> list[Hall]:
    """An edition's halls in the office's order."""
    return list(db.session.scalars(select(Hall).where(Hall.edition_id == edition_id).order_by(Hall.number)))


def _booths(edition_id: int) -> Select[Booth]:
    query = select(Booth).join(Booth.hall).options(joinedload(Booth.hall), joinedload(Booth.zone))
    return query.where(Booth.edition_id == edition_id)


def list_booths(edition_id: int) -> list[Booth]:
    """Its booths with hall and zone, by hall and label."""
    return list(db.session.scalars(_booths(edition_id).order_by(Hall.number, Booth.label, Booth.id)))


def get_booth(edition_id: int, code: str) -> Booth:
    """A booth of an edition with hall and zone, or NotFound."""
    found = db.session.scalar(_booths(edition_id).where(Booth.code == code))
    if found is None:
        raise NotFound
    return found


def list_landmarks(edition_id: int) -> list[Landmark]:
    """What else stands in its halls."""
    query = select(Landmark).join(Landmark.hall).options(joinedload(Landmark.hall))
    return list(db.session.scalars(query.where(Hall.edition_id == edition_id).order_by(Hall.number, Landmark.id)))


def layout_of(edition_id: int) -> Layout:
    """The plan as it stands, for rules: in three queries, however many booths."""
    return drawn(list_halls(edition_id), list_booths(edition_id), list_landmarks(edition_id))


def drawn(halls: Sequence[Hall], booths: Sequence[Booth], landmarks: Sequence[Landmark]) -> Layout:
    """Rows as a layout."""
    return Layout(
        tuple(HallPlan(each.name, each.width, each.depth, each.name_en) for each in halls),
        tuple(_drawn(each) for each in booths),
        tuple(
            LandmarkPlan(each.hall.number, each.kind, each.x, each.y, each.width, each.depth, each.label)
            for each in landmarks
        ),
    )


def _drawn(booth: Booth) -> BoothPlan:
    return BoothPlan(
        code=booth.code,
        hall=booth.hall.number,
        label=booth.label,
        x=booth.x,
        y=booth.y,
        width=booth.width,
        depth=booth.depth,
        price=booth.price.amount,
        power_w=booth.power_w,
        water=booth.water,
        cold=booth.cold,
        open_sides=booth.open_sides,
        zone=booth.zone.number if booth.zone else None,
        blocked=booth.blocked,
    )


def newest_number(edition_id: int) -> int:
    """The number of the plan that stands; 0 before the first."""
    query = select(SavedPlan.number).where(SavedPlan.edition_id == edition_id)
    return db.session.scalar(query.order_by(SavedPlan.number.desc()).limit(1)) or 0


def list_plans(edition_id: int, *, most: int = 20) -> list[SavedPlan]:
    """The plans as they were saved, the newest first."""
    query = select(SavedPlan).where(SavedPlan.edition_id == edition_id)
    return list(db.session.scalars(query.order_by(SavedPlan.number.desc()).limit(most)))


def get_plan(edition_id: int, number: int) -> SavedPlan:
    """One of them, or NotFound."""
    query = select(SavedPlan).where(SavedPlan.edition_id == edition_id, SavedPlan.number == number)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found
