"""A producer's money: what it is owed, when it comes, what each month and part brought."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.money import Money
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.spreadsheets import Cell, xlsx_answer
from marketplace.platform.web.templates import money, my
from marketplace.shop.ledger.policies import SEE_OWN_STATEMENT
from marketplace.shop.orders.queries import count_parts_by_state
from marketplace.shop.payouts.queries.batches import list_payouts
from marketplace.shop.payouts.queries.statement import Statement, column_of, statement_of

bp = Blueprint("producer_payouts", __name__, url_prefix="/producer/payouts")
SHOWN = 100


@bp.get("")
@allow(SEE_OWN_STATEMENT)
def page() -> str:
    producer, at = get_own(current_actor()), now()
    found = statement_of(producer, at=at)
    return render_template(
        "producer_desk/payouts.html",
        producer=producer,
        counts=count_parts_by_state(by=current_actor()),
        statement=found,
        bars=_bars(found, day_of(at)),
        names=column_names(),
        lines=found.lines[:SHOWN],
        payouts=list_payouts(producer.id),
        column_of=column_of,
    )


def _bars(found: Statement, today: date) -> list[dict[str, Any]]:
    """The last twelve months up to this one, the oldest first; from the first that brought something, none left out."""
    earned = {month.first: month.earned for month in found.months}
    return [
        {"label": my(first), "value": max(amount.amount, 0), "shown": money(amount)}
        for first in _last_months(today, min(earned, default=today))
        for amount in [earned.get(first, Money(0))]
    ]


def _last_months(today: date, since: date) -> list[date]:
    """The first days of at most twelve months up to today's, none before `since`."""
    n = today.year * 12 + today.month - 1
    firsts = [date(each // 12, each % 12 + 1, 1) for each in range(n - 11, n + 1)]
    return [first for first in firsts if first >= since.replace(day=1)]


@bp.get("/statement.xlsx")
@allow(SEE_OWN_STATEMENT)
def download() -> Response:
    """Every line of the account, the newest first."""
    found = statement_of(get_own(current_actor()), at=now())
    header = [_("Ngày"), _("Về"), _("Khoản"), _("Số tiền (₫)"), _("Số dư sau đó (₫)")]
    return xlsx_answer("statement", header, _rows(found))


def _rows(found: Statement) -> Iterator[list[Cell]]:
    names = column_names()
    for line in found.lines:
        name = names[column_of(line)]
        yield [line.entry.day, line.entry.reference, name, line.amount.amount, line.after.amount]


def column_names() -> dict[str, str]:
    """What a statement's columns are called."""
    return {
        "goods": _("Tiền hàng bạn nhận"),
        "shipping": _("Phí giao"),
        "refunds": _("Hoàn cho người mua"),
        "cash": _("Tiền mặt bạn đã thu"),
        "payouts": _("Đã chi trả"),
        "returned": _("Chi trả bị trả về"),
    }
