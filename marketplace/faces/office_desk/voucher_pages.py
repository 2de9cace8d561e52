"""The office's desk: vouchers in the province's name."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.producer_desk.voucher_forms import VoucherForm, usual_span
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page, together, told_on
from marketplace.shop.vouchers.policies import KEEP_PROVINCE_VOUCHERS
from marketplace.shop.vouchers.queries import count_given, list_given
from marketplace.shop.vouchers.services import VoucherOver, end_voucher, give_voucher

bp = Blueprint("office_vouchers", __name__, url_prefix="/office/vouchers")
A_PAGE = 30


@bp.get("")
@allow(KEEP_PROVINCE_VOUCHERS)
def vouchers() -> str:
    page = read_page()
    return render_template(
        "office_desk/vouchers.html",
        vouchers=list_given(None, page=page, per_page=A_PAGE),
        page=page,
        pages=max(1, -(-count_given(None) // A_PAGE)),
        now=now(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_PROVINCE_VOUCHERS)
def new() -> Any:
    form = VoucherForm(data=None if request.method == "POST" else usual_span(now(), 30))
    if form.validate_on_submit():
        at = now()
        facts = form.facts(at)
        with told_on(form), transaction(), together(form.unread):
            give_voucher(facts=facts, province=True, by=current_actor(), at=at)
        if not form.errors:
            flash(_("Đã tạo mã giảm giá."), "ok")
            return redirect(url_for("office_vouchers.vouchers"))
    return render_template("office_desk/new_voucher.html", form=form), 422 if form.errors else 200


@bp.post("/<code>/end")
@allow(KEEP_PROVINCE_VOUCHERS)
def close(code: str) -> Response:
    try:
        with transaction():
            end_voucher(code=code, province=True, by=current_actor(), at=now())
    except VoucherOver as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Mã này đã kết thúc. Đơn đã đặt vẫn giữ mức giảm."), "ok")
    return redirect(url_for("office_vouchers.vouchers"))
