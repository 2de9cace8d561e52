"""The producer's desk: its goods as a file, taken along and brought back; each change is shown before it is made."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as BaseResponse

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.imports.queries import count_findings, get_import, list_findings, list_imports
from marketplace.platform.imports.rules import Weight, template
from marketplace.platform.imports.services import MOST_FINDINGS, ask_to_apply, cancel, stage
from marketplace.platform.imports.sheets import read_sheet
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import Form, read_page, told_on
from marketplace.platform.web.spreadsheets import csv_answer, xlsx_answer
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.intake.own_columns import COLUMNS, NAMES
from marketplace.shop.intake.own_goods import OWN_GOODS, export_rows

bp = Blueprint("producer_goods", __name__, url_prefix="/producer/goods")

A_PAGE = 100
ANSWERS = {"csv": csv_answer, "xlsx": xlsx_answer}
HEAVY = (Weight.BAD, Weight.WARNING)


class GoodsFileForm(Form):
    """The file of goods."""

    file = FileField(
        _l("Tệp CSV (UTF-8) hoặc XLSX"),
        description=_l("Nhiều nhất 8 MB và 20.000 dòng; dòng đầu là tên cột."),
        validators=[FileRequired(_l("Chọn tệp cần nhập"))],
    )


@bp.route("/", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def files() -> Any:
    by, form = current_actor(), GoodsFileForm()
    if form.validate_on_submit():
        with told_on(form), form.file.data.stream as stream:
            rows = read_sheet(stream.read(), COLUMNS)
        if not form.errors:
            with transaction():
                name = form.file.data.filename or ""
                staged = stage(kind=OWN_GOODS, file_name=name, rows=rows, by=by, at=now())
            return redirect(url_for("producer_goods.page", code=staged.code))
    earlier = list_imports(kind=OWN_GOODS, by=by)
    page = render_template("producer_desk/goods.html", form=form, columns=COLUMNS, earlier=earlier, **desk(by))
    return page, 422 if form.errors else 200


@bp.get("/template.<any(csv, xlsx):kind>")
@allow(KEEP_OWN_SHOP)
def empty(kind: str) -> Response:
    """The header row and an example, to be filled in."""
    return ANSWERS[kind](_("hang-hoa-mau"), *template(COLUMNS))


@bp.get("/export.<any(csv, xlsx):kind>")
@allow(KEEP_OWN_SHOP)
def export(kind: str) -> Response:
    """Everything the producer sells as it stands: changed in a spreadsheet, it may be brought back."""
    return ANSWERS[kind](_("hang-hoa"), [column.name for column in COLUMNS], export_rows(by=current_actor()))


@bp.get("/<code>")
@allow(KEEP_OWN_SHOP)
def page(code: str) -> str:
    by, number = current_actor(), read_page()
    staged = get_import(code, kind=OWN_GOODS, by=by)
    counts = count_findings(staged.id)
    shown = (Weight.BAD,) if counts.get(Weight.BAD) else (Weight.WARNING, Weight.NOTE)
    total = sum(counts.get(weight, 0) for weight in shown)
    return render_template(
        "producer_desk/goods_import.html",
        staged=staged,
        found=counts,
        names=NAMES,
        cut=MOST_FINDINGS if sum(counts.get(weight, 0) for weight in HEAVY) >= MOST_FINDINGS else None,
        findings=list_findings(staged.id, weights=shown, page=number, per_page=A_PAGE),
        page=number,
        pages=max(1, -(-total // A_PAGE)),
        **desk(by),
    )


@bp.post("/<code>/<any(apply, cancel):verb>")
@allow(KEEP_OWN_SHOP)
def decide(code: str, verb: str) -> BaseResponse:
    verbs = {"apply": ask_to_apply, "cancel": cancel}
    try:
        with transaction():
            verbs[verb](code=code, kind=OWN_GOODS, by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đang ghi các thay đổi.") if verb == "apply" else _("Đã hủy, hàng hóa không đổi."), "ok")
    return redirect(url_for("producer_goods.page", code=code))
