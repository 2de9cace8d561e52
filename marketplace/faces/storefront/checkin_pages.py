"""The gate's page for a phone without an account: by its device's link, by hand or by camera, with or without network.

The link's secret says who speaks, so that no cookie matters and a page that was kept for days still sends its form.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from pydantic import BaseModel, Field, ValidationError, field_validator

from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.ticket_words import OUTCOMES, ticket_words
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.glue import csrf
from marketplace.platform.web.templates import static
from marketplace.trade.visitors.gates import get_device, kept_by_device
from marketplace.trade.visitors.links import ticket_seed
from marketplace.trade.visitors.models import CheckinDevice, Scan
from marketplace.trade.visitors.queries import visits_by_hour
from marketplace.trade.visitors.rules import public_key
from marketplace.trade.visitors.services import Seen, scan_all, scan_one

bp = Blueprint("checkin", __name__, url_prefix="/checkin")
csrf.exempt(bp)  # who speaks is told by the link
KEPT = (
    "css/diep.css",
    "css/work.css",
    "js/app.js",
    "js/checkin.js",
    "vendor/jsqr.js",
    "img/icons.svg",
    "img/favicon.svg",
)


class SeenIn(BaseModel):
    """One scan as a device sends it."""

    id: str = Field(min_length=8, max_length=36, pattern=r"^[0-9a-fA-F-]+$")
    text: str = Field(max_length=200)
    at: datetime
    offline: bool = False
    let_in: bool = False

    @field_validator("text")
    @classmethod
    def kept(cls, text: str) -> str:
        """What can be kept of it: a QR code may hold a NUL, or nothing, and its batch must come through."""
        return text.replace("\0", "").strip()


class SeenAll(BaseModel):
    """What a device has gathered."""

    scans: list[SeenIn] = Field(max_length=500)


@bp.get("/sw.js")
@allow(PUBLIC)
def worker() -> Response:
    """The service worker of the gate's pages: they open without a network, as they were kept."""
    response = Response(render_template("checkin/sw.js"), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/<token>")
@allow(PUBLIC)
def gate(token: str) -> str:
    return _page(token, get_device(token))


@bp.post("/<token>")
@allow(PUBLIC)
def by_hand(token: str) -> Any:
    """A code typed by hand, without JavaScript."""
    with transaction():
        device = get_device(token)
        seen = Seen(str(uuid4()), request.form.get("text", "").strip()[:200], now())
        scan = scan_one(device.list, seen, device=device.name, seed=ticket_seed(), at=now())
    return _page(token, device, scan)


def _page(token: str, device: CheckinDevice, scan: Scan | None = None) -> str:
    hours = visits_by_hour(device.list_id, day_of(now()))
    return render_template(
        "checkin/gate.html",
        token=token,
        device=device,
        edition=device.list.edition,
        scan=scan,
        hours=hours,
        inside=sum(hours.values()),
        key=public_key(ticket_seed()).hex(),
        outcomes={each.value: str(name) for each, name in OUTCOMES.items()},
        keep=[static(name) for name in KEPT],
        **fair_words(),
        **ticket_words(),
    )


@bp.get("/<token>/tickets")
@allow(PUBLIC)
def tickets(token: str) -> Response:
    """The marks that a device keeps; unchanged since its ETag: nothing more than that."""
    device = get_device(token)
    kept = kept_by_device(device.list, day_of(now()))
    response = jsonify(
        version=kept.version,
        day=day_of(now()).isoformat(),
        valid=kept.valid,
        unpaid=kept.unpaid,
        cancelled=kept.cancelled,
        inside=kept.inside,
    )
    response.set_etag(kept.version)
    response.headers["Cache-Control"] = "private, no-cache"
    return make_response(response.make_conditional(request))


@bp.post("/<token>/scans")
@allow(PUBLIC)
def scans(token: str) -> Response:
    """A batch of scans, each answered; the same one sent again is answered the same and counts once."""
    try:
        sent = SeenAll.model_validate_json(request.get_data(), strict=False)
    except ValidationError as error:
        raise Invalid({"scans": N_("Gói lượt quét không đúng dạng.")}) from error
    seen = [Seen(each.id, each.text, _aware(each.at), each.offline, each.let_in) for each in sent.scans]
    with transaction():
        device = get_device(token)
        found = scan_all(device.list, seen, device=device.name, seed=ticket_seed(), at=now())
    hours = visits_by_hour(device.list_id, day_of(now()))
    results = [{"id": each.client_id, "result": each.result.value} for each in found]
    return jsonify(results=results, inside=sum(hours.values()), hours=hours)


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
