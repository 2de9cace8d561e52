"""The producer's appointments, and each as a calendar file."""

from flask import Blueprint, Response, render_template

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.deal_words import deal_words
from marketplace.faces.storefront.meeting_file import meeting_file
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.web.access import current_actor
from marketplace.trade.deals.models import Side
from marketplace.trade.deals.policies import SELL_WHOLESALE
from marketplace.trade.deals.queries.meetings import list_own_appointments

bp = Blueprint("producer_meetings", __name__, url_prefix="/producer/meetings")


@bp.get("")
@allow(SELL_WHOLESALE)
def meetings() -> str:
    by = current_actor()
    return render_template(
        "producer_desk/meetings.html",
        meetings=list_own_appointments(by=by),
        at=now(),
        side=Side.PRODUCER,
        **desk(by),
        **deal_words(),
    )


@bp.get("/<deal>/<code>.ics")
@allow(SELL_WHOLESALE)
def calendar(deal: str, code: str) -> Response:
    return meeting_file(deal, code)
