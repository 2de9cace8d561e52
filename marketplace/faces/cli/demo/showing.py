"""Showcase points of the demonstration: places of every kind, goods on display, what a desk has written down."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.faces.cli.demo.texts import DATA
from marketplace.people.accounts.queries import find_user
from marketplace.people.places.queries import find_commune
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import PublicListing, list_public, variants_of
from marketplace.trade.showcase.models import MoveKind, PlaceKind, PointState
from marketplace.trade.showcase.rules import Span
from marketplace.trade.showcase.services import (
    MoveFacts,
    PointFacts,
    VisitFacts,
    close_on,
    move_point,
    put_on_display,
    record_move,
    record_visit,
    register_point,
    set_hours,
    set_pickup,
)

DAYS_OF_SALES = 12


def load_points(*, by: Actor, at: datetime) -> None:
    """Enter the points and open them; in the open block."""
    began = at - timedelta(days=60)
    goods = _goods(at)
    for n, row in enumerate(json.loads((DATA / "points.json").read_text(encoding="utf-8"))):
        slug = _enter(n, row, by, began)
        shown = [goods[(n * 5 + k) % len(goods)] for k in range(row["goods"])] if goods else []
        for each in shown:
            put_on_display(slug=slug, listing=each.listing.slug, by=by, at=at)
        if row["fee"] is not None:
            set_pickup(slug=slug, fee=Money(row["fee"]), by=by, at=began)
        if row["keeper"]:
            _desk(slug, row["keeper"], shown[:4], at)
        if n in (0, 2, 4):
            facts = VisitFacts(
                visited_on=day_of(at) - timedelta(days=9 + n),
                visitors="Vù Thị Sính, Tẩn Thị Thảo",
                findings="Biển hiệu đúng mẫu, hàng còn hạn, giá niêm yết đủ.",
                advice="Thêm giới thiệu bằng tiếng Anh cạnh mỗi món." if n else "",
            )
            record_visit(slug=slug, facts=facts, by=by, at=at)
    if goods:
        first = day_of(at) + timedelta(days=20)
        close_on(slug=slug, first_day=first, last_day=first + timedelta(days=2), reason="Hội xuân bản", by=by, at=at)


def _enter(n: int, row: dict[str, Any], by: Actor, at: datetime) -> str:
    commune = find_commune(row["commune"])
    assert commune is not None
    facts = PointFacts(
        name=row["name"],
        name_en=row["name_en"],
        kind=PlaceKind(row["kind"]),
        commune_code=row["commune"],
        street=row["street"],
        latitude=round((commune.latitude or 0) + row["dlat"], 5),
        longitude=round((commune.longitude or 0) + row["dlng"], 5),
        phone=f"+8490000{950 + n:04d}",
        about=row["about"],
        about_en=row["about_en"],
        managed_by=row["managed_by"],
        keeper=row["keeper"],
        authority="Sở Công Thương tỉnh Lai Châu",
        decision_number=f"{118 + n}/QĐ-SCT",
        decided_on=day_of(at) - timedelta(days=30 + n),
    )
    slug = register_point(facts=facts, by=by, at=at).slug
    set_hours(slug=slug, spans=_week(row), by=by, at=at)
    move_point(slug=slug, to=PointState.OPEN, by=by, at=at)
    return slug


def _week(row: dict[str, Any]) -> list[Span]:
    spans = [Span(int(day), *_hours(each)) for day in row["days"] for each in row["hours"]]
    night = row.get("night")
    return [*spans, Span(night["day"], *_hours(night["hours"]))] if night else spans


def _hours(text: str) -> tuple[time, time]:
    opens, _dash, closes = text.partition("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)


def _desk(slug: str, keeper: str, shown: Sequence[PublicListing], at: datetime) -> None:
    """Units received a fortnight ago, some sold each day since."""
    user = find_user(keeper)
    assert user is not None
    by, today = user.actor(), day_of(at)
    for n, (_listing, variants) in enumerate(variants_of(each.listing.id for each in shown).items()):
        variant: Variant = variants[0]
        came = MoveFacts(variant.sku, MoveKind.RECEIVED, 40, today - timedelta(days=DAYS_OF_SALES + 1))
        record_move(slug=slug, key=f"demo-{slug}-{n}", facts=came, by=by, at=at)
        for back in range(n, DAYS_OF_SALES, 3):
            sold = MoveFacts(
                variant.sku, MoveKind.SOLD, 1 + (back + n) % 3, today - timedelta(days=back), variant.price
            )
            record_move(slug=slug, key=f"demo-{slug}-{n}-{back}", facts=sold, by=by, at=at)


def _goods(at: datetime) -> list[PublicListing]:
    """What the public may see today, by name."""
    ids = list(db.session.scalars(select(Listing.id).order_by(Listing.name, Listing.id)))
    return [each for each in list_public(ids, on=day_of(at)) if each.product.set_code != "VI.1"]
