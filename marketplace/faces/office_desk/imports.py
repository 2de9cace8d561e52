"""Files brought in by the office: uploaded, checked by the worker, applied whole by one button."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.imports.queries import count_findings, get_import, list_findings, list_imports
from marketplace.platform.imports.rules import Importer, Row, Weight
from marketplace.platform.imports.rules import template as filled_template
from marketplace.platform.imports.services import MOST_FINDINGS, ask_to_apply, cancel, stage
from marketplace.platform.imports.sheets import read_sheet
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import Form, read_page, told_on
from marketplace.platform.web.spreadsheets import csv_answer
from marketplace.registry.certification.policies import KEEP_REGISTER

bp = Blueprint("office_imports", __name__, url_prefix="/office/imports")
A_PAGE = 100
TITLES = {
    "certificates": _l("Nhập chứng nhận từ tệp"),
    "products": _l("Nhập hàng bán từ tệp"),
    "scores": _l("Nhập phiếu chấm từ bảng tính"),
}
HEAVY = (Weight.BAD, Weight.WARNING)
SHOWN = {"bad": (Weight.BAD,), "notes": (Weight.WARNING, Weight.NOTE)}


class FileForm(Form):
    """The file to bring in."""

    file = FileField(
        _l("Tệp CSV (UTF-8) hoặc XLSX"),
        description=_l("Nhiều nhất 8 MB và 20.000 dòng; dòng đầu là tên cột."),
        validators=[FileRequired(_l("Chọn tệp cần nhập"))],
    )
    publish = BooleanField(
        _l("Đăng ngay các trang bán mới"),
        description=_l("Nơi làm chưa xác minh sẽ được xác minh. Bỏ trống thì trang của nơi chưa xác minh là bản nháp."),
    )


def _importer(kind: str) -> Importer:
    if kind not in TITLES:
        raise NotFound
    found: Importer = current_app.extensions["importers"][kind]
    return found


@bp.route("/<kind>", methods=["GET", "POST"])
@allow(KEEP_REGISTER)
def upload(kind: str) -> Any:
    importer, form = _importer(kind), FileForm()
    if form.validate_on_submit():
        with told_on(form), form.file.data.stream as stream:
            rows = read_sheet(stream.read(), importer.columns)
        if not form.errors:
            code = _stage(kind, form, rows)
            return redirect(url_for("office_imports.page", kind=kind, code=code))
    earlier = list_imports(kind=kind, by=current_actor())
    facts = {"kind": kind, "title": TITLES[kind], "columns": importer.columns, "earlier": earlier}
    return render_template("office_desk/imports.html", form=form, **facts), 422 if form.errors else 200


def _stage(kind: str, form: FileForm, rows: Sequence[Row]) -> str:
    options = {"publish": bool(form.publish.data)}
    with transaction():
        staged = stage(
            kind=kind,
            file_name=form.file.data.filename or "",
            rows=rows,
            options=options,
            by=current_actor(),
            at=now(),
        )
    return staged.code


@bp.get("/<kind>/template.csv")
@allow(KEEP_REGISTER)
def template(kind: str) -> Response:
    """The header row and an example, to be filled in."""
    return csv_answer(kind, *filled_template(_importer(kind).columns))


@bp.get("/<kind>/<code>")
@allow(KEEP_REGISTER)
def page(kind: str, code: str) -> str:
    _importer(kind)
    staged = get_import(code, kind=kind, by=current_actor())
    counts = count_findings(staged.id)
    number = read_page()
    shown = "bad" if counts.get(Weight.BAD) else "notes"
    total = sum(counts.get(weight, 0) for weight in SHOWN[shown])
    return render_template(
        "office_desk/import.html",
        staged=staged,
        title=TITLES[kind],
        counts=counts,
        cut=MOST_FINDINGS if sum(counts.get(weight, 0) for weight in HEAVY) >= MOST_FINDINGS else None,
        findings=list_findings(staged.id, weights=SHOWN[shown], page=number, per_page=A_PAGE),
        page=number,
        pages=max(1, -(-total // A_PAGE)),
    )


@bp.post("/<kind>/<code>/<any(apply, cancel):verb>")
@allow(KEEP_REGISTER)
def decide(kind: str, code: str, verb: str) -> BaseResponse:
    _importer(kind)
    verbs = {"apply": ask_to_apply, "cancel": cancel}
    try:
        with transaction():
            verbs[verb](code=code, kind=kind, by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đang ghi vào sổ.") if verb == "apply" else _("Đã hủy, sổ không đổi."), "ok")
    return redirect(url_for("office_imports.page", kind=kind, code=code))
