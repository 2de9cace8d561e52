"""Officers of every level record what they did to reach people, with its papers."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.outreach_forms import ActivityForm, first_said, said_of_activity
from marketplace.faces.office_desk.programme_pages import year_asked
from marketplace.faces.office_desk.programme_words import ACTIVITY_KINDS, home, programme_words, unit_name
from marketplace.office.outreach.models import Activity, ActivityKind
from marketplace.office.outreach.policies import KEEP_ACTIVITIES
from marketplace.office.outreach.queries import (
    Asked,
    get_activity,
    get_file,
    list_activities,
    list_files,
    list_units_of,
    sums_of,
)
from marketplace.office.outreach.services import (
    add_paper,
    change_activity,
    record_activity,
    remove_paper,
    withdraw_activity,
)
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.spreadsheets import Cell, csv_answer, xlsx_answer
from marketplace.platform.web.uploads import keep_each
from marketplace.platform.web.verbs import answered, perform

bp = Blueprint("office_activities", __name__, url_prefix="/office/programme/activities")
A_PAGE = 40
MOST_TAKEN = 50_000


def _asked() -> Asked:
    kind = next((each for each in ActivityKind if each.value == request.args.get("kind")), None)
    return Asked(year_asked(), kind, request.args.get("district", "")[:8])


@bp.get("")
@allow(KEEP_ACTIVITIES)
def activities() -> str:
    by, asked, page = current_actor(), _asked(), read_page()
    total, people = sums_of(by=by, asked=asked)
    return render_template(
        "office_desk/activities.html",
        rows=list_activities(by=by, asked=asked, page=page, per_page=A_PAGE),
        total=total,
        people=people,
        asked=asked,
        districts=[(unit.code, unit_name(unit)) for unit in home(by).districts],
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        today=day_of(now()),
        **programme_words(),
    )


@bp.get("/list.<any(xlsx, csv):form>")
@allow(KEEP_ACTIVITIES)
def table(form: str) -> Response:
    heads = [_("Mã"), _("Ngày"), _("Hình thức"), _("Tên hoạt động"), _("Đơn vị tổ chức"), _("Dành cho ai")]
    heads += [_("Bao nhiêu người"), _("Nơi diễn ra, tên báo đài"), _("Người ghi")]
    found = list_activities(by=current_actor(), asked=_asked(), per_page=MOST_TAKEN)
    cells: Iterator[list[Cell]] = (
        [
            each.code,
            each.held_on,
            str(ACTIVITY_KINDS[each.kind]),
            each.title,
            each.unit.name,
            each.audience,
            each.people,
            each.place,
            each.entered_by,
        ]
        for each in found
    )
    answer = xlsx_answer if form == "xlsx" else csv_answer
    made: Response = answer(f"truyen-thong-{year_asked()}", heads, cells)
    return made


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_ACTIVITIES)
def new() -> Any:
    form = ActivityForm(data=None if request.method == "POST" else first_said(day_of(now())))
    return _write(form, None)


@bp.route("/<code>/edit", methods=["GET", "POST"])
@allow(KEEP_ACTIVITIES)
def edit(code: str) -> Any:
    row = get_activity(code, by=current_actor())
    return _write(ActivityForm(data=None if request.method == "POST" else said_of_activity(row)), row)


def _write(form: ActivityForm, row: Activity | None) -> Any:
    by = current_actor()
    form.offer(list_units_of(by=by, province_code=current_app.config["SETTINGS"].province_code))
    if form.validate_on_submit():
        verb = partial(change_activity, code=row.code) if row else record_activity
        with told_on(form, Refusal), transaction():
            kept = verb(facts=form.facts(), by=by, at=now())
        if not form.errors:
            flash(_("Đã ghi. Hoạt động được tính vào kế hoạch năm."), "ok")
            return redirect(url_for("office_activities.activity", code=kept.code))
    page = render_template("office_desk/activity_form.html", form=form, row=row)
    return page, 422 if form.errors else 200


@bp.get("/<code>")
@allow(KEEP_ACTIVITIES)
def activity(code: str) -> str:
    return _look(code, {})


def _look(code: str, errors: dict[str, str]) -> str:
    row = get_activity(code, by=current_actor())
    return render_template(
        "office_desk/activity.html", row=row, files=list_files(row.id), errors=errors, **programme_words()
    )


@bp.post("/<code>/withdraw")
@allow(KEEP_ACTIVITIES)
def withdraw(code: str) -> Any:
    act = partial(withdraw_activity, code=code, why=request.form.get("why", ""), by=current_actor(), at=now())
    then = url_for("office_activities.activity", code=code)
    return answered(act, _("Đã rút; hoạt động không được tính nữa."), again=partial(_look, code), then=then)


@bp.post("/<code>/papers")
@allow(KEEP_ACTIVITIES)
@limiter.limit("240 per hour")
def add_papers(code: str) -> Any:
    """Keep every sound file of what was sent; a bad one costs no other."""
    get_activity(code, by=current_actor())
    keep_each(lambda document, at: add_paper(code=code, document=document, by=current_actor(), at=at))
    return redirect(url_for("office_activities.activity", code=code, _anchor="papers"))


@bp.get("/<code>/papers/<file>")
@allow(KEEP_ACTIVITIES)
def paper(code: str, file: str) -> Response:
    return file_answer(get_file(get_activity(code, by=current_actor()).id, file).file)


@bp.post("/<code>/papers/<file>/remove")
@allow(KEEP_ACTIVITIES)
def drop_paper(code: str, file: str) -> Any:
    perform(partial(remove_paper, code=code, file=file, by=current_actor(), at=now()), _("Đã bỏ tệp."))
    return redirect(url_for("office_activities.activity", code=code, _anchor="papers"))
