"""The office's view of export: how many products are ready for each market, who is one step away, and which step."""

from flask import Blueprint, render_template

from marketplace.faces.storefront.export_words import export_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import NotFound
from marketplace.trade.export.policies import OVERSEE_EXPORT
from marketplace.trade.export.queries import Exported, list_exported
from marketplace.trade.export.rules import (
    Line,
    Market,
    Standing,
    all_markets,
    find_market,
    readiness,
    steps_left,
    tally,
)

bp = Blueprint("office_export", __name__, url_prefix="/office/export")


@bp.get("")
@allow(OVERSEE_EXPORT)
def export() -> str:
    goods = list_exported(on=day_of(now()))
    rows = [(each, tally(steps_left(readiness(each, one.facts)) for one in goods)) for each in all_markets()]
    return render_template("office_desk/export.html", rows=rows, total=len(goods), **export_words())


@bp.get("/<code>")
@allow(OVERSEE_EXPORT)
def market(code: str) -> str:
    found = find_market(code)
    if found is None:
        raise NotFound
    ready, near = _grouped(found, list_exported(on=day_of(now())))
    return render_template("office_desk/export_market.html", market=found, ready=ready, near=near, **export_words())


def _grouped(market: Market, goods: list[Exported]) -> tuple[list[Exported], list[tuple[Line, list[Exported]]]]:
    """Those that are ready; those one step away by that step, the step most of them lack first."""
    ready: list[Exported] = []
    near: dict[Line, list[Exported]] = {}
    for one in goods:
        checked = readiness(market, one.facts)
        missing = [each.line for each in checked if each.standing is Standing.MISSING]
        if steps_left(checked) == 0:
            ready.append(one)
        elif len(missing) == 1:
            near.setdefault(missing[0], []).append(one)
    return ready, sorted(near.items(), key=lambda pair: (-len(pair[1]), pair[0].code))
