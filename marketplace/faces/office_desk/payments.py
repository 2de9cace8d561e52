"""The office's money that waits for a person: transfers in their queues, refunds to be sent by hand, cards in doubt."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money, read_dong
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.seeing import noted
from marketplace.platform.web.verbs import perform
from marketplace.shop.bank import services as bank
from marketplace.shop.bank.models import QUEUES, TransferState
from marketplace.shop.bank.queries import (
    count_all,
    count_queues,
    get_transfer,
    list_latest,
    list_queue,
    missing_of,
    named_in,
    payers_of,
)
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.payments.models import BY_A_PERSON, DisputeState
from marketplace.shop.payments.queries import list_disputes, list_refunds, list_unclear

bp = Blueprint("office_payments", __name__, url_prefix="/office/payments")
A_PAGE = 50
OF_TRANSFERS = tuple(state.value for state in QUEUES)


@bp.get("")
@allow(KEEP_MONEY)
def desk() -> str:
    counts = _counts()
    return _desk(counts, request.args.get("queue", next((name for name, n in counts.items() if n), "all")))


def _desk(counts: dict[str, int], queue: str, errors: dict[str, str] | None = None) -> str:
    """A queue; `errors` beside the refunds, by code, that could not be noted as sent."""
    if queue not in counts:
        raise NotFound
    page, rows = read_page(), _rows(queue, read_page())
    shown = render_template(
        "office_desk/payments.html",
        counts=counts,
        queue=queue,
        rows=rows,
        errors=errors or {},
        payers=payers_of(row.payment_id for row in rows) if queue == "refunds" else {},
        of_transfers=(*OF_TRANSFERS, "all"),
        missing_of=missing_of,
        page=page,
        pages=max(1, -(-counts[queue] // A_PAGE)),
    )
    return noted(shown, "transfers")


def _counts() -> dict[str, int]:
    """How many wait in each queue; `all` is every transfer that came."""
    counts = {state.value: n for state, n in count_queues().items()}
    counts["refunds"] = len(list_refunds(BY_A_PERSON))
    counts["unclear"] = len(list_unclear())
    counts["disputes"] = sum(each.state is DisputeState.OPEN for each in list_disputes())
    return counts | {"all": count_all()}


def _rows(queue: str, page: int) -> Any:
    if queue in OF_TRANSFERS:
        return list_queue(TransferState(queue), page=page, per_page=A_PAGE)
    others: dict[str, Callable[[], Any]] = {
        "refunds": lambda: list_refunds(BY_A_PERSON)[(page - 1) * A_PAGE : page * A_PAGE],
        "unclear": list_unclear,
        "disputes": list_disputes,
        "all": lambda: list_latest(page=page, per_page=A_PAGE),
    }
    return others[queue]()


@bp.get("/transfers/<code>")
@allow(KEEP_MONEY)
def transfer(code: str) -> str:
    return _transfer_page(code, {})


def _transfer_page(code: str, errors: dict[str, str]) -> str:
    found = get_transfer(code)
    given = {piece.payment.number for piece in found.allocations if piece.payment is not None}
    shown = render_template(
        "office_desk/transfer.html",
        transfer=found,
        named=[claim for claim in named_in(found.note) if claim.number not in given],
        errors=errors,
        typed=request.form if errors else {},
    )
    return noted(shown, "transfer", code)


@bp.post("/transfers/<code>/<any(assign, back, close, remark):verb>")
@allow(KEEP_MONEY)
def decide(code: str, verb: str) -> Any:
    told = perform(lambda: VERBS[verb](code), _("Đã ghi."))
    if told.errors:
        return _transfer_page(code, told.errors), 422
    return redirect(url_for("office_payments.transfer", code=code))


@bp.post("/refunds/<code>/sent")
@allow(KEEP_MONEY)
def sent(code: str) -> Any:
    reference = request.form.get("bank_reference", "")
    told = perform(
        lambda: bank.refund_sent(code=code, bank_reference=reference, by=current_actor(), at=now()),
        _("Đã ghi là đã hoàn."),
    )
    if told.errors:
        return _desk(_counts(), "refunds", {code: told.errors["bank_reference"]}), 422
    return redirect(url_for("office_payments.desk", queue="refunds"))


def _assign(code: str) -> None:
    number = request.form.get("number", "")
    bank.assign(code=code, number=number, amount=_amount(), by=current_actor(), at=now())


def _back(code: str) -> None:
    reference = request.form.get("bank_reference", "")
    bank.send_back(code=code, amount=_amount(), bank_reference=reference, by=current_actor(), at=now())


def _close(code: str) -> None:
    bank.close(code=code, by=current_actor(), at=now())


def _remark(code: str) -> None:
    bank.remark(code=code, words=request.form.get("words", ""), by=current_actor(), at=now())


VERBS: dict[str, Callable[[str], None]] = {"assign": _assign, "back": _back, "close": _close, "remark": _remark}


def _amount() -> Money:
    """An amount as people type it, groups by points, commas or spaces; what is none is 0, which nobody may give."""
    return read_dong(request.form.get("amount", "").replace(",", ".")) or Money(0)
