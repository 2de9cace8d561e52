"""`/api/v1/showcase-points`: where OCOP goods are shown and sold, by name."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, request

from marketplace.faces.api.openapi import misread
from marketplace.faces.api.point_items import HoursItem, PointItem, PointList
from marketplace.faces.storefront.findable import address
from marketplace.faces.storefront.point_pages import goods_found
from marketplace.faces.storefront.point_words import opening_of
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import Invalid
from marketplace.shop.catalog.queries import PublicListing
from marketplace.trade.showcase.models import ShowcasePoint
from marketplace.trade.showcase.queries import list_open

bp = Blueprint("api_points", __name__, url_prefix="/api/v1/showcase-points")


@bp.get("", provide_automatic_options=False)
@allow(PUBLIC)
def points() -> Response:
    errors = misread(request.args, [])
    if errors:
        raise Invalid(errors)
    at, found = now(), list_open()
    goods = goods_found(found, at)
    items = [point_item(each, goods.get(each.id, []), at) for each in found]
    return Response(PointList(items=items).model_dump_json(), mimetype="application/json")


def point_item(point: ShowcasePoint, goods: Sequence[PublicListing], at: datetime) -> PointItem:
    """One point as the API says it, with what this reader finds there."""
    state, place = opening_of(point, at), point.place
    former = point.commune.former_district
    return PointItem(
        slug=point.slug,
        name=point.name,
        name_en=point.name_en,
        url=address(f"/showcase/{point.slug}"),
        kind=point.kind.value,
        street=point.street,
        commune=point.commune.name,
        district=former.name if former else None,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        phone=point.phone,
        open=state.open,
        open_until=state.until,
        opens_again=state.again,
        hours=[HoursItem(weekday=each.weekday + 1, opens=each.opens, closes=each.closes) for each in point.hours],
        pickup=point.fetched,
        products=[each.listing.slug for each in goods],
    )
