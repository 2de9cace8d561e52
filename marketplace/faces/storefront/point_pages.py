"""Showcase points as the public sees them: the directory with its map, one point."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _

from marketplace.faces.storefront.cards import cards
from marketplace.faces.storefront.findable import crumbs_ld
from marketplace.faces.storefront.point_words import KINDS, Shown, opening_of, point_ld, point_words
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.places.queries import list_communes
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.folding import fold
from marketplace.platform.web.forms import read_page
from marketplace.shop.catalog.age import left_out
from marketplace.shop.catalog.queries import PublicListing
from marketplace.shop.delivery.rules import Place, great_circle_km
from marketplace.trade.showcase.maps import Drawn, draw
from marketplace.trade.showcase.models import PlaceKind, ShowcasePoint
from marketplace.trade.showcase.queries import get_open, goods_shown, list_open

bp = Blueprint("showcase", __name__, url_prefix="/showcase")
A_PAGE = 40


@bp.get("")
@allow(PUBLIC)
def points() -> str:
    """The directory: of one kind of place or all, those open now or all, the nearest to a commune first."""
    asked, at, page = request.args, now(), read_page()
    communes = list_communes(current_app.config["SETTINGS"].province_code)
    here = next((each for each in communes if each.code == asked.get("near")), None)
    kind = PlaceKind(asked["kind"]) if asked.get("kind") in set(PlaceKind) else None
    found = shown(list_open(kind=kind), place_of(here) if here else None, at)
    found = [each for each in found if each.now.open or asked.get("open") != "1"]
    return render_template(
        "storefront/points.html",
        found=found[(page - 1) * A_PAGE : page * A_PAGE],
        total=len(found),
        page=page,
        pages=max(1, -(-len(found) // A_PAGE)),
        drawn=drawn(found, communes),
        by_number={each.number: each for each in found},
        communes=[(each, place) for each in communes if (place := place_of(each))],
        here=here,
        kind=kind,
        kinds=KINDS,
        open_only=asked.get("open") == "1",
        at=at,
        **point_words(),
    )


@bp.get("/<slug>")
@allow(PUBLIC)
def point(slug: str) -> str:
    found, at = get_open(slug), now()
    communes = list_communes(current_app.config["SETTINGS"].province_code)
    goods = goods_found([found], at).get(found.id, [])
    here = Shown(1, found, opening_of(found, at), None, len(goods))
    return render_template(
        "storefront/point.html",
        point=found,
        here=here,
        cards=cards(goods, at=at),
        drawn=drawn([here], communes),
        closures=[each for each in found.closures if each.last_day >= day_of(at)],
        ld=[point_ld(found), crumbs_ld([(_("Điểm giới thiệu"), "/showcase"), (found.name, "")])],
        at=at,
        **point_words(),
    )


def shown(points: Sequence[ShowcasePoint], start: Place | None, at: datetime) -> list[Shown]:
    """The points in the order they are listed and numbered: the nearest first, or by name; unknown places last."""
    goods = goods_found(points, at)
    away = {each.id: great_circle_km(start, each.place) for each in points if start and each.place}
    ordered = sorted(points, key=lambda each: away.get(each.id, float("inf"))) if start else points
    return [
        Shown(n, each, opening_of(each, at), away.get(each.id), len(goods.get(each.id, [])))
        for n, each in enumerate(ordered, start=1)
    ]


def goods_found(points: Sequence[ShowcasePoint], at: datetime) -> dict[int, list[PublicListing]]:
    """What this reader finds at each of these points: no alcohol for who has not said their age."""
    hidden, there = left_out(), goods_shown([each.id for each in points], on=day_of(at))
    return {id_: [each for each in goods if each.product.set_code not in hidden] for id_, goods in there.items()}


def drawn(points: Sequence[Shown], communes: Sequence[AdministrativeUnit]) -> Drawn | None:
    """The map of these points over the province's communes; wards are its large ones."""
    pins = [(each.number, each.point.place) for each in points if each.point.place]
    under = [
        (each.name, place, fold(each.name).startswith("phuong ")) for each in communes if (place := place_of(each))
    ]
    return draw(pins, under)


def place_of(unit: AdministrativeUnit) -> Place | None:
    """Where a commune is, if that is known."""
    known = unit.latitude is not None and unit.longitude is not None
    return (unit.latitude or 0.0, unit.longitude or 0.0) if known else None
