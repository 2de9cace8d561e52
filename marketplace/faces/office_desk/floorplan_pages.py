"""The office draws a fair's floor plan: in the browser, or by forms where there is no JavaScript; and prints it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.floorplan_forms import (
    base_in,
    layout_in,
    metres,
    with_booth,
    with_hall,
    with_landmark,
    with_row,
    without_booth,
    without_hall,
    without_landmark,
)
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.floorplan_words import LANDMARKS, pictures
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound, Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import whole_number
from marketplace.platform.web.verbs import answered
from marketplace.trade.exhibitors.placings import held_booths, list_placed
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.floorplans.queries import get_booth, layout_of, list_booths, list_plans, newest_number
from marketplace.trade.floorplans.rules import Layout
from marketplace.trade.floorplans.services import OVER, PlanChanged, restore_plan, save_plan

bp = Blueprint("office_floorplan", __name__, url_prefix="/office/fairs/<code>/plan")


@bp.get("")
@allow(RUN_FAIRS)
def plan(code: str) -> str:
    return _look(code)


@bp.post("")
@allow(RUN_FAIRS)
def save(code: str) -> Any:
    """The drawing as the page's script sends it; answers JSON, so that what was drawn stays on the page."""
    try:
        layout = layout_in(request.form)
        with transaction():
            saved = save_plan(
                code=code,
                layout=layout,
                base_number=base_in(request.form),
                by=current_actor(),
                at=now(),
                holds=held_booths,
            )
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return _refused(code, refusal), refusal.status
    return {"number": saved.number, "layout": saved.layout, "told": _("Đã lưu mặt bằng.")}


def _refused(code: str, refusal: Refusal) -> dict[str, Any]:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    told: dict[str, Any] = {"told": sentence(refusal), "wrong": {key: _(text) for key, text in fields.items()}}
    if isinstance(refusal, PlanChanged):
        told["newest"] = newest_number(get_edition(code).id)
    return told


@bp.get("/print")
@allow(RUN_FAIRS)
def sheet(code: str) -> str:
    edition = get_edition(code)
    return render_template(
        "office_desk/floorplan_print.html",
        edition=edition,
        halls=pictures(layout_of(edition.id), _names(edition)),
        size="a3" if request.args.get("size") == "a3" else "a4",
        **fair_words(),
    )


@bp.post("/halls")
@allow(RUN_FAIRS)
def add_hall(code: str) -> Any:
    return _draw(code, partial(with_hall, form=request.form), N_("Đã thêm sảnh."))


@bp.post("/halls/<int:number>/drop")
@allow(RUN_FAIRS)
def drop_hall(code: str, number: int) -> Any:
    return _draw(code, partial(without_hall, number=number), N_("Đã bỏ sảnh."))


@bp.post("/rows")
@allow(RUN_FAIRS)
def add_row(code: str) -> Any:
    return _draw(code, partial(with_row, form=request.form), N_("Đã thêm dãy gian."))


@bp.post("/landmarks")
@allow(RUN_FAIRS)
def add_landmark(code: str) -> Any:
    return _draw(code, partial(with_landmark, form=request.form), N_("Đã thêm mốc."))


@bp.post("/landmarks/<int:number>/drop")
@allow(RUN_FAIRS)
def drop_landmark(code: str, number: int) -> Any:
    return _draw(code, partial(without_landmark, number=number), N_("Đã bỏ mốc."))


@bp.get("/booths/<booth>")
@allow(RUN_FAIRS)
def booth(code: str, booth: str) -> str:
    return _look_at(code, booth)


@bp.post("/booths/<booth>")
@allow(RUN_FAIRS)
def change_booth(code: str, booth: str) -> Any:
    get_booth(get_edition(code).id, booth)
    change = partial(with_booth, code=booth, form=request.form)
    return _draw(code, change, N_("Đã sửa gian."), lambda errors: _look_at(code, booth, errors))


@bp.post("/booths/<booth>/drop")
@allow(RUN_FAIRS)
def drop_booth(code: str, booth: str) -> Any:
    get_booth(get_edition(code).id, booth)
    return _draw(code, partial(without_booth, code=booth), N_("Đã bỏ gian."))


@bp.post("/restore")
@allow(RUN_FAIRS)
def restore(code: str) -> Any:
    number = whole_number(request.form.get("number", ""))
    if number is None:
        raise NotFound
    act = partial(restore_plan, number=number, **_who(code))
    return _after(code, act, N_("Bản cũ đã thành mặt bằng hiện hành."), lambda errors: _look(code, errors))


def _draw(
    code: str,
    change: Callable[[Layout], Layout],
    done: str,
    again: Callable[[dict[str, str]], str] | None = None,
) -> Any:
    """The plan as it stands with one change, saved if it is still the one that the page showed."""

    def act() -> None:
        save_plan(layout=change(layout_of(get_edition(code).id)), **_who(code))

    return _after(code, act, done, again or (lambda errors: _look(code, errors)))


def _after(code: str, act: Callable[[], object], done: str, again: Callable[[dict[str, str]], str]) -> Any:
    return answered(act, _(done), again=again, then=url_for("office_floorplan.plan", code=code))


def _who(code: str) -> dict[str, Any]:
    base = base_in(request.form)
    return {"code": code, "base_number": base, "by": current_actor(), "at": now(), "holds": held_booths}


def _names(edition: Edition) -> dict[str, str]:
    return {each.booth.code: each.application.producer.name for each in list_placed(edition.id)}


def _look(code: str, errors: Mapping[str, str] | None = None) -> str:
    edition = get_edition(code)
    layout, names = layout_of(edition.id), _names(edition)
    plans = list_plans(edition.id)
    base = plans[0].number if plans else 0
    return render_template(
        "office_desk/floorplan.html",
        edition=edition,
        base_number=base,
        drawing={
            "layout": layout.to_json(),
            "base": base,
            "names": names,
            "zones": [{"number": zone.number, "name": zone.name} for zone in edition.zones],
            "kinds": {kind.value: str(name) for kind, name in LANDMARKS.items()},
        },
        halls=pictures(layout, names),
        booths=list_booths(edition.id),
        marks=list(enumerate(layout.landmarks)),
        plans=plans,
        changeable=edition.state not in OVER,
        errors=errors or {},
        **_words(),
    )


def _look_at(code: str, booth: str, errors: Mapping[str, str] | None = None) -> str:
    edition = get_edition(code)
    row = get_booth(edition.id, booth)
    return render_template(
        "office_desk/floorplan_booth.html",
        edition=edition,
        booth=row,
        halls=layout_of(edition.id).halls,
        base_number=newest_number(edition.id),
        errors=errors or {},
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {**fair_words(), "metres": metres, "mark_names": LANDMARKS, "typed": request.form}
