"""The distributor's appointments, and each as a calendar file."""

from flask import Blueprint, Response, render_template

from marketplace.faces.storefront.deal_words import deal_words
from marketplace.faces.storefront.meeting_file import meeting_file
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.web.access import current_actor
from marketplace.trade.deals.models import Side
from marketplace.trade.deals.policies import BUY_WHOLESALE
from marketplace.trade.deals.queries.meetings import list_own_appointments
from marketplace.trade.distributors.queries import get_own_organisation

bp = Blueprint("distributor_meetings", __name__, url_prefix="/distributor/meetings")


@bp.get("")
@allow(BUY_WHOLESALE)
def meetings() -> str:
    by = current_actor()
    return render_template(
        "distributor_desk/meetings.html",
        meetings=list_own_appointments(by=by),
        at=now(),
        side=Side.BUYER,
        organisation=get_own_organisation(by),
        **deal_words(),
    )


@bp.get("/<deal>/<code>.ics")
@allow(BUY_WHOLESALE)
def calendar(deal: str, code: str) -> Response:
    return meeting_file(deal, code)
