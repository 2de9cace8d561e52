"""The office reads applications by rank, says what it means to decide, publishes it; criteria; a workbook of all."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.faces.office_desk.exhibitor_forms import criteria_in, criteria_rows
from marketplace.faces.storefront.exhibitor_words import (
    exhibitor_words,
    lack_words,
    score_words,
    state_words,
    wish_words,
)
from marketplace.faces.storefront.trade_words import set_name
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.spreadsheets import Cell, xlsx_answer
from marketplace.platform.web.verbs import answered, perform
from marketplace.trade.exhibitors.goods import lacks_of
from marketplace.trade.exhibitors.models import Application, ApplicationState, Decision, Placing
from marketplace.trade.exhibitors.queries import list_applications, list_criteria, placings_of
from marketplace.trade.exhibitors.rules import Lack
from marketplace.trade.exhibitors.services import mark_pending, publish_decisions, set_criteria
from marketplace.trade.exhibitors.standing import Fee, Ranked, Room, fees_of, place_names, ranked, rooms
from marketplace.trade.fairs.models import PLANNED, Edition
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.fairs.rules import OUTSIDE

bp = Blueprint("office_exhibitors", __name__, url_prefix="/office/fairs")
SEEN = [state for state in ApplicationState if state is not ApplicationState.DRAFT]


@dataclass(frozen=True)
class Sheet:
    """Everything about an edition's applications."""

    edition: Edition
    rows: list[Ranked]
    rooms: list[Room]
    lacks: dict[int, tuple[Lack, ...]]
    placings: dict[int, Placing]
    fees: dict[int, Fee]

    def fit(self, row: Application) -> int:
        """How many of the products it brings may be shown."""
        return sum(not self.lacks[shown.listing_id] for shown in row.goods)


def home_province() -> str:
    """The province that the fairs are of."""
    return str(current_app.config["SETTINGS"].province_code)


def sheet_of(code: str) -> Sheet:
    """The applications of an edition, by rank."""
    edition = get_edition(code)
    applications = list_applications(edition.id)
    rows = ranked(applications, home=home_province())
    placings = placings_of([each.id for each in applications])
    return Sheet(
        edition,
        rows,
        rooms(edition, rows, home=home_province()),
        lacks_of(edition, applications),
        placings,
        fees_of([each.id for each in applications], placings=placings),
    )


@bp.get("/<code>/applications")
@allow(RUN_FAIRS)
def applications(code: str) -> str:
    return _look(code)


@bp.post("/<code>/applications")
@allow(RUN_FAIRS)
def mark(code: str) -> Any:
    """What is meant for the ticked ones; nobody is told before it is published."""
    said = request.form.get("decision", "")
    act = partial(
        mark_pending,
        code=code,
        applications=request.form.getlist("application"),
        decision=Decision(said) if said in set(Decision) else None,
        reason=request.form.get("reason", ""),
        by=current_actor(),
        at=now(),
    )
    then = url_for("office_exhibitors.applications", code=code)
    return answered(act, _("Đã ghi ý định. Chưa ai ngoài văn phòng biết."), again=partial(_look, code), then=then)


@bp.post("/<code>/applications/publish")
@allow(RUN_FAIRS)
def publish(code: str) -> Any:
    came = perform(partial(publish_decisions, code=code, home=home_province(), by=current_actor(), at=now()))
    if came.made:
        number = sum(came.value.values())
        words = ngettext(
            "Đã công bố %(num)d quyết định; nơi làm được báo bằng thư.",
            "Đã công bố %(num)d quyết định; nơi làm được báo bằng thư.",
            number,
        )
        flash(words, "ok")
    return redirect(url_for("office_exhibitors.applications", code=code))


