"""Letters about a booking: to the guest in their language, to the maker's people in theirs."""

from datetime import date, datetime

from marketplace.people.producers.models import Producer
from marketplace.people.producers.queries import people_of
from marketplace.platform.core.db import db
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.bookings.links import booking_address
from marketplace.shop.bookings.models import Booking


def to_guest(
    booking: Booking, state: str, words: str = "", *, at: datetime, proposed: tuple[date, date] | None = None
) -> None:
    """To who asked: it was received, answered (perhaps with other days), confirmed or declined."""
    letter = compose(
        "booking-moved",
        booking.language,
        booking=booking,
        producer_name=db.session.get_one(Producer, booking.producer_id).name,
        state=state,
        words_said=words,
        address=booking_address(booking.number),
        proposed=proposed,
    )
    post(key=f"booking:{booking.number}:{state}:{at.isoformat()}:guest", to=booking.email, letter=letter, at=at)


def to_producer(booking: Booking, state: str, words: str, *, at: datetime) -> None:
    """To everyone who acts for the maker: it was asked or written back, accepted, or cancelled."""
    for user in people_of(booking.producer_id):
        letter = compose("booking-asked", user.language, booking=booking, state=state, words_said=words)
        key = f"booking:{booking.number}:{state}:{at.isoformat()}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)
