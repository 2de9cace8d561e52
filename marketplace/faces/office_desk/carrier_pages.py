"""Cash that carriers hold, what they paid in, and the taxes withheld for the State."""

from contextlib import suppress
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.money_forms import BankForm, RemittanceForm
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.core.money import Money, total
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.spreadsheets import xlsx_answer
from marketplace.platform.web.templates import money
from marketplace.platform.web.verbs import perform
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.payouts.models import Remittance
from marketplace.shop.payouts.queries.carriers import Pocket, find_pocket, list_pockets, list_remittances
from marketplace.shop.payouts.queries.taxes import list_filings, month_of, month_to_pay
from marketplace.shop.payouts.rules import read_month
from marketplace.shop.payouts.services import note_remittance, pay_taxes, settle_remittance

bp = Blueprint("office_money", __name__, url_prefix="/office/payments")


@bp.get("/carriers")
@allow(KEEP_MONEY)
def carriers() -> str:
    return _carriers({})


def _carriers(errors: dict[str, str]) -> str:
    """Who holds what; `errors` beside the differences, by code, that could not be noted as settled."""
    pockets = list_pockets()
    return render_template(
        "office_desk/carriers.html",
        pockets=pockets,
        rows=[_bar(pocket) for pocket in pockets],
        waiting=list_remittances(differing=True),
        remittances=list_remittances(),
        at=now(),
        errors=errors,
    )


def _bar(pocket: Pocket) -> dict[str, Any]:
    old = min(pocket.older(now()), pocket.balance).amount
    young = pocket.balance.amount - old
    return {
        "label": pocket.carrier.title(),
        "done": max(young, 0),
        "more": old,
        "goal": None,
        "shown": money(pocket.balance),
    }


@bp.route("/carriers/<carrier>", methods=["GET", "POST"])
@allow(KEEP_MONEY)
def carrier(carrier: str) -> Any:
    pocket, form = find_pocket(carrier), RemittanceForm()
    form.offer([(part.number, f"{part.number}: {money(part.amount)}") for part in pocket.parts])
    until = _until()
    chosen = [part for part in pocket.parts if until and day_of(part.taken_at) <= until]
    if until and request.method == "GET":
        form.parts.data = [part.number for part in chosen]
        form.amount.data = str(total(part.amount for part in chosen).amount)
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            noted = note_remittance(facts=form.facts(carrier), by=current_actor(), at=now())
        if not form.errors:
            flash(*_noted(noted))
            return redirect(url_for("office_money.carriers"))
    facts = {"pocket": pocket, "form": form, "until": until, "chosen": total(part.amount for part in chosen)}
    return render_template("office_desk/carrier.html", **facts), 422 if form.errors else 200


def _noted(remittance: Remittance) -> tuple[str, str]:
    """What to say of cash that came: whether it is what was due, and how much is not."""
    due, came, difference = remittance.due, remittance.amount, remittance.difference
    if not difference:
        return _("Đã ghi lần nộp, đúng số phải nộp %(due)s.", due=money(due)), "ok"
    facts = {"due": money(due), "came": money(came)}
    if difference > Money(0):
        words = _("Đã ghi lần nộp: phải nộp %(due)s, nộp %(came)s, thừa %(more)s.", more=money(difference), **facts)
    else:
        words = _("Đã ghi lần nộp: phải nộp %(due)s, nộp %(came)s, thiếu %(less)s.", less=money(due - came), **facts)
    below = _("Khoản lệch chờ giải quyết ở dưới.")
    return f"{words} {below}", "warn"


def _until() -> date | None:
    """The day until which the parts are to be chosen, where one is asked for."""
    with suppress(ValueError):
        return date.fromisoformat(request.args.get("until", ""))
    return None


@bp.post("/carriers/settle/<code>")
@allow(KEEP_MONEY)
def settle(code: str) -> Any:
    note = request.form.get("note", "")
    told = perform(
        lambda: settle_remittance(code=code, note=note, by=current_actor(), at=now()), _("Đã ghi cách giải quyết.")
    )
    if told.errors:
        return _carriers({code: told.errors["note"]}), 422
    return redirect(url_for("office_money.carriers"))


@bp.get("/tax")
@allow(KEEP_MONEY)
def tax() -> Any:
    typed = request.args.get("month", "")
    month, wrong = read_month(typed), ""
    if typed and month is None:
        wrong = _("Nhập tháng như 2026-11.")
    return _tax(month or day_of(now()).replace(day=1), BankForm(), typed, wrong), 422 if wrong else 200


def _tax(month: date, form: BankForm, typed: str = "", wrong: str = "") -> str:
    """A month's taxes; `typed` is no month, and `wrong` says so beside the field."""
    filings, due = list_filings(), month_to_pay(day_of(now()))
    asked = {"typed": typed if wrong else f"{month:%Y-%m}", "wrong": wrong}
    return render_template("office_desk/tax.html", month=month_of(month), filings=filings, due=due, form=form, **asked)


@bp.post("/tax/<month>")
@allow(KEEP_MONEY)
def pay(month: str) -> Any:
    first, form = _month(month), BankForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            pay_taxes(month=first, bank_reference=form.bank_reference.data, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã ghi là đã nộp."), "ok")
            return redirect(url_for("office_money.tax", month=month))
    return _tax(first, form), 422


def _month(typed: str) -> date:
    """The month that an address names; NotFound where it is none."""
    month = read_month(typed)
    if month is None:
        raise NotFound
    return month


@bp.get("/tax.xlsx")
@allow(KEEP_MONEY)
def tax_file() -> Response:
    """The month's declaration: a line a household or individual."""
    typed = request.args.get("month", "")
    month = month_of(_month(typed) if typed else day_of(now()).replace(day=1))
    header = [_("Mã số thuế"), _("Nơi bán"), _("Doanh thu (₫)"), _("Thuế GTGT (₫)"), _("Thuế TNCN (₫)")]
    rows = [
        [s.producer.tax_code, s.producer.name, s.turnover.amount, s.vat.amount, s.income_tax.amount]
        for s in month.sellers
    ]
    return xlsx_answer(f"tax-{month.first:%Y-%m}", header, rows)
