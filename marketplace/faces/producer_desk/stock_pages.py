"""The producer's desk: stock in its batches, prices, the mark from which the producer is told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.forms import read_price
from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.producer_desk.shelves import goods_of, shelves
from marketplace.faces.producer_desk.stock_forms import (
    Typed,
    read_batch,
    read_shown,
    read_tiers,
    read_units,
)
from marketplace.platform.core.access import Actor, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.queries import get_kept_variant
from marketplace.shop.inventory.queries import count_movements, list_movements
from marketplace.shop.inventory.services import correct_stock, count_stock, receive_batch, set_low_mark, write_off
from marketplace.shop.pricing.services import change_price, set_tiers

bp = Blueprint("producer_stock", __name__, url_prefix="/producer/stock")

A_PAGE = 30
FIELDS = ("price", "price_seen", "counted", "seen", "counts", "batch", "units", "reason", "code", "made_on",
          "expires_on", "note", "low_at")  # fmt: skip
TIER_FIELDS = tuple(f"{name}_{n}" for n in range(1, 7) for name in ("from", "price"))


@bp.get("")
@allow(KEEP_OWN_SHOP)
def stock() -> str:
    return _stock_page()


def _stock_page(sku: str = "", typed: Typed | None = None, errors: dict[str, str] | None = None) -> str:
    by, today = current_actor(), day_of(now())
    found = shelves(by, on=today)
    goods = goods_of([variant for shelf in found for variant, _units in shelf.variants], on=today)
    return render_template(
        "producer_desk/stock.html",
        shelves=found,
        goods=goods,
        today=today,
        sku=sku,
        typed=typed or {},
        errors=errors or {},
        **desk(by),
    )


@bp.post("/<sku>")
@allow(KEEP_OWN_SHOP)
def change(sku: str) -> Any:
    """Price and count, from the list of all goods."""
    typed, by, at = _typed(), current_actor(), now()
    try:
        price, counted = read_price(typed["price"]), read_units(typed["counted"])
        shown = {name: read_shown(typed[name]) for name in ("price_seen", "seen", "counts")}
        with transaction():
            if price.amount != shown["price_seen"]:
                change_price(sku=sku, price=price, by=by, at=at)
            if counted is not None:
                correct_stock(sku=sku, counted=counted, seen=shown["seen"], counts=shown["counts"], by=by, at=at)
    except Invalid as invalid:
        return _stock_page(sku, typed, _told(invalid)), 422
    except NotFound:
        raise
    except Refusal as refusal:
        return _stock_page(sku, typed, {"counted": sentence(refusal)}), refusal.status
    flash(_("Đã lưu giá và kho."), "ok")
    return redirect(url_for("producer_stock.stock"))


@bp.get("/<sku>")
@allow(KEEP_OWN_SHOP)
def good(sku: str) -> str:
    return _good_page(sku)


def _good_page(sku: str, verb: str = "", errors: dict[str, str] | None = None) -> str:
    by, today, page = current_actor(), day_of(now()), read_page()
    variant = get_kept_variant(sku, by=by)
    if variant.weight_g is None:
        raise NotFound
    return render_template(
        "producer_desk/stock_good.html",
        good=goods_of([variant], on=today)[variant.id],
        variant=variant,
        listing=variant.listing,
        today=today,
        movements=list_movements(variant.id, page=page, per_page=A_PAGE),
        page=page,
        pages=max(1, -(-count_movements(variant.id) // A_PAGE)),
        verb=verb,
        typed=_typed() if verb else {},
        errors=errors or {},
        **desk(by),
    )


def _receive(sku: str, typed: Typed, by: Actor, at: datetime) -> None:
    facts = read_batch(typed, get_kept_variant(sku, by=by).listing.shelf_life_days)
    counts = read_shown(typed["counts"])
    with transaction():
        receive_batch(sku=sku, facts=facts, counts=counts, by=by, at=at)


def _count(sku: str, typed: Typed, by: Actor, at: datetime) -> None:
    counted = read_units(typed["counted"])
    seen, counts = read_shown(typed["seen"]), read_shown(typed["counts"])
    with transaction():
        count_stock(
            sku=sku,
            batch=typed["batch"],
            counted=seen if counted is None else counted,
            seen=seen,
            counts=counts,
            by=by,
            at=at,
            note=typed["note"],
        )


def _write_off(sku: str, typed: Typed, by: Actor, at: datetime) -> None:
    units, counts = read_units(typed["units"], "units") or 0, read_shown(typed["counts"])
    with transaction():
        write_off(sku=sku, batch=typed["batch"], units=units, reason=typed["reason"], counts=counts, by=by, at=at)


def _low(sku: str, typed: Typed, by: Actor, at: datetime) -> None:
    low_at = read_units(typed["low_at"], "low_at")
    with transaction():
        set_low_mark(sku=sku, low_at=low_at, by=by, at=at)


def _tiers(sku: str, typed: Typed, by: Actor, at: datetime) -> None:
    tiers = read_tiers(typed)
    with transaction():
        set_tiers(sku=sku, tiers=tiers, by=by, at=at)


VERBS: dict[str, Callable[[str, Typed, Actor, datetime], None]] = {
    "receive": _receive,
    "count": _count,
    "write-off": _write_off,
    "low": _low,
    "tiers": _tiers,
}


@bp.post("/<sku>/<any(receive, count, 'write-off', low, tiers):verb>")
@allow(KEEP_OWN_SHOP)
def move(sku: str, verb: str) -> Any:
    try:
        VERBS[verb](sku, _typed(), current_actor(), now())
    except Invalid as invalid:
        return _good_page(sku, verb, _told(invalid)), 422
    except NotFound:
        raise
    except Refusal as refusal:
        return _good_page(sku, verb, {"all": sentence(refusal)}), refusal.status
    flash(_("Đã ghi vào sổ kho.") if verb in ("receive", "count", "write-off") else _("Đã lưu."), "ok")
    back = url_for("producer_stock.stock") if request.form.get("back") == "stock" else ""
    return redirect(back or url_for("producer_stock.good", sku=sku))


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in (*FIELDS, *TIER_FIELDS)}


def _told(invalid: Invalid) -> dict[str, str]:
    return {name: _(text) % invalid.facts for name, text in invalid.fields.items()}
