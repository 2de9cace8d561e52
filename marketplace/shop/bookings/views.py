"""A guest's request: how it stands, and what the guest may do. By sign-in or by the signed link."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.shop.bookings.links import holds_key
from marketplace.shop.bookings.models import Booking
from marketplace.shop.bookings.policies import is_guest
from marketplace.shop.bookings.queries import get_booking
from marketplace.shop.bookings.services import accept_proposal, cancel_booking, reply

bp = Blueprint("bookings", __name__, url_prefix="/bookings")

VERBS: dict[str, Callable[..., None]] = {"cancel": cancel_booking, "accept": accept_proposal, "reply": reply}


def _own(number: str, key: str | None) -> Booking:
    found = get_booking(number)
    if not (is_guest(current_actor(), found) or holds_key(number, key)):
        raise NotFound
    return found


@bp.get("/<number>")
@allow(PUBLIC)
def booking(number: str) -> str:
    key = request.args.get("key")
    return render_template("bookings/booking.html", booking=_own(number, key), key=key or "", error="")


@bp.post("/<number>/<verb>")
@allow(PUBLIC)
def move(number: str, verb: str) -> Any:
    key = request.values.get("key")
    found = _own(number, key)
    if verb not in VERBS:
        raise NotFound
    words = {"words": request.form.get("words", "")} if verb == "reply" else {}
    try:
        with transaction():
            VERBS[verb](number=number, by=current_actor(), at=now(), **words)
    except Invalid as invalid:
        error = " ".join(_(text) for text in invalid.fields.values())
        return render_template("bookings/booking.html", booking=found, key=key or "", error=error), 422
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã ghi. Nơi làm được báo bằng thư."), "ok")
    return redirect(url_for("bookings.booking", number=number, key=request.form.get("key") or None))
