"""Councils and their seats; planning sittings."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from marketplace.faces.office_desk.council_forms import CouncilForm, SeatForm, SittingForm
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.registry.councils.policies import KEEP_COUNCILS
from marketplace.registry.councils.queries import (
    count_table,
    get_council,
    list_councils,
    list_open_appeals,
    list_sittings,
)
from marketplace.registry.councils.services import add_member, end_seat, form_council, plan_sitting
from marketplace.registry.rounds.queries import list_rounds
from marketplace.registry.rulesets.rules import AuthorityLevel

bp = Blueprint("office_councils", __name__, url_prefix="/office/councils")


@bp.get("")
@allow(KEEP_COUNCILS)
def councils() -> str:
    sittings = list_sittings(by=current_actor())
    return render_template(
        "office_desk/councils.html",
        councils=list_councils(by=current_actor()),
        sittings=sittings,
        counts=count_table(sitting.id for sitting in sittings),
        appeals=list_open_appeals(by=current_actor()),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_COUNCILS)
def new() -> Any:
    form = CouncilForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            council = form_council(
                name=form.name.data,
                level=AuthorityLevel(form.level.data),
                decision_number=form.decision_number.data,
                established_on=form.established_on.data,
                by=current_actor(),
                at=now(),
            )
        if not form.errors:
            return redirect(url_for("office_councils.council", code=council.code))
    return render_template("office_desk/new_council.html", form=form), 422 if form.errors else 200


@bp.get("/<code>")
@allow(KEEP_COUNCILS)
def council(code: str) -> str:
    return _page(code, SeatForm(), _sitting_form())


def _sitting_form() -> SittingForm:
    form = SittingForm()
    named = [(row.code, _("Đợt %(n)d năm %(year)d", n=row.number, year=row.year)) for row in list_rounds()]
    form.round.choices = [SelectChoice(code, label) for code, label in named]
    return form


def _page(code: str, seat: SeatForm, sitting: SittingForm) -> str:
    found = get_council(code, by=current_actor())
    sittings = list_sittings(by=current_actor(), council_id=found.id)
    return render_template(
        "office_desk/council.html",
        council=found,
        seat=seat,
        sitting=sitting,
        sittings=sittings,
        counts=count_table(each.id for each in sittings),
    )


@bp.post("/<code>/members")
@allow(KEEP_COUNCILS)
def give_seat(code: str) -> Any:
    form = SeatForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            add_member(council_code=code, facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã thêm. Người chưa có tài khoản nhận thư để đặt mật khẩu."), "ok")
            return redirect(url_for("office_councils.council", code=code))
    return _page(code, form, _sitting_form()), 422


@bp.post("/<code>/members/<member_code>/end")
@allow(KEEP_COUNCILS)
def take_seat(code: str, member_code: str) -> Response:
    with transaction():
        end_seat(council_code=code, member_code=member_code, by=current_actor(), at=now())
    flash(_("Đã rút ghế; điểm đã chấm vẫn giữ."), "ok")
    return redirect(url_for("office_councils.council", code=code))


@bp.post("/<code>/sittings")
@allow(KEEP_COUNCILS)
def plan(code: str) -> Any:
    form = _sitting_form()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            sitting = plan_sitting(
                council_code=code,
                round_code=form.round.data,
                held_on=form.day(),
                place=form.place.data,
                by=current_actor(),
                at=now(),
            )
        if not form.errors:
            return redirect(url_for("office_sittings.sitting", code=sitting.code))
    return _page(code, SeatForm(formdata=None), form), 422
