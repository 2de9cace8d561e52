"""Collections, gift baskets and seasons as the public sees them; where a link of the shop window leads."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.storefront.cards import Card, cards_of
from marketplace.faces.storefront.counted import count_click
from marketplace.faces.storefront.findable import crumbs_ld
from marketplace.faces.storefront.placed import collection_tile
from marketplace.faces.storefront.placed_words import placed_words
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.core.money import total
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.language import language
from marketplace.shop.baskets.cookies import basket_token, keep_token
from marketplace.shop.baskets.queries import is_somebody_elses
from marketplace.shop.baskets.services import add_to_basket
from marketplace.shop.catalog.age import left_out
from marketplace.trade.collections.models import Collection, CollectionKind
from marketplace.trade.collections.queries import (
    count_published,
    get_published,
    list_over,
    list_parts,
    list_published,
    list_vouchers,
)
from marketplace.trade.promotion.queries import get_placement
from marketplace.trade.promotion.standing import Goods, goods_of

bp = Blueprint("collections", __name__)
A_PAGE = 24


@bp.get("/collections")
@allow(PUBLIC)
def collections() -> str:
    on, page = day_of(now()), read_page()
    found, over = list_published(on=on, page=page, per_page=A_PAGE), list_over(on=on)
    goods = goods_of([], on=on, hidden=left_out(), also=found)
    return render_template(
        "storefront/collections.html",
        tiles=[collection_tile(each, goods) for each in found],
        over=over,
        page=page,
        pages=max(1, -(-count_published(on=on) // A_PAGE)),
        today=on,
        **placed_words(),
    )


@bp.get("/collections/<slug>")
@allow(PUBLIC)
def collection(slug: str) -> str:
    return _page(get_published(slug, season=False))


@bp.get("/seasons/<slug>")
@allow(PUBLIC)
def season(slug: str) -> str:
    return _page(get_published(slug, season=True))


def _page(shown: Collection) -> str:
    at = now()
    on, is_season = day_of(at), shown.kind is CollectionKind.SEASON
    parts = list_parts(shown.id, published=True) if is_season else []
    goods = goods_of([], on=on, hidden=left_out(), also=[shown, *parts])
    found = cards_of(goods.of(shown), variants=goods.variants, units=goods.units, at=at)
    title = (shown.title_en if language() == "en" else "") or shown.title
    trail = [(_("Bộ sưu tập"), "/collections"), (title, "")]
    return render_template(
        "storefront/collection.html",
        shown=shown,
        sheet=collection_tile(shown, goods),
        cards=found,
        basket=_basket(shown, found, goods) if shown.kind is CollectionKind.BASKET else None,
        parts=[collection_tile(each, goods) for each in parts],
        vouchers=[each for each in list_vouchers(shown.id) if each.ends_at > at] if is_season else [],
        now=at,
        today=on,
        trail=trail,
        ld=[crumbs_ld(trail)],
        **placed_words(),
    )


def _basket(shown: Collection, found: list[Card], goods: Goods) -> dict[str, Any]:
    """What a gift basket holds, what it costs now, and whether all of it is to be had."""
    quantities = {item.listing_id: item.quantity for item in goods.items.get(shown.id, ())}
    lines = [(card, card.variants[0], quantities[card.public.listing.id]) for card in found]
    sums = [card.priced(variant).unit * quantity for card, variant, quantity in lines]
    return {"lines": lines, "total": total(sums), "whole": goods.whole(shown)}


@bp.post("/collections/<slug>/basket")
@allow(PUBLIC)
def take(slug: str) -> Response:
    """Put everything a gift basket holds in the cart, or nothing."""
    shown, at = get_published(slug, season=False), now()
    goods = goods_of([], on=day_of(at), hidden=left_out(), also=[shown])
    if shown.kind is not CollectionKind.BASKET:
        raise NotFound
    if not goods.whole(shown):
        flash(_("Giỏ quà này hôm nay không còn đủ món, nên chưa thêm gì vào giỏ."), "bad")
        return redirect(shown.path)
    response = redirect("/cart")
    token = keep_token(response, fresh=is_somebody_elses(basket_token(), by=current_actor()))
    try:
        with transaction():
            for item in goods.items[shown.id]:
                sku = goods.variants[item.listing_id][0].sku
                add_to_basket(token=token, sku=sku, quantity=item.quantity, by=current_actor(), at=at)
    except Refusal as refusal:
        flash(" ".join((sentence(refusal), _("Chưa thêm gì vào giỏ."))), "bad")
        return redirect(shown.path)
    flash(_("Đã thêm cả giỏ quà."), "ok")
    return response


@bp.get("/go/<code>")
@allow(PUBLIC)
def go(code: str) -> Response:
    """Where a link of the shop window leads, also one that is over; that it was followed is counted, not by whom."""
    placement = get_placement(code)
    count_click(placement)
    kept = request.args.get("lang")
    response = redirect(placement.path + (f"?lang={kept}" if kept in ("vi", "en") else ""))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
