"""The distributor's demands: what it seeks, written, opened, paused, closed, copied."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.distributor_desk.demand_forms import DemandForm, typed_from
from marketplace.faces.storefront.trade_words import places_named, trade_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.verbs import answered, perform
from marketplace.shop.catalog.rules import months_of
from marketplace.trade.demands.models import Demand, DemandState
from marketplace.trade.demands.policies import KEEP_OWN_DEMANDS
from marketplace.trade.demands.queries import count_own, count_own_by_state, get_own, list_own
from marketplace.trade.demands.rules import usual_terms
from marketplace.trade.demands.services import (
    DemandClosed,
    TooManyDemands,
    close_demand,
    copy_demand,
    open_demand,
    pause_demand,
    save_demand,
    terms_of,
)
from marketplace.trade.distributors.queries import find_own, get_own_organisation

bp = Blueprint("distributor_demands", __name__, url_prefix="/distributor/demands")
A_PAGE = 40
MOVED = {
    "open": N_("Đã mở. Nơi làm thấy nhu cầu này khi bạn đã được xác minh."),
    "resume": N_("Đã mở lại."),
    "pause": N_("Đã tạm dừng. Nơi làm không thấy nhu cầu này nữa."),
    "close": N_("Đã đóng nhu cầu."),
}


@bp.get("")
@allow(KEEP_OWN_DEMANDS)
def demands() -> str:
    by, page, asked = current_actor(), read_page(), request.args.get("state", "")
    state = DemandState(asked) if asked in set(DemandState) else None
    return render_template(
        "distributor_desk/demands.html",
        demands=list_own(by=by, state=state, page=page, per_page=A_PAGE),
        counts=count_own_by_state(by=by),
        state=state,
        page=page,
        pages=max(1, -(-count_own(by=by, state=state) // A_PAGE)),
        **_desk(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_OWN_DEMANDS)
def new() -> Any:
    own = find_own(current_actor())
    if own is None:
        flash(_("Viết hồ sơ nơi bán trước, rồi viết nhu cầu."), "warn")
        return redirect(url_for("distributor_desk.profile"))
    usual = typed_from({**usual_terms(own.kind), "wanted_from": day_of(now())})
    if own.province:
        usual["delivery_province_code"] = own.province.code
    return _write(usual, "")


@bp.route("/<code>/edit", methods=["GET", "POST"])
@allow(KEEP_OWN_DEMANDS)
def edit(code: str) -> Any:
    demand = get_own(code, by=current_actor())
    said = asdict(terms_of(demand))
    said |= {"unit": demand.unit.value, "price_ceiling": demand.price_ceiling, "listing_fee": demand.listing_fee}
    said["season"] = [str(month) for month in sorted(months_of(demand.season))] if demand.season else []
    return _write(typed_from(said), code)


def _write(begin: dict[str, Any], code: str) -> Any:
    form = DemandForm(data=begin if request.method == "GET" else None)  # what was not sent was not said
    form.offer_places(current_app.config["SETTINGS"].province_code)
    if form.validate_on_submit():
        with told_on(form, (DemandClosed, TooManyDemands)):
            terms = form.terms()
            with transaction():
                saved = save_demand(terms=terms, code=code, by=current_actor(), at=now()).code
        if not form.errors:
            return _after_saving(saved)
    page = render_template("distributor_desk/demand_form.html", form=form, code=code, **_desk())
    return page, 422 if form.errors else 200


def _after_saving(code: str) -> Any:
    if "open" in request.form:
        return _do(code, open_demand, MOVED["open"])
    flash(_("Đã lưu."), "ok")
    return redirect(url_for("distributor_demands.demand", code=code))


@bp.get("/<code>")
@allow(KEEP_OWN_DEMANDS)
def demand(code: str) -> str:
    return _look(get_own(code, by=current_actor()))


def _look(found: Demand, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "distributor_desk/demand.html",
        demand=found,
        places=places_named([found]),
        errors=errors or {},
        typed=request.form,
        **_desk(),
    )


@bp.post("/<code>/<any(open, pause, resume, close):verb>")
@allow(KEEP_OWN_DEMANDS)
def move(code: str, verb: str) -> Any:
    reason = request.form.get("reason", "")
    verbs: dict[str, Callable[..., Demand]] = {
        "open": open_demand,
        "resume": open_demand,
        "pause": pause_demand,
        "close": partial(close_demand, reason=reason),
    }
    return _do(code, verbs[verb], MOVED[verb])


def _do(code: str, verb: Callable[..., Demand], done: str) -> Any:
    """One verb on one demand; a refusal is told on its page."""

    def again(errors: dict[str, str]) -> Any:
        return _look(get_own(code, by=current_actor()), errors)

    act, then = partial(verb, code=code, by=current_actor(), at=now()), url_for("distributor_demands.demand", code=code)
    return answered(act, _(done), again=again, then=then)


@bp.post("/<code>/copy")
@allow(KEEP_OWN_DEMANDS)
def copy(code: str) -> Any:
    said = _("Đã chép thành nháp mới. Sửa rồi mở.")
    done = perform(lambda: copy_demand(code=code, by=current_actor(), at=now()).code, said)
    if done.made:
        return redirect(url_for("distributor_demands.edit", code=done.value))
    return redirect(url_for("distributor_demands.demand", code=code))


def _desk() -> dict[str, Any]:
    by = current_actor()
    return {
        "organisation": get_own_organisation(by),
        "distributor": find_own(by),
        "today": day_of(now()),
        **trade_words(),
    }
