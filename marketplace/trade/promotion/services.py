"""Something is placed in the shop window, rescheduled, put in order, taken off; a producer nobody sees gets a turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import update

from marketplace.people.producers.queries import get_verified
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import all_sets, find_group
from marketplace.shop.catalog.queries import count_public_by_producer, list_public_by_slug
from marketplace.trade.collections.models import Collection, CollectionKind
from marketplace.trade.collections.policies import CURATE
from marketplace.trade.collections.queries import find_published
from marketplace.trade.collections.services import moved
from marketplace.trade.promotion import mails
from marketplace.trade.promotion.models import A_TURN, ROOMS, Audience, Place, Placement, Target
from marketplace.trade.promotion.queries import (
    get_placement,
    hold_place,
    hold_target,
    list_turns,
    spans_of_turns,
    stands_already,
)
from marketplace.trade.promotion.rules import TURN_DAYS, next_free
from marketplace.trade.promotion.suggestions import best_of

LONGEST = timedelta(days=366)
KINDS = {
    CollectionKind.THEME: Target.COLLECTION,
    CollectionKind.BASKET: Target.BASKET,
    CollectionKind.SEASON: Target.SEASON,
}
GONE = N_("Ngày này đã qua.")
STANDS = N_("Mục này đã có ở chỗ ấy trong những ngày ấy. Đổi ngày, hoặc sửa suất đang có.")
TURN = N_("Lượt của nơi làm ít được thấy")


class HasTurn(Conflict):
    """The producer is in the featured row now, or soon will be."""

    code = "has_turn"
    message = N_("Nơi làm này đang có hoặc sắp có lượt ở hàng giới thiệu, từ ngày %(day)s.")


class NothingToHave(Conflict):
    """None of the producer's products can be bought today."""

    code = "nothing_to_have"
    message = N_("Nơi làm này hôm nay không có món nào công khai và còn hàng để giới thiệu.")


class NoFreeTurn(Conflict):
    """Every week of the coming year has its turns."""

    code = "no_free_turn"
    message = N_("Các lượt ở hàng giới thiệu đã cho hết cả năm tới.")


class AlreadyOff(Conflict):
    """It was taken off before."""

    code = "placement_off"
    message = N_("Suất này đã gỡ rồi.")


@dataclass(frozen=True)
class Schedule:
    """From when to when, for readers of which language, and why."""

    first_day: date
    last_day: date
    audience: Audience
    reason: str


def place_target(
    *, place: Place, target: Target, slug: str, category: str = "", schedule: Schedule, by: Actor, at: datetime
) -> Placement:
    """Place a public product, producer, collection or season, last in its place's order.

    Raises Invalid with each field that will not do: what the place takes, what the public rule admits today, days
    to come on which the same does not stand there already.
    """
    _may(by)
    wrong = _check(schedule, on=day_of(at))
    if place is Place.CATEGORY_HEAD and not _is_category(category):
        wrong["category"] = N_("Chọn một nhóm hàng.")
    placement = Placement(place=place, category=category if place is Place.CATEGORY_HEAD else "")
    said = _aim(placement, target, slug, on=day_of(at))
    if said:
        wrong["target"] = said
    elif _stands_already(placement, schedule):
        wrong["target"] = STANDS
    if wrong:
        raise Invalid(wrong)
    return _add(placement, schedule, by=by, at=at, target=f"{target.value}:{slug}")


def change_placement(*, code: str, schedule: Schedule, by: Actor, at: datetime) -> None:
    """Change its days, audience and reason; what it shows and where stays. Staff are told anew of what goes wrong.

    Raises AlreadyOff where it was taken off, Invalid by field; the day on which it began may stay.
    """
    _may(by)
    hold_target(get_placement(code))  # before the placement, as who places the same does
    placement = _held(code, by)
    if placement.withdrawn_at is not None:
        raise AlreadyOff
    wrong = _check(schedule, on=day_of(at), begun=placement.first_day)
    if not wrong and _stands_already(placement, schedule):
        wrong["first_day"] = STANDS
    if wrong:
        raise Invalid(wrong)
    _schedule(placement, schedule)
    placement.told_at = None
    _record(placement, "changed", by, at, first_day=str(schedule.first_day), last_day=str(schedule.last_day))


def withdraw(*, code: str, by: Actor, at: datetime) -> None:
    """Take it off before its last day; its counts are kept."""
    placement = _held(code, by)
    if placement.withdrawn_at is not None:
        raise AlreadyOff
    placement.withdrawn_at = at
    placement.key = None  # its turn may be given again
    _record(placement, "withdrawn", by, at)


def order_place(*, codes: Sequence[str], by: Actor, at: datetime) -> None:
    """Put the placements of one place in this order; those not named keep theirs behind them."""
    if not codes:
        raise NotFound
    first = _held(codes[0], by)
    rows = {each.code: each for each in hold_place(first.place, first.category)}
    named = [code for code in dict.fromkeys(codes) if code in rows]
    for position, code in enumerate([*named, *(code for code in rows if code not in named)]):
        rows[code].position = position
    _record(first, "ordered", by, at, codes=named)


