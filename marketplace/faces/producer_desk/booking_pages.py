"""The producer's desk: what guests ask, and the answers."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.shop.bookings.models import BookingState
from marketplace.shop.bookings.policies import ANSWER_OWN
from marketplace.shop.bookings.queries import count_own_bookings, get_own_booking, list_own_bookings, people_on
from marketplace.shop.bookings.rules import days_of
from marketplace.shop.bookings.services import answer_booking, confirm_booking, decline_booking

bp = Blueprint("producer_bookings", __name__, url_prefix="/producer/bookings")

VERBS: dict[str, Callable[..., None]] = {
    "answer": answer_booking,
    "confirm": confirm_booking,
    "decline": decline_booking,
}


@bp.get("/")
@allow(ANSWER_OWN)
def bookings() -> str:
    by, wanted = current_actor(), request.args.get("state", "")
    state = BookingState(wanted) if wanted in set(BookingState) else None
    return render_template(
        "producer_desk/bookings.html",
        bookings=list_own_bookings(by=by, state=state),
        by_state=count_own_bookings(by=by),
        wanted=wanted if state else "",
        **desk(by),
    )


@bp.get("/<number>")
@allow(ANSWER_OWN)
def booking(number: str) -> str:
    return _page(number, {})


def _page(number: str, errors: dict[str, str]) -> str:
    by = current_actor()
    found = get_own_booking(number, by=by)
    taken = {}
    if found.variant_id and found.starts_on and found.ends_on:
        taken = people_on(found.variant_id, days_of(found.starts_on, found.ends_on))
    return render_template("producer_desk/booking.html", booking=found, taken=taken, errors=errors, **desk(by))


@bp.post("/<number>/<verb>")
@allow(ANSWER_OWN)
def move(number: str, verb: str) -> Any:
    if verb not in VERBS:
        raise NotFound
    try:
        facts = _dates() if verb == "answer" else {}
        with transaction():
            VERBS[verb](number=number, words=request.form.get("words", ""), by=current_actor(), at=now(), **facts)
    except Invalid as invalid:
        errors = {name: _(text) % invalid.facts for name, text in invalid.fields.items()}
        return _page(number, {**errors, "verb": verb}), 422
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã ghi. Khách được báo bằng thư."), "ok")
    return redirect(url_for("producer_bookings.booking", number=number))


def _dates() -> dict[str, date | None]:
    """The proposed days as the browser's date fields send them; raises Invalid on `proposed_on`."""
    try:
        typed = {name: request.form.get(name, "").strip() for name in ("proposed_on", "proposed_until")}
        return {name: date.fromisoformat(text) if text else None for name, text in typed.items()}
    except ValueError as error:
        raise Invalid({"proposed_on": N_("Nhập ngày theo dạng năm-tháng-ngày.")}) from error
