"""Asking, answering, proposing, confirming, declining, cancelling; days are taken by one conditional UPDATE each."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, insert_into, rows_changed
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code, token_hash
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.bookings import mails
from marketplace.shop.bookings.models import TRANSITIONS, BookedDay, Booking, BookingEvent, BookingState
from marketplace.shop.bookings.queries import count_open, find_by_key, get_booking, get_own_booking
from marketplace.shop.bookings.rules import MOST_PEOPLE, days_of, trouble_with
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import get_public, variants_of

MOST_OPEN = 3


class BookingMoved(Conflict):
    """The booking is no longer where this step starts from: somebody was faster, or it was done already."""

    code = "booking_state"
    message = N_("Yêu cầu này vừa chuyển sang bước khác. Hãy tải lại trang.")


class FullyBooked(Conflict):
    """A day has no room for so many guests."""

    code = "fully_booked"
    message = N_("Ngày %(day)s không còn đủ chỗ cho số khách này.")


class TooManyOpen(Conflict):
    """One address asks one service at most three things at a time."""

    code = "too_many_open"
    message = N_("Bạn đang có 3 yêu cầu chờ trả lời ở đây. Hãy đợi nơi làm trả lời đã.")


class KeyUsed(Conflict):
    """This form was sent before with other content."""

    code = "booking_key_used"
    message = N_("Biểu mẫu này đã gửi với nội dung khác. Hãy tải lại trang rồi gửi lại.")


class NothingToConfirm(Conflict):
    """An enquiry without dates can be answered, not confirmed."""

    code = "no_dates"
    message = N_("Chưa có ngày nên chưa xác nhận được. Hãy trả lời bằng lời.")


@dataclass(frozen=True)
class Asked:
    """What a guest asks of a service: phone in E.164; without `starts_on` it is an enquiry."""

    listing_slug: str
    name: str
    phone: str
    email: str
    message: str
    sku: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    people: int | None = None
    language: str = "vi"


def ask(*, key: str, asked: Asked, by: Actor, at: datetime) -> Booking:
    """Send an enquiry or a request for dates to a service's maker; the same key again is the same request."""
    fingerprint = sha256(json.dumps(asdict(asked), default=str, sort_keys=True).encode()).hexdigest()
    known = find_by_key(token_hash(key))
    if known is not None:
        if known.fingerprint != fingerprint:
            raise KeyUsed
        return get_booking(known.number)
    public = get_public(asked.listing_slug, on=day_of(at))
    listing = public.listing
    if not product_set(listing.product.set_code).service:
        raise NotFound
    variant = _wanted(listing, asked, on=day_of(at))
    if count_open(email=asked.email, listing_id=listing.id) >= MOST_OPEN:
        raise TooManyOpen
    booking = Booking(
        number=f"{day_of(at):%y%m}-{random_code(6)}",
        key=token_hash(key),
        fingerprint=fingerprint,
        listing_id=listing.id,
        variant_id=variant.id if variant else None,
        producer_id=public.producer.id,
        buyer_id=by.user_id,
        listing_slug=listing.slug,
        listing_name=listing.name,
        listing_name_en=listing.name_en,
        label=variant.label if variant else "",
        label_en=variant.label_en if variant else "",
        unit_price=variant.price if variant else None,
        starts_on=asked.starts_on,
        ends_on=(asked.ends_on or asked.starts_on) if asked.starts_on else None,
        people=asked.people if asked.starts_on else None,
        name=nfc(asked.name),
        phone=asked.phone,
        email=asked.email,
        message=asked.message.strip(),
        language=asked.language,
        state=BookingState.ASKED,
        state_since=at,
        asked_at=at,
    )
    db.session.add(booking)
    db.session.flush()
    _note(booking, BookingState.ASKED, booking.message, by=by, at=at, by_guest=True)
    mails.to_guest(booking, "asked", at=at)
    mails.to_producer(booking, "asked", booking.message, at=at)
    return get_booking(booking.number)


