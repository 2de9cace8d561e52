"""A plan is saved whole, by whoever knows the newest; every saved plan is kept and may stand again."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.ids import ALPHABET, random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.services.steps import office_edition
from marketplace.trade.floorplans.models import Booth, Hall, Landmark, SavedPlan
from marketplace.trade.floorplans.queries import get_plan, layout_of, list_halls, newest_number
from marketplace.trade.floorplans.rules import BoothPlan, HallPlan, LandmarkPlan, Layout, check_layout

OVER = (EditionState.CLOSED, EditionState.REPORTED, EditionState.CANCELLED)
NO_ZONE = N_("Khu này không còn trong kế hoạch.")
_OURS = re.compile(f"GH[{ALPHABET}]{{8}}")
Holds = Callable[[int], Collection[str]]  # codes of an edition's booths that somebody holds


class PlanChanged(Conflict):
    """Somebody saved meanwhile; what was drawn here is not lost, and not saved."""

    code = "plan_changed"
    message = N_("Người khác vừa lưu mặt bằng này. Việc bạn vừa làm chưa lưu; xem bản mới rồi làm lại.")


class BoothTaken(Conflict):
    """An exhibitor is placed there, or was and it is on record."""

    code = "booth_taken"
    message = N_("Gian %(booths)s đang có nơi làm nên không bỏ và không khóa được. Chuyển nơi làm ấy trước.")


class PlanOver(Conflict):
    """The fair is over or called off."""

    code = "plan_over"
    message = N_("Hội chợ đã xong hoặc đã hủy nên mặt bằng không sửa được nữa.")


def held_by_none(_edition_id: int) -> frozenset[str]:
    """Nobody is placed anywhere."""
    return frozenset()


def save_plan(
    *, code: str, layout: Layout, base_number: int, by: Actor, at: datetime, holds: Holds = held_by_none
) -> SavedPlan:
    """The whole plan at once; `base_number` is the plan that was begun with, 0 for none.

    A booth keeps its code; a new one gets one. `holds` is asked, once nobody else can change the edition, which booths
    are held: such a one may move, but neither go nor be blocked. Raises PlanChanged, BoothTaken, and Invalid by booth.
    """
    edition = _workable(code, by)
    if newest_number(edition.id) != base_number:
        raise PlanChanged
    _check(edition, layout)
    _keep_held(layout_of(edition.id), layout, holds(edition.id))
    halls = _put_halls(edition, layout.halls)
    layout = _put_booths(edition, layout, halls)
    _put_landmarks(halls, layout.landmarks)
    _drop_halls(edition, len(layout.halls))
    plan = SavedPlan(edition_id=edition.id, number=base_number + 1, layout=layout.to_json())
    plan.saved_at, plan.saved_by = at, by.name
    db.session.add(plan)
    db.session.flush()
    detail = {"number": plan.number, "booths": len(layout.booths)}
    record(by=by, action="fair.plan_saved", subject_type="fair", subject=code, at=at, detail=detail)
    return plan


def restore_plan(
    *, code: str, number: int, base_number: int, by: Actor, at: datetime, holds: Holds = held_by_none
) -> SavedPlan:
    """Let an earlier plan stand again, as a new one; booths that were gone come back under their codes.

    A booth whose zone is gone meanwhile comes back without one.
    """
    edition = _workable(code, by)
    layout = Layout.from_json(get_plan(edition.id, number).layout)
    zones = {zone.number for zone in edition.zones}
    booths = (each if each.zone in zones else replace(each, zone=None) for each in layout.booths)
    layout = replace(layout, booths=tuple(booths))
    return save_plan(code=code, layout=layout, base_number=base_number, by=by, at=at, holds=holds)


def _workable(code: str, by: Actor) -> Edition:
    edition = office_edition(code, by)
    if edition.state in OVER:
        raise PlanOver
    return edition


def _check(edition: Edition, layout: Layout) -> None:
    zones = {None, *(zone.number for zone in edition.zones)}
    wrong = {each.code: NO_ZONE for each in layout.booths if each.zone not in zones}
    wrong |= check_layout(layout)
    if wrong:
        raise Invalid(wrong)


def _keep_held(before: Layout, after: Layout, codes: Collection[str]) -> None:
    stands = {each.code for each in after.booths if not each.blocked}
    usable = (each for each in before.booths if each.code in codes and not each.blocked)
    lost = [each.label for each in usable if each.code not in stands]
    if lost:
        raise BoothTaken(booths=", ".join(lost))


def _put_halls(edition: Edition, drawn: tuple[HallPlan, ...]) -> list[Hall]:
    """Halls are known by their number alone: the first stays the first, whatever it is called."""
    there = list_halls(edition.id)
    for number, each in enumerate(drawn):
        if number == len(there):
            there.append(Hall(edition_id=edition.id, number=number))
            db.session.add(there[number])
        hall = there[number]
        hall.name, hall.name_en, hall.width, hall.depth = each.name, each.name_en, each.width, each.depth
    db.session.flush()
    return there


def _put_booths(edition: Edition, layout: Layout, halls: list[Hall]) -> Layout:
    """Answers the layout with every booth under its own code."""
    mine = held(select(Booth).where(Booth.edition_id == edition.id).order_by(Booth.id))
    there = {booth.code: booth for booth in db.session.scalars(mine)}
    _drop_booths([there.pop(code) for code in there.keys() - {each.code for each in layout.booths}])
    for booth in there.values():
        booth.label = f"~{booth.id}"[:12]  # labels may change places among booths: first all let go
    db.session.flush()
    zones = {zone.number: zone.id for zone in edition.zones}
    taken = _elsewhere(edition, layout)
    put = []
    for each in layout.booths:
        booth = there.get(each.code) or Booth(edition_id=edition.id, code=_code_for(each, taken))
        _fill(booth, each, halls[each.hall])
        booth.zone_id = None if each.zone is None else zones[each.zone]
        db.session.add(booth)
        put.append(replace(each, code=booth.code))
    db.session.flush()
    return replace(layout, booths=tuple(put))


def _elsewhere(edition: Edition, layout: Layout) -> set[str]:
    """Codes of the layout that are booths of other editions: one code is one booth."""
    named = [each.code for each in layout.booths]
    query = select(Booth.code).where(Booth.code.in_(named), Booth.edition_id != edition.id)
    return set(db.session.scalars(query))


def _code_for(booth: BoothPlan, taken: set[str]) -> str:
    ours = _OURS.fullmatch(booth.code) is not None and booth.code not in taken
    return booth.code if ours else f"GH{random_code(8)}"


def _drop_booths(booths: list[Booth]) -> None:
    """A placing refers to its booth, so the database itself refuses: the rule holds whoever forgets to ask."""
    for booth in sorted(booths, key=lambda each: each.id):
        label = booth.label
        try:
            db.session.delete(booth)
            db.session.flush()
        except IntegrityError as error:
            raise BoothTaken(booths=label) from error


def _fill(booth: Booth, said: BoothPlan, hall: Hall) -> None:
    booth.hall_id, booth.label, booth.price = hall.id, said.label, Money(said.price)
    for name in ("x", "y", "width", "depth", "power_w", "water", "cold", "open_sides", "blocked"):
        setattr(booth, name, getattr(said, name))


def _put_landmarks(halls: list[Hall], drawn: tuple[LandmarkPlan, ...]) -> None:
    db.session.execute(delete(Landmark).where(Landmark.hall_id.in_([hall.id for hall in halls])))
    for each in drawn:
        mark = Landmark(hall_id=halls[each.hall].id, kind=each.kind, label=each.label)
        mark.x, mark.y, mark.width, mark.depth = each.x, each.y, each.width, each.depth
        db.session.add(mark)


def _drop_halls(edition: Edition, kept: int) -> None:
    db.session.flush()
    db.session.execute(delete(Hall).where(Hall.edition_id == edition.id, Hall.number >= kept))
