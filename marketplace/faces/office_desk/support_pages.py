"""Officers record support given to producers; it counts towards the year and stands on the producer's page."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.outreach_forms import SupportForm, first_said, said_of_support
from marketplace.faces.office_desk.programme_pages import year_asked
from marketplace.faces.office_desk.programme_words import home, programme_words, unit_name
from marketplace.faces.storefront.support_words import SUPPORT_KINDS
from marketplace.office.support.models import Support, SupportKind
from marketplace.office.support.policies import KEEP_SUPPORT
from marketplace.office.support.queries import Asked, get_support, list_support, sums_of
from marketplace.office.support.services import change_support, record_support, withdraw_support
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.spreadsheets import Cell, csv_answer, xlsx_answer
from marketplace.platform.web.verbs import answered
from marketplace.registry.certification.queries import list_producers

bp = Blueprint("office_support", __name__, url_prefix="/office/programme/support")
A_PAGE = 40
MOST_TAKEN = 50_000


def _asked() -> Asked:
    kind = next((each for each in SupportKind if each.value == request.args.get("kind")), None)
    return Asked(year_asked(), kind, request.args.get("district", "")[:8])


@bp.get("")
@allow(KEEP_SUPPORT)
def support() -> str:
    by, asked, page = current_actor(), _asked(), read_page()
    sums = sums_of(by=by, asked=asked)
    return render_template(
        "office_desk/supports.html",
        rows=list_support(by=by, asked=asked, page=page, per_page=A_PAGE),
        sums=sums,
        asked=asked,
        districts=[(unit.code, unit_name(unit)) for unit in home(by).districts],
        page=page,
        pages=max(1, -(-sums.count // A_PAGE)),
        today=day_of(now()),
        **programme_words(),
    )


@bp.get("/list.<any(xlsx, csv):form>")
@allow(KEEP_SUPPORT)
def table(form: str) -> Response:
    heads = [_("Mã"), _("Ngày"), _("Nơi làm"), _("Xã, phường"), _("Loại hỗ trợ"), _("Đã hỗ trợ gì")]
    heads += [_("Chương trình, nguồn"), _("Số quyết định (nếu có)"), _("Số tiền, đồng"), _("Kết quả")]
    found = list_support(by=current_actor(), asked=_asked(), per_page=MOST_TAKEN)
    cells: Iterator[list[Cell]] = (
        [
            each.code,
            each.given_on,
            each.producer.name,
            each.producer.commune.name,
            str(SUPPORT_KINDS[each.kind]),
            each.what,
            each.programme,
            each.decision_number,
            each.amount.amount,
            each.result,
        ]
        for each in found
    )
    answer = xlsx_answer if form == "xlsx" else csv_answer
    made: Response = answer(f"ho-tro-{year_asked()}", heads, cells)
    return made


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_SUPPORT)
def new() -> Any:
    said = first_said(day_of(now())) | {"producer": request.args.get("producer", "")}
    return _write(SupportForm(data=None if request.method == "POST" else said), None)


@bp.route("/<code>", methods=["GET", "POST"])
@allow(KEEP_SUPPORT)
def one(code: str) -> Any:
    row = get_support(code, by=current_actor())
    return _write(SupportForm(data=None if request.method == "POST" else said_of_support(row)), row)


def _write(form: SupportForm, row: Support | None) -> Any:
    by = current_actor()
    form.offer(list_producers(by=by))
    if form.validate_on_submit():
        verb = partial(change_support, code=row.code) if row else record_support
        with told_on(form, Refusal), transaction():
            kept = verb(facts=form.facts(), by=by, at=now())
        if not form.errors:
            flash(_("Đã ghi. Khoản này được tính vào kế hoạch năm."), "ok")
            return redirect(url_for("office_support.one", code=kept.code))
    page = render_template("office_desk/support_form.html", form=form, row=row, errors={}, **programme_words())
    return page, 422 if form.errors else 200


@bp.post("/<code>/withdraw")
@allow(KEEP_SUPPORT)
def withdraw(code: str) -> Any:
    by = current_actor()
    row = get_support(code, by=by)

    def again(errors: dict[str, str]) -> str:
        form = SupportForm(formdata=None, data=said_of_support(row))
        form.offer(list_producers(by=by))
        return render_template("office_desk/support_form.html", form=form, row=row, errors=errors, **programme_words())

    act = partial(withdraw_support, code=code, why=request.form.get("why", ""), by=by, at=now())
    return answered(
        act, _("Đã rút; khoản này không được tính nữa."), again=again, then=url_for("office_support.one", code=code)
    )
