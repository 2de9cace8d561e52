"""The office gives booths: terms, runs with their reasons, pins by hand, publishing."""

from collections.abc import Callable
from dataclasses import asdict, fields
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.booth_words import GATHERINGS, WEIGHTS, left_words, why_words
from marketplace.faces.office_desk.exhibitor_pages import home_province
from marketplace.faces.office_desk.fair_pages import quota_places
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import whole_number
from marketplace.platform.web.verbs import answered
from marketplace.trade.allocations.models import RunState
from marketplace.trade.allocations.problem import Gathering, Weights
from marketplace.trade.allocations.queries import (
    get_run,
    list_placings,
    list_runs,
    list_to_place,
    terms_of,
)
from marketplace.trade.allocations.services import ask_run, pin, publish_placings, set_terms, take_run, unpin
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.floorplans.queries import list_booths

bp = Blueprint("office_booths", __name__, url_prefix="/office/fairs/<code>/booths")


@bp.get("")
@allow(RUN_FAIRS)
def booths(code: str) -> str:
    return _look(code)


def _look(code: str, errors: dict[str, str] | None = None) -> str:
    edition = get_edition(code)
    gathering, weights = terms_of(edition.id)
    placings = list_placings(edition.id)
    all_booths = list_booths(edition.id)
    taken = {each.booth_id for each in placings.values()}
    return render_template(
        "office_desk/fair_booths.html",
        edition=edition,
        people=list_to_place(edition.id),
        placings=placings,
        booths=all_booths,
        free=[booth for booth in all_booths if booth.id not in taken and not booth.blocked],
        runs=list_runs(edition.id),
        gathering=gathering,
        weights=asdict(weights),
        gatherings=GATHERINGS,
        weight_names=WEIGHTS,
        new=sum(each.published_at is None for each in placings.values()),
        errors=errors or {},
        typed=request.form,
        **fair_words(),
    )


@bp.get("/runs/<int(max=9999):number>")
@allow(RUN_FAIRS)
def run(code: str, number: int) -> str:
    edition = get_edition(code)
    people = {each.code: each for each in list_to_place(edition.id)}
    names = {key: each.producer.name for key, each in people.items()}
    return render_template(
        "office_desk/fair_run.html",
        edition=edition,
        run=get_run(edition.id, number),
        ready=RunState.DONE,
        names=names,
        labels={booth.code: booth.label for booth in list_booths(edition.id)},
        why=partial(why_words, names=names),
        left_because=partial(left_words, places=dict(quota_places())),
        **fair_words(),
    )


@bp.post("/terms")
@allow(RUN_FAIRS)
def terms(code: str) -> Any:
    def act(**who: Any) -> None:
        set_terms(gathering=_gathering(), weights=_weights(), **who)

    return _do(code, act, N_("Đã lưu cách xếp."))


def _gathering() -> Gathering:
    typed = request.form.get("gathering", "")
    if typed not in set(Gathering):
        raise Invalid({"gathering": N_("Chọn một mục trong danh sách.")})
    return Gathering(typed)


def _weights() -> Weights:
    typed = {field.name: whole_number(request.form.get(field.name, ""), 3) for field in fields(Weights)}
    wrong = {name: N_("Từ 0 đến 100.") for name, number in typed.items() if number is None}
    if wrong:
        raise Invalid(wrong)
    return Weights(**{name: number for name, number in typed.items() if number is not None})


@bp.post("/runs")
@allow(RUN_FAIRS)
def ask(code: str) -> Any:
    return _do(code, ask_run, N_("Đang xếp gian. Trang này tự cập nhật; có thể rời đi và quay lại."))


@bp.post("/runs/<int(max=9999):number>/take")
@allow(RUN_FAIRS)
def take(code: str, number: int) -> Any:
    return _do(
        code,
        partial(take_run, number=number, home=home_province()),
        N_("Đã dùng bản xếp này. Chưa ai ngoài văn phòng thấy."),
    )


@bp.post("/<application>/<any(pin, unpin):verb>")
@allow(RUN_FAIRS)
def move(code: str, application: str, verb: str) -> Any:
    if verb == "unpin":
        return _do(code, partial(unpin, application=application), N_("Lượt xếp sau được chuyển gian này."))
    act = partial(pin, application=application, booth=request.form.get("booth", ""))
    return _do(code, act, N_("Đã ghim."))


@bp.post("/publish")
@allow(RUN_FAIRS)
def publish(code: str) -> Any:
    return _do(code, publish_placings, N_("Đã công bố; nơi bày hàng được báo gian bằng thư."))


def _do(code: str, verb: Callable[..., Any], done: str) -> Any:
    """One verb on one edition's booths; a refusal is told on their page."""
    act, then = partial(verb, code=code, by=current_actor(), at=now()), url_for("office_booths.booths", code=code)
    return answered(act, _(done), again=partial(_look, code), then=then)
