"""`/api/v1/totals`: what goods would cost together, sent to a province; reckoned as cart, review and order are."""

import re
from collections import Counter

from flask import Blueprint, Response, request

from marketplace.faces.api.openapi import ITEM, TOTALS, misread
from marketplace.faces.api.total_items import TotalLine, TotalPart, TotalsDocument
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.shop.baskets.queries import would_send
from marketplace.shop.checkout.queries import ReviewPart, part_to
from marketplace.shop.delivery.queries import regions
from marketplace.shop.pricing.totals import PartTotals, totals

bp = Blueprint("api_totals", __name__, url_prefix="/api/v1/totals")
MOST_GOODS = 60


@bp.get("", provide_automatic_options=False)
@allow(PUBLIC)
def reckon() -> Response:
    """Vouchers belong to a person's cart and are not asked here."""
    wanted, province = _wanted()
    at = now()
    parts = [part_to(group, province, day_of(at)) for group in would_send(wanted, at=at)]
    whole = totals([part.group.part(part.quote.price) for part in parts])
    document = TotalsDocument(
        parts=[_part(part, costs) for part, costs in zip(parts, whole.parts, strict=True)],
        goods_vnd=whole.goods.amount,
        shipping_vnd=whole.shipping.amount,
        total_vnd=whole.total.amount,
    )
    return Response(document.model_dump_json(), mimetype="application/json")


def _wanted() -> tuple[Counter[str], str]:
    """SKU to how many, goods named twice added up, and where to; raises Invalid by parameter."""
    errors = misread(request.args, TOTALS)
    items, province = request.args.getlist("item"), request.args.get("province", "")
    if not 1 <= len(items) <= MOST_GOODS or not all(re.fullmatch(ITEM, each, re.ASCII) for each in items):
        errors["item"] = N_("Từ 1 đến 60 món, mỗi món ghi MÃ:SỐ LƯỢNG, ví dụ LC-101-1:2.")
    if province not in regions():
        errors["province"] = N_("Mã tỉnh gồm hai chữ số, ví dụ 12.")
    if errors:
        raise Invalid(errors)
    wanted: Counter[str] = Counter()
    for sku, _mark, quantity in (each.partition(":") for each in items):
        wanted[sku] += int(quantity)
    return wanted, province


def _part(part: ReviewPart, costs: PartTotals) -> TotalPart:
    return TotalPart(
        producer=part.producer.slug,
        lines=[
            TotalLine(
                sku=line.variant.sku,
                quantity=line.quantity,
                unit_vnd=line.unit_price.amount,
                total_vnd=line.total.amount,
                available=line.trouble is None,
            )
            for line in part.group.lines
        ],
        goods_vnd=costs.goods.amount,
        shipping_vnd=costs.shipping.amount,
        total_vnd=costs.total.amount,
    )
