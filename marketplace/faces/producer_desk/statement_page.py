"""A producer's money: what it is owed, when it comes, what each month and part brought."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
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
    producer = get_own(current_actor())
    found = statement_of(producer, at=now())
    return render_template(
        "producer_desk/payouts.html",
        producer=producer,
        counts=count_parts_by_state(by=current_actor()),
        statement=found,
        bars=_bars(found),
        lines=found.lines[:SHOWN],
        payouts=list_payouts(producer.id),
        column_of=column_of,
    )


def _bars(found: Statement) -> list[dict[str, Any]]:
    """The last twelve months, the oldest first."""
    return [
        {"label": my(month.first), "value": max(month.earned.amount, 0), "shown": money(month.earned)}
        for month in reversed(found.months[:12])
    ]


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
        "goods": _("Tiền hàng"),
        "shipping": _("Phí giao"),
        "refunds": _("Hoàn cho người mua"),
        "cash": _("Tiền mặt bạn đã thu"),
        "payouts": _("Đã chi trả"),
    }
