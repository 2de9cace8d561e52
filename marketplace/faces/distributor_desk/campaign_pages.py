"""The distributor's desk: campaigns it is invited to, its answer, its meetings there."""

from typing import Any

from flask import Blueprint, Response

from marketplace.faces.storefront import campaign_visits as visits
from marketplace.platform.core.access import allow
from marketplace.platform.web.access import current_actor
from marketplace.trade.campaigns.policies import JOIN_AS_BUYER
from marketplace.trade.distributors.queries import get_own_organisation

bp = Blueprint("distributor_campaigns", __name__, url_prefix="/distributor/campaigns")
BASE = "/distributor"


@bp.get("")
@allow(JOIN_AS_BUYER)
def campaigns() -> str:
    return visits.list_page(BASE, _desk)


@bp.get("/<code>")
@allow(JOIN_AS_BUYER)
def campaign(code: str) -> str:
    return visits.page(code, BASE, _desk)


@bp.post("/<code>")
@allow(JOIN_AS_BUYER)
def answer(code: str) -> Any:
    return visits.answer(code, BASE, _desk)


@bp.post("/<code>/withdraw")
@allow(JOIN_AS_BUYER)
def leave(code: str) -> Any:
    return visits.leave(code, BASE, _desk)


@bp.post("/<code>/meetings/<meeting>/<any(confirm, cancel):verb>")
@allow(JOIN_AS_BUYER)
def meet(code: str, meeting: str, verb: str) -> Any:
    return visits.meet(code, meeting, verb, BASE, _desk)


@bp.get("/<code>/meetings/<meeting>.ics")
@allow(JOIN_AS_BUYER)
def calendar(code: str, meeting: str) -> Response:
    return visits.calendar(code, meeting)


@bp.post("/<code>/meetings/<meeting>/deal")
@allow(JOIN_AS_BUYER)
def deal(code: str, meeting: str) -> Any:
    return visits.deal(code, meeting, BASE)


def _desk() -> dict[str, Any]:
    return {"organisation": get_own_organisation(current_actor())}
