"""The producer's desk: all goods in one table, changed cell by cell, saved whole or not at all."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.faces.producer_desk.grid_forms import Cell, Row, Sent, read_grid
from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.producer_desk.shelves import goods_of
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.intake.editing import CellsRefused, edit_goods
from marketplace.shop.intake.queries import list_own_variants

bp = Blueprint("producer_grid", __name__, url_prefix="/producer/grid")

A_PAGE = 60
FILTERS = ("listing", "state", "low", "page")


@dataclass(frozen=True)
class Table:
    """The rows that the address asks for, and the names of all listings by slug."""

    rows: list[Row]
    names: dict[str, str]


@bp.get("")
@allow(KEEP_OWN_SHOP)
def grid() -> str:
    return _page(_table(), Sent(), {})


@bp.post("")
@allow(KEEP_OWN_SHOP)
def save() -> Any:
    table = _table()
    sent = read_grid(request.form, table.rows)
    wrong = {cell: _(text) for cell, text in sent.wrong.items()}
    if not wrong and sent.edits:
        try:
            with transaction():
                number = edit_goods(edits=sent.edits, by=current_actor(), at=now())
        except CellsRefused as refused:
            wrong = {cell: _(text) % facts for cell, (text, facts) in refused.cells.items()}
            table = _table()
        else:
            flash(ngettext("Đã lưu %(num)d ô.", "Đã lưu %(num)d ô.", number), "ok")
    if wrong:
        return _page(table, sent, wrong), 422
    asked = {name: request.args[name] for name in FILTERS if name in request.args}
    return redirect(f"{url_for('producer_grid.grid')}?{urlencode(asked)}" if asked else url_for("producer_grid.grid"))


def _table() -> Table:
    """The goods of a listing, with little left, in a state: as the address asks."""
    every, today = list_own_variants(by=current_actor()), day_of(now())
    wanted, state = request.args.get("listing", ""), request.args.get("state", "")
    variants = [v for v in every if wanted in ("", v.listing.slug) and state in ("", v.listing.state.value)]
    goods = goods_of(variants, on=today)
    rows = [Row(goods[v.id]) for v in variants if "low" not in request.args or goods[v.id].low]
    return Table(rows, {v.listing.slug: v.listing.name for v in every})


def _page(table: Table, sent: Sent, wrong: dict[Cell, str]) -> str:
    page, number = read_page(), len(table.rows)
    return render_template(
        "producer_desk/grid.html",
        rows=table.rows[(page - 1) * A_PAGE : page * A_PAGE],
        listings=table.names,
        states=list(ListingState),
        typed=sent.typed,
        wrong=wrong,
        page=page,
        pages=max(1, -(-number // A_PAGE)),
        **desk(current_actor()),
    )
