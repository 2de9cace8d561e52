"""Payout batches: made, approved by another person, taken as a file for the bank, sent."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.money_forms import BankForm, TroubleForm
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.spreadsheets import Cell, csv_answer, xlsx_answer
from marketplace.platform.web.verbs import perform
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.payouts.models import BatchState, LineState, PayoutBatch
from marketplace.shop.payouts.queries.balances import RESTS, list_owed
from marketplace.shop.payouts.queries.batches import get_batch, list_batches
from marketplace.shop.payouts.rules import bank_note
from marketplace.shop.payouts.services import approve_batch, cancel_batch, fail_line, make_batch, mark_sent

bp = Blueprint("office_payouts", __name__, url_prefix="/office/payouts")


@bp.get("")
@allow(KEEP_MONEY)
def everything() -> str:
    owed = list_owed(earned_until=now() - RESTS)
    return render_template("office_desk/payouts.html", owed=owed, batches=list_batches())


@bp.post("/new")
@allow(KEEP_MONEY)
def make() -> Any:
    try:
        with transaction():
            batch = make_batch(by=current_actor(), at=now())
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return redirect(url_for("office_payouts.everything"))
    flash(_("Đã lập đợt chi. Một người khác giữ tiền xem và duyệt."), "ok")
    return redirect(url_for("office_payouts.one", code=batch.code))


@bp.get("/<code>")
@allow(KEEP_MONEY)
def one(code: str) -> str:
    return _page(get_batch(code), BankForm(), TroubleForm())


def _page(batch: PayoutBatch, form: BankForm, failing: TroubleForm, line: str = "") -> str:
    mine = batch.made_by_id == current_actor().user_id
    return render_template("office_desk/payout.html", batch=batch, form=form, failing=failing, line=line, mine=mine)


@bp.post("/<code>/<any(approve, cancel):verb>")
@allow(KEEP_MONEY)
def decide(code: str, verb: str) -> Any:
    approved = verb == "approve"
    deed = approve_batch if approved else cancel_batch
    done = _("Đã duyệt. Tải tệp gửi ngân hàng ở đây.") if approved else _("Đã hủy đợt này. Chưa chi gì.")
    perform(lambda: deed(code=code, by=current_actor(), at=now()), done)
    return redirect(url_for("office_payouts.one", code=code))


@bp.post("/<code>/sent")
@allow(KEEP_MONEY)
def sent(code: str) -> Any:
    form = BankForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            mark_sent(code=code, bank_reference=form.bank_reference.data, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã ghi là ngân hàng đã chuyển."), "ok")
            return redirect(url_for("office_payouts.one", code=code))
    return _page(get_batch(code), form, TroubleForm()), 422


@bp.post("/<code>/<slug>/failed")
@allow(KEEP_MONEY)
def failed(code: str, slug: str) -> Any:
    form = TroubleForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            fail_line(code=code, slug=slug, trouble=form.trouble.data, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã ghi. Số tiền lại nằm trong số dư của nơi bán."), "ok")
            return redirect(url_for("office_payouts.one", code=code))
    return _page(get_batch(code), BankForm(), form, slug), 422


@bp.get("/<code>/bank.<any(csv, xlsx):form>")
@allow(KEEP_MONEY)
def bank_file(code: str, form: str) -> Response:
    """What the bank carries out: only once a second person has approved it."""
    batch = get_batch(code)
    if batch.state not in (BatchState.APPROVED, BatchState.SENT):
        raise NotFound
    header = [
        _("Số tài khoản"),
        _("Mã ngân hàng (BIN)"),
        _("Ngân hàng"),
        _("Chủ tài khoản"),
        _("Số tiền"),
        _("Nội dung"),
    ]
    answer = {"csv": csv_answer, "xlsx": xlsx_answer}[form]
    return answer(f"payout-{code}", header, _rows(batch))


def _rows(batch: PayoutBatch) -> Iterator[list[Cell]]:
    for line in batch.lines:
        if line.state is not LineState.FAILED:
            note = bank_note(batch.code, line.producer.name)
            yield [line.account_number, line.bank_bin, line.bank_name, line.holder, line.amount.amount, note]