def answer_booking(
    *,
    number: str,
    words: str,
    by: Actor,
    at: datetime,
    proposed_on: date | None = None,
    proposed_until: date | None = None,
) -> None:
    """Answer a guest; with dates, propose them, which the guest may then accept."""
    booking = get_own_booking(number, by=by, hold=True)
    words = _words(words, needed=True)
    proposal = None
    if proposed_on is not None:
        proposal = (proposed_on, proposed_until or proposed_on)
        if booking.starts_on is None:
            raise NothingToConfirm
        trouble = trouble_with(*proposal, today=day_of(at))
        if trouble:
            raise Invalid({"proposed_on": trouble[1]})
    _move(booking, BookingState.ANSWERED, words, by=by, at=at, proposal=proposal)
    mails.to_guest(booking, "answered", words, at=at, proposed=proposal)


def confirm_booking(*, number: str, words: str, by: Actor, at: datetime) -> None:
    """Promise the days: every one of them is taken, or none and FullyBooked is raised."""
    booking = get_own_booking(number, by=by, hold=True)
    words = _words(words)
    _confirm(booking, words, by=by, at=at)
    mails.to_guest(booking, "confirmed", words, at=at)


def decline_booking(*, number: str, words: str, by: Actor, at: datetime) -> None:
    """Say that it cannot be done, and why; days that were promised are free again."""
    booking = get_own_booking(number, by=by, hold=True)
    words = _words(words, needed=True)
    _end(booking, BookingState.DECLINED, words, by=by, at=at)
    mails.to_guest(booking, "declined", words, at=at)


def cancel_booking(*, number: str, by: Actor, at: datetime) -> None:
    """The guest takes it back. Whether `by` is the guest, or holds the link, the view has asked."""
    booking = get_booking(number, hold=True)
    _end(booking, BookingState.CANCELLED, "", by=by, at=at, by_guest=True)
    mails.to_producer(booking, "cancelled", "", at=at)


def accept_proposal(*, number: str, by: Actor, at: datetime) -> None:
    """The guest takes the dates that were proposed: they are promised, or FullyBooked is raised and nothing changes."""
    booking = get_booking(number, hold=True)
    if booking.state is not BookingState.ANSWERED or booking.proposed_on is None or booking.proposed_until is None:
        raise BookingMoved
    first, last = booking.proposed_on, booking.proposed_until
    _confirm(booking, "", by=by, at=at, by_guest=True, days=(first, last))
    mails.to_producer(booking, "confirmed", "", at=at)


def reply(*, number: str, words: str, by: Actor, at: datetime) -> None:
    """The guest writes back to an answer; it is the maker's turn again."""
    booking = get_booking(number, hold=True)
    words = _words(words, needed=True)
    _move(booking, BookingState.ASKED, words, by=by, at=at, by_guest=True)
    mails.to_producer(booking, "asked", words, at=at)


def take_days(*, variant_id: int, days: Sequence[date], people: int, capacity: int | None) -> None:
    """Take room on each day, the earliest first, so that two who want the same days never wait for each other."""
    for day in days:
        _ensure(variant_id, day)
        taking = update(BookedDay).where(BookedDay.variant_id == variant_id, BookedDay.day == day)
        if capacity is not None:
            taking = taking.where(BookedDay.people + people <= capacity)
        if rows_changed(taking.values(people=BookedDay.people + people, capacity=capacity)) != 1:
            raise FullyBooked(day=f"{day:%d/%m/%Y}")


def _free_days(booking: Booking) -> None:
    assert booking.starts_on is not None
    assert booking.ends_on is not None
    for day in days_of(booking.starts_on, booking.ends_on):
        db.session.execute(
            update(BookedDay)
            .where(BookedDay.variant_id == booking.variant_id, BookedDay.day == day)
            .values(people=BookedDay.people - booking.people)
        )


