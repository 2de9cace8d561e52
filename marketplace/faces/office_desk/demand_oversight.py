"""The office reads all demands, and closes one that should not stand, saying why."""

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.trade_words import places_named, trade_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.verbs import perform
from marketplace.registry.certification.product_sets import all_sets
from marketplace.trade.demands.models import DemandState
from marketplace.trade.demands.policies import OVERSEE_DEMANDS
from marketplace.trade.demands.queries import count_all, get_any, list_all
from marketplace.trade.demands.services import close_for_office
from marketplace.trade.distributors.queries import list_names

bp = Blueprint("office_demands", __name__, url_prefix="/office/demands")
A_PAGE = 40


@bp.get("")
@allow(OVERSEE_DEMANDS)
def demands() -> str:
    by, page, typed = current_actor(), read_page(), request.args
    asked = typed.get("state", "")
    chosen: dict[str, Any] = {
        "state": DemandState(asked) if asked in set(DemandState) else None,
        "set_code": typed.get("set", "")[:8],
        "distributor": typed.get("distributor", "")[:96],
    }
    total = count_all(by=by, **chosen)
    return render_template(
        "office_desk/demands.html",
        demands=list_all(by=by, **chosen, page=page, per_page=A_PAGE),
        names=list_names(by=by),
        sets=[known.code for known in all_sets() if not known.service],
        states=list(DemandState),
        chosen=chosen,
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        today=day_of(now()),
        **trade_words(),
    )


@bp.get("/<code>")
@allow(OVERSEE_DEMANDS)
def demand(code: str) -> str:
    return _look(code)


def _look(code: str, error: str = "") -> str:
    found = get_any(code, by=current_actor())
    return render_template(
        "office_desk/demand.html",
        demand=found,
        places=places_named([found]),
        error=error,
        typed=request.form,
        today=day_of(now()),
        **trade_words(),
    )


@bp.post("/<code>/close")
@allow(OVERSEE_DEMANDS)
def close(code: str) -> Any:
    verb = partial(close_for_office, reason=request.form.get("reason", ""), by=current_actor(), at=now())
    done = perform(partial(verb, code=code), _("Đã đóng; nơi phân phối được báo bằng thư."))
    if done.errors:
        return _look(code, done.errors["reason"]), 422
    return redirect(url_for("office_demands.demand", code=code))
