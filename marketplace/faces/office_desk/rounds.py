"""The programme's calendar: rounds with their deadlines, what is late in each, opening and moving them."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, IntegerField
from wtforms.validators import DataRequired, InputRequired, Length

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import Form, TextField, told_on
from marketplace.registry.dossiers.queries import count_by_state, count_late, counts_by_round, list_late
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.policies import KEEP_ROUNDS, SEE_ROUNDS
from marketplace.registry.rounds.queries import get_round, list_rounds
from marketplace.registry.rounds.rules import RoundDays, usual_days
from marketplace.registry.rounds.services import RoundClosed, RoundFacts, change_round, close_round, open_round

bp = Blueprint("office_rounds", __name__, url_prefix="/office/rounds")


class DaysForm(Form):
    """The days of a round."""

    opens_on = DateField(_l("Nhận hồ sơ từ ngày"), validators=[DataRequired(_l("Nhập ngày"))])
    first_deadline = DateField(_l("Hạn nộp ở xã (trước đây là huyện)"), validators=[DataRequired(_l("Nhập ngày"))])
    province_deadline = DateField(_l("Hạn của tỉnh"), validators=[DataRequired(_l("Nhập ngày"))])
    note = TextField(_l("Ghi chú"), validators=[Length(max=2000)])

    def facts(self) -> RoundFacts:
        """What was typed."""
        days = RoundDays(self.opens_on.data, self.first_deadline.data, self.province_deadline.data)
        return RoundFacts(days, self.note.data or "")


class RoundForm(DaysForm):
    """A round to open."""

    year = IntegerField(_l("Năm"), validators=[InputRequired(_l("Nhập năm bằng bốn chữ số."))])
    number = IntegerField(_l("Đợt số"), validators=[InputRequired(_l("Nhập số đợt."))])


@bp.get("")
@allow(SEE_ROUNDS)
def rounds() -> str:
    by, day = current_actor(), day_of(now())
    return render_template(
        "office_desk/rounds.html",
        rounds=list_rounds(),
        counts=counts_by_round(by=by),
        late=list_late(by=by, on=day, limit=20),
        late_count=count_late(by=by, on=day),
        may_keep=KEEP_ROUNDS.held_by(by),
        today=day,
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_ROUNDS)
def new() -> Any:
    form = RoundForm(data=None if request.method == "POST" else _proposed(day_of(now())))
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            row = open_round(
                year=form.year.data, number=form.number.data, facts=form.facts(), by=current_actor(), at=now()
            )
        if not form.errors:
            flash(_("Đã mở đợt; thư nhắc đi trước hạn 30, 7 và 1 ngày."), "ok")
            return redirect(url_for("office_rounds.one", code=row.code))
    return render_template("office_desk/new_round.html", form=form), 422 if form.errors else 200


def _proposed(today: date) -> dict[str, object]:
    """The next round that is not there yet, with the days it usually has."""
    there = {row.code for row in list_rounds()}
    for year in (today.year, today.year + 1, today.year + 2):
        for number in (1, 2):
            days = usual_days(year, number)
            if days is not None and days.first_deadline >= today and f"{year}-{number}" not in there:
                return {"year": year, "number": number, **vars(days)}
    return {"year": today.year}


@bp.get("/<code>")
@allow(SEE_ROUNDS)
def one(code: str) -> str:
    found = get_round(code)
    return _page(found, DaysForm(obj=found))


@bp.post("/<code>")
@allow(KEEP_ROUNDS)
def change(code: str) -> Any:
    form = DaysForm()
    if form.validate_on_submit():
        with told_on(form, RoundClosed), transaction():
            change_round(code=code, facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã đổi ngày; thư nhắc theo ngày mới."), "ok")
            return redirect(url_for("office_rounds.one", code=code))
    return _page(get_round(code), form), 422


def _page(found: EvaluationRound, form: DaysForm) -> str:
    by, day = current_actor(), day_of(now())
    return render_template(
        "office_desk/round.html",
        round=found,
        form=form,
        counts=count_by_state(by=by, round_code=found.code),
        late=list_late(by=by, on=day, round_code=found.code, limit=200),
        may_keep=KEEP_ROUNDS.held_by(by),
        today=day,
    )


@bp.post("/<code>/close")
@allow(KEEP_ROUNDS)
def close(code: str) -> Response:
    try:
        with transaction():
            close_round(code=code, by=current_actor(), at=now())
    except RoundClosed:
        flash(_("Đợt đánh giá này đã khép."), "bad")
    else:
        flash(_("Đã khép đợt."), "ok")
    return redirect(url_for("office_rounds.one", code=code))