def _confirm(
    booking: Booking,
    words: str,
    *,
    by: Actor,
    at: datetime,
    by_guest: bool = False,
    days: tuple[date, date] | None = None,
) -> None:
    if booking.variant_id is None or booking.starts_on is None or booking.ends_on is None or booking.people is None:
        raise NothingToConfirm
    first, last = days or (booking.starts_on, booking.ends_on)
    _move(booking, BookingState.CONFIRMED, words, by=by, at=at, by_guest=by_guest, starts_on=first, ends_on=last)
    capacity = db.session.get_one(Variant, booking.variant_id).capacity_per_day
    take_days(variant_id=booking.variant_id, days=days_of(first, last), people=booking.people, capacity=capacity)


def _end(booking: Booking, to: BookingState, words: str, *, by: Actor, at: datetime, by_guest: bool = False) -> None:
    """End it from the state it was read in, so that promised days are given back exactly once."""
    _move(booking, to, words, by=by, at=at, by_guest=by_guest, only_from=booking.state)
    if booking.state is BookingState.CONFIRMED:
        _free_days(booking)


def _move(
    booking: Booking,
    to: BookingState,
    words: str,
    *,
    by: Actor,
    at: datetime,
    by_guest: bool = False,
    only_from: BookingState | None = None,
    proposal: tuple[date, date] | None = None,
    **values: object,
) -> None:
    before = [state for state, after in TRANSITIONS.items() if to in after and only_from in (None, state)]
    first, last = proposal or (None, None)
    changed = {"state": to, "state_since": at, "proposed_on": first, "proposed_until": last, **values}
    done = rows_changed(update(Booking).where(Booking.id == booking.id, Booking.state.in_(before)).values(**changed))
    if done != 1:
        raise BookingMoved
    _note(booking, to, words, by=by, at=at, by_guest=by_guest)


def _note(booking: Booking, state: BookingState, words: str, *, by: Actor, at: datetime, by_guest: bool) -> None:
    event = BookingEvent(booking_id=booking.id, state=state, at=at, actor_id=by.user_id, by_guest=by_guest, note=words)
    db.session.add(event)
    record(by=by, action=f"booking.{state}", subject_type="booking", subject=booking.number, at=at)


def _wanted(listing: Listing, asked: Asked, *, on: date) -> Variant | None:
    """The variant that is asked for, its dates judged; None for an enquiry."""
    if asked.starts_on is None:
        if not asked.message.strip():
            raise Invalid({"message": N_("Viết điều bạn muốn hỏi, hoặc chọn ngày.")})
        return None
    variant = next((v for v in variants_of([listing.id]).get(listing.id, []) if v.sku == asked.sku), None)
    if variant is None:
        raise Invalid({"sku": N_("Chọn một gói dịch vụ.")})
    if asked.people is None or not 1 <= asked.people <= MOST_PEOPLE:
        raise Invalid({"people": N_("Nhập số khách, từ 1 đến 500.")})
    if variant.capacity_per_day is not None and asked.people > variant.capacity_per_day:
        raise Invalid({"people": N_("Mỗi ngày nhận nhiều nhất %(most)d khách.")}, most=variant.capacity_per_day)
    trouble = trouble_with(asked.starts_on, asked.ends_on or asked.starts_on, today=on)
    if trouble:
        raise Invalid(dict([trouble]))
    if listing.back_on is not None and asked.starts_on < listing.back_on:
        day = f"{listing.back_on:%d/%m/%Y}"
        raise Invalid({"starts_on": N_("Nơi này nghỉ, đón khách lại từ %(day)s.")}, day=day)
    return variant


def _words(words: str, *, needed: bool = False) -> str:
    words = words.strip()
    if needed and not words:
        raise Invalid({"words": N_("Viết vài lời để bên kia hiểu.")})
    if len(words) > 2000:
        raise Invalid({"words": N_("Viết ngắn hơn: nhiều nhất 2.000 ký tự.")})
    return words


def _ensure(variant_id: int, day: date) -> None:
    """A row for the day, unless there is one: two who make it at once do not collide."""
    values = {"variant_id": variant_id, "day": day, "people": 0}
    db.session.execute(insert_into(BookedDay).values(**values).on_conflict_do_nothing())
