"""The office's bank statements: uploaded, shown row by row with what each would do, booked whole by one button."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as BaseResponse

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.imports.queries import count_findings, get_import, list_findings, list_imports
from marketplace.platform.imports.rules import Weight
from marketplace.platform.imports.rules import template as filled_template
from marketplace.platform.imports.services import MOST_FINDINGS, ask_to_apply, cancel, stage
from marketplace.platform.imports.sheets import read_sheet
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import Form, read_page, told_on
from marketplace.platform.web.spreadsheets import csv_answer
from marketplace.shop.bank.statements import COLUMNS, STATEMENT
from marketplace.shop.ledger.policies import KEEP_MONEY

bp = Blueprint("office_statements", __name__, url_prefix="/office/payments/statements")
A_PAGE = 100
HEAVY = (Weight.BAD, Weight.WARNING)


class StatementForm(Form):
    """The statement."""

    file = FileField(
        _l("Sao kê, tệp CSV (UTF-8) hoặc XLSX"),
        description=_l("Nhiều nhất 8 MB và 20.000 dòng; dòng đầu là tên cột."),
        validators=[FileRequired(_l("Chọn tệp cần nhập"))],
    )


@bp.route("", methods=["GET", "POST"])
@allow(KEEP_MONEY)
def files() -> Any:
    by, form = current_actor(), StatementForm()
    if form.validate_on_submit():
        with told_on(form), form.file.data.stream as stream:
            rows = read_sheet(stream.read(), COLUMNS)
        if not form.errors:
            with transaction():
                name = form.file.data.filename or ""
                staged = stage(kind=STATEMENT, file_name=name, rows=rows, by=by, at=now())
            return redirect(url_for("office_statements.page", code=staged.code))
    facts = {"columns": COLUMNS, "earlier": list_imports(kind=STATEMENT, by=by), "account": _account()}
    return render_template("office_desk/statements.html", form=form, **facts), 422 if form.errors else 200


def _account() -> Any:
    return current_app.config["SETTINGS"].bank_account


@bp.get("/template.csv")
@allow(KEEP_MONEY)
def template() -> Response:
    """The header row and an example, to be filled in."""
    return csv_answer(_("sao-ke-mau"), *filled_template(COLUMNS))


@bp.get("/<code>")
@allow(KEEP_MONEY)
def page(code: str) -> str:
    staged, number = get_import(code, kind=STATEMENT, by=current_actor()), read_page()
    counts = count_findings(staged.id)
    shown = (Weight.BAD,) if counts.get(Weight.BAD) else (Weight.WARNING, Weight.NOTE)
    return render_template(
        "office_desk/statement.html",
        staged=staged,
        found=counts,
        cut=MOST_FINDINGS if sum(counts.get(weight, 0) for weight in HEAVY) >= MOST_FINDINGS else None,
        findings=list_findings(staged.id, weights=shown, page=number, per_page=A_PAGE),
        page=number,
        pages=max(1, -(-sum(counts.get(weight, 0) for weight in shown) // A_PAGE)),
    )


@bp.post("/<code>/<any(apply, cancel):verb>")
@allow(KEEP_MONEY)
def decide(code: str, verb: str) -> BaseResponse:
    verbs = {"apply": ask_to_apply, "cancel": cancel}
    try:
        with transaction():
            verbs[verb](code=code, kind=STATEMENT, by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đang ghi sao kê.") if verb == "apply" else _("Đã hủy, không ghi gì."), "ok")
    return redirect(url_for("office_statements.page", code=code))