@bp.get("/<code>/applications.xlsx")
@allow(RUN_FAIRS)
def download(code: str) -> Response:
    sheet = sheet_of(code)
    header = [_("Hạng"), _("Điểm"), _("Mã"), _("Nơi làm"), _("Xã, phường"), _("Trạng thái"), _("Nộp ngày")]
    header += [_("Sản phẩm"), _("Đủ điều kiện"), _("Thiếu"), _("Điện, W"), _("Nước"), _("Giữ lạnh"), _("Nguyện vọng")]
    header += [_("Gian"), _("Phí, đồng"), _("Đã nộp, đồng"), _("Lý do")]
    answer: Response = xlsx_answer(f"dang-ky-{sheet.edition.slug}", header, _cells(sheet))
    return answer


def _cells(sheet: Sheet) -> Iterator[list[Cell]]:
    for row in sheet.rows:
        each, fee = row.application, sheet.fees[row.application.id]
        lacks = {lack_words(lack) for shown in each.goods for lack in sheet.lacks[shown.listing_id]}
        placing = sheet.placings.get(each.id)
        yield [
            row.rank,
            score_words(row.score),
            each.code,
            each.producer.name,
            each.producer.commune.name,
            state_words(each.state)[1],
            day_of(each.submitted_at) if each.submitted_at else None,
            ", ".join(shown.listing.name for shown in each.goods),
            sheet.fit(each),
            " ".join(sorted(lacks)),
            each.power_w,
            _("có") if each.water else "",
            _("có") if each.cold else "",
            ", ".join(wish_words(wish) for wish in each.wishes),
            placing.booth.label if placing else "",
            fee.due.amount,
            fee.paid.amount,
            each.reason,
        ]


@bp.route("/<code>/criteria", methods=["GET", "POST"])
@allow(RUN_FAIRS)
def criteria(code: str) -> Any:
    edition = get_edition(code)
    errors: dict[str, str] = {}
    if request.method == "POST":
        rows = criteria_in(request.form)
        act = partial(set_criteria, code=code, criteria=rows, by=current_actor(), at=now())
        came = perform(act, _("Đã lưu tiêu chí. Nơi làm thấy chúng trước khi nộp đơn."))
        if not came.errors:
            return redirect(url_for("office_exhibitors.criteria", code=code))
        errors = came.errors
    page = render_template(
        "office_desk/fair_criteria.html",
        edition=edition,
        rows=criteria_rows(list_criteria(edition.id), request.form),
        errors=errors,
        changeable=edition.state in PLANNED,
        **exhibitor_words(),
    )
    return page, 422 if errors else 200


def _look(code: str, errors: dict[str, str] | None = None) -> str:
    sheet = sheet_of(code)
    state, place, wanted = (request.args.get(name, "") for name in ("state", "place", "set"))
    shown = [
        row
        for row in sheet.rows
        if (not state or row.application.state.value == state)
        and (not place or place in row.marks)
        and (not wanted or wanted in _sets(row.application))
    ]
    marks = {mark for row in sheet.rows for mark in row.marks}
    names = {**place_names(marks), OUTSIDE: _("Các tỉnh khác")}
    return render_template(
        "office_desk/fair_applications.html",
        sheet=sheet,
        edition=sheet.edition,
        shown=shown,
        waiting=sum(row.application.pending is not None for row in sheet.rows),
        bars_rows=[_bar(room) for room in sheet.rooms],
        states=[(each.value, state_words(each)[1]) for each in SEEN],
        places=sorted(((mark, names.get(mark, mark)) for mark in marks), key=lambda pair: pair[1]),
        sets=sorted({(code, set_name(code)) for row in sheet.rows for code in _sets(row.application)}),
        chosen={"state": state, "place": place, "set": wanted},
        decisions=list(Decision),
        ticked=set(request.form.getlist("application")),
        typed=request.form,
        errors=errors or {},
        **exhibitor_words(),
    )


def _sets(application: Application) -> set[str]:
    return {shown.listing.product.set_code for shown in application.goods}


def _bar(room: Room) -> dict[str, object]:
    label = room.name or _("Các tỉnh khác")
    return {"label": label, "done": room.used, "more": room.pending, "goal": room.most}