def move_placement(*, code: str, step: int, by: Actor, at: datetime) -> None:
    """Move it one place forward (-1) or back (1) among those not over; at the end it stays."""
    placement = _held(code, by)
    rows = hold_place(placement.place, placement.category)
    live = [each.code for each in rows if each.last_day >= day_of(at) or each.code == code]
    order_place(codes=moved(live, code, step), by=by, at=at)


def give_turn(*, producer: str, reason: str = "", by: Actor, at: datetime) -> Placement:
    """A week in the featured row, the first with few turns, for the product of a producer for which most speaks."""
    _may(by)
    found, on = get_verified(producer), day_of(at)
    turns = list_turns([found.id], on=on)
    if turns:
        raise HasTurn(day=f"{turns[found.id]:%d/%m/%Y}")
    best = best_of(found.id, at=at)
    if best is None:
        raise NothingToHave
    first = next_free(spans_of_turns(on=on), on)
    if first is None:
        raise NoFreeTurn
    placement = Placement(place=Place.FEATURED_ROW, category="", listing_id=best.listing.id)
    placement.key = f"{A_TURN}{found.id}:{first}"  # two officers at once give one turn
    schedule = Schedule(first, first + timedelta(days=TURN_DAYS - 1), Audience.BOTH, reason or TURN)
    if _stands_already(placement, schedule):  # placed by another officer since
        raise HasTurn(day=f"{first:%d/%m/%Y}")
    return _add(placement, schedule, by=by, at=at, turn=producer)


def tell_staff(*, placement: Placement, why: str, at: datetime) -> bool:
    """Write to those who curate that it gives way to the next; once. Answers whether this call was the one."""
    untold = update(Placement).where(Placement.id == placement.id, Placement.told_at.is_(None))
    if rows_changed(untold.values(told_at=at)) != 1:
        return False
    mails.gives_way(placement, why=why, at=at)
    return True


def _check(schedule: Schedule, *, on: date, begun: date | None = None) -> dict[str, str]:
    wrong = {}
    if schedule.first_day < on and schedule.first_day != begun:
        wrong["first_day"] = GONE
    if schedule.last_day < on:
        wrong["last_day"] = GONE
    if not timedelta(0) <= schedule.last_day - schedule.first_day <= LONGEST:
        wrong["last_day"] = N_("Ngày cuối không trước ngày đầu, và trong vòng một năm.")
    if not 3 <= len(nfc(schedule.reason)) <= 300:
        wrong["reason"] = N_("Ghi lý do, từ 3 đến 300 ký tự.")
    return wrong


def _stands_already(placement: Placement, schedule: Schedule) -> bool:
    """Asked with the target held: of two who place the same at once the second sees the first's."""
    hold_target(placement)
    return stands_already(placement, schedule.first_day, schedule.last_day, schedule.audience)


def _is_category(slug: str) -> bool:
    return find_group(slug) is not None or slug in {known.code for known in all_sets()}


def _aim(placement: Placement, target: Target, slug: str, *, on: date) -> str:
    """Set what is shown, if the public may see it today and the place takes it; answers what is wrong, or nothing."""
    if target is Target.PRODUCT:
        products = list_public_by_slug([slug], on=on)
        placement.listing_id = products[0].listing.id if products else None
    elif target is Target.PRODUCER:
        placement.producer_id = _public_producer(slug, on=on)
    else:
        found = find_published(slug)
        placement.collection_id = found.id if found is not None and not found.over(on) else None
        target = _kind_of(found, target)
    if target not in ROOMS[placement.place].targets:
        return N_("Chỗ này không nhận loại này.")
    known = (placement.listing_id, placement.producer_id, placement.collection_id)
    return "" if any(known) else N_("Không có gì công khai ở địa chỉ này hôm nay.")


def _kind_of(found: Collection | None, otherwise: Target) -> Target:
    return otherwise if found is None else KINDS[found.kind]


def _public_producer(slug: str, *, on: date) -> int | None:
    try:
        found = get_verified(slug)
    except NotFound:
        return None
    return found.id if count_public_by_producer([found.id], on=on) else None


def _add(placement: Placement, schedule: Schedule, *, by: Actor, at: datetime, **detail: object) -> Placement:
    last = max((each.position for each in hold_place(placement.place, placement.category)), default=-1)
    placement.code, placement.position = f"TB{random_code(8)}", last + 1
    _schedule(placement, schedule)
    placement.created_at, placement.created_by = at, by.name
    db.session.add(placement)
    db.session.flush()
    _record(placement, "placed", by, at, place=placement.place.value, **detail)
    return placement


def _schedule(placement: Placement, schedule: Schedule) -> None:
    placement.first_day, placement.last_day = schedule.first_day, schedule.last_day
    placement.audience, placement.reason = schedule.audience, nfc(schedule.reason)


def _may(by: Actor) -> None:
    if not CURATE.held_by(by):
        raise Forbidden


def _held(code: str, by: Actor) -> Placement:
    _may(by)
    return get_placement(code, hold=True)


def _record(placement: Placement, verb: str, by: Actor, at: datetime, **detail: object) -> None:
    action = f"placement.{verb}"
    record(by=by, action=action, subject_type="placement", subject=placement.code, at=at, detail=detail)
