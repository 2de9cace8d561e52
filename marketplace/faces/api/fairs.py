"""`/api/v1/fairs`: trade fairs that are coming or under way, the nearest first."""

from flask import Blueprint, Response, request

from marketplace.faces.api.fair_items import FairItem, FairList
from marketplace.faces.api.openapi import misread
from marketplace.faces.storefront.findable import address
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import Invalid
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.queries import list_public

bp = Blueprint("api_fairs", __name__, url_prefix="/api/v1/fairs")


@bp.get("", provide_automatic_options=False)
@allow(PUBLIC)
def fairs() -> Response:
    errors = misread(request.args, [])
    if errors:
        raise Invalid(errors)
    items = [fair_item(edition) for edition in list_public(on=day_of(now()), over=False)]
    return Response(FairList(items=items).model_dump_json(), mimetype="application/json")


def fair_item(edition: Edition) -> FairItem:
    """One edition as the API says it."""
    return FairItem(
        slug=edition.slug,
        name=edition.title,
        name_en=edition.title_en,
        url=address(f"/fairs/{edition.slug}"),
        state=edition.state.value,
        venue=edition.venue,
        address=edition.address,
        first_day=edition.first_day,
        last_day=edition.last_day,
        opens=edition.opens,
        closes=edition.closes,
        applications_until=edition.applications_until,
        ticket_vnd=edition.ticket_price.amount,
    )
