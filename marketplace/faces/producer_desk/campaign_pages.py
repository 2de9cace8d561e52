"""The producer's desk: campaigns it is invited to, its answer, its meetings there."""

from typing import Any

from flask import Blueprint, Response

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront import campaign_visits as visits
from marketplace.platform.core.access import allow
from marketplace.platform.web.access import current_actor
from marketplace.trade.campaigns.policies import JOIN_AS_PRODUCER

bp = Blueprint("producer_campaigns", __name__, url_prefix="/producer/campaigns")
BASE = "/producer"


@bp.get("")
@allow(JOIN_AS_PRODUCER)
def campaigns() -> str:
    return visits.list_page(BASE, _desk)


@bp.get("/<code>")
@allow(JOIN_AS_PRODUCER)
def campaign(code: str) -> str:
    return visits.page(code, BASE, _desk)


@bp.post("/<code>")
@allow(JOIN_AS_PRODUCER)
def answer(code: str) -> Any:
    return visits.answer(code, BASE, _desk)


@bp.post("/<code>/withdraw")
@allow(JOIN_AS_PRODUCER)
def leave(code: str) -> Any:
    return visits.leave(code, BASE, _desk)


@bp.post("/<code>/meetings/<meeting>/<any(confirm, cancel):verb>")
@allow(JOIN_AS_PRODUCER)
def meet(code: str, meeting: str, verb: str) -> Any:
    return visits.meet(code, meeting, verb, BASE, _desk)


@bp.get("/<code>/meetings/<meeting>.ics")
@allow(JOIN_AS_PRODUCER)
def calendar(code: str, meeting: str) -> Response:
    return visits.calendar(code, meeting)


@bp.post("/<code>/meetings/<meeting>/deal")
@allow(JOIN_AS_PRODUCER)
def deal(code: str, meeting: str) -> Any:
    return visits.deal(code, meeting, BASE)


def _desk() -> dict[str, Any]:
    return desk(current_actor())
