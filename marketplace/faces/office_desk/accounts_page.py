"""Orders x providers and carriers x bank, a month at a time: what matches, and in which bucket the rest is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk import accounts_words as words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.core.money import Money, total
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.spreadsheets import Cell, xlsx_answer
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.payouts.rules import next_month, read_month
from marketplace.shop.reconciliation.queries import known, list_cases
from marketplace.shop.reconciliation.rows import QUIET, Bucket, Case, Kind, Row, Side, Way
from marketplace.shop.reconciliation.rules import Known
from marketplace.shop.reconciliation.services import explain_case
from marketplace.shop.settlements.services import ask_fetch, payout_arrived, remittance_arrived

bp = Blueprint("office_accounts", __name__, url_prefix="/office/reconcile/accounts")
A_PAGE = 50
TO_BANK = (Kind.PAYOUT, Kind.PAYOUT_FAILED)


@dataclass(frozen=True)
class Month:
    """A month's cases, and to which days the lists reach."""

    first: date
    known: Known
    cases: Sequence[Case]

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{next_month(self.first):%Y-%m}"

    def of(self, bucket: Bucket) -> list[Case]:
        return [case for case in self.cases if case.bucket is bucket]


@bp.get("")
@allow(KEEP_MONEY)
def page() -> str:
    month, n = _month(), read_page()
    bucket = _bucket(month)
    cases = month.of(bucket)
    return render_template(
        "office_desk/accounts.html",
        month=month,
        totals=_totals(month),
        bars=_bars(month.cases),
        bucket=bucket,
        cases=cases[(n - 1) * A_PAGE : n * A_PAGE],
        page=n,
        pages=max(1, -(-len(cases) // A_PAGE)),
        words=words,
        loud=bucket not in QUIET,
        sides=list(Side),
    )


@bp.get("/accounts.xlsx")
@allow(KEEP_MONEY)
def file() -> Response:
    """Every row of the month: which case, which bucket, and what each list says."""
    month = _month()
    header = [_("Vụ"), _("Ngăn"), _("Ngày"), _("Sổ của"), _("Cách trả"), _("Việc"), _("Tên"), _("Nói về")]
    header += [_("Số tiền"), _("Tiền tệ"), _("Phí"), _("Đi cùng"), _("Đơn hoặc khoản"), _("Nội dung"), _("Giải thích")]
    return xlsx_answer(f"reconciliation-{month.name}", header, _cells(month.cases))


@bp.post("/fetch")
@allow(KEEP_MONEY)
def fetch() -> Any:
    with transaction():
        ask_fetch(by=current_actor(), at=now())
    flash(_("Đang đọc sổ của nơi nhận thẻ. Tải lại trang sau một phút."), "ok")
    return redirect(url_for("office_accounts.page"))


@bp.post("/<any(explain, arrived):verb>")
@allow(KEEP_MONEY)
def decide(verb: str) -> Any:
    month = _month()
    case = _case(month)
    try:
        with transaction():
            VERBS[verb](case)
    except NotFound:
        raise
    except Invalid as invalid:
        flash(" ".join(_(words) for words in invalid.fields.values()), "bad")
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Đã ghi."), "ok")
    return redirect(url_for("office_accounts.page", month=month.name, bucket=case.bucket.value))


def _explain(case: Case) -> None:
    explain_case(case=case, words=request.form.get("words", ""), by=current_actor(), at=now())


def _arrived(case: Case) -> None:
    """The transfer of a code is this payout, or what this carrier paid in."""
    payout = next((row for row in case.rows if row.side is Side.PROVIDER and row.kind is Kind.PAYOUT), None)
    if payout is None:
        raise NotFound
    facts: dict[str, Any] = {"code": request.form.get("code", ""), "by": current_actor(), "at": now()}
    if payout.way is Way.CARD:
        payout_arrived(payout=payout.key, **facts)
    else:
        remittance_arrived(remittance=payout.key, **facts)


VERBS: dict[str, Callable[[Case], None]] = {"explain": _explain, "arrived": _arrived}


def _month() -> Month:
    """The month that is asked for, else this one; NotFound where what is asked for is none."""
    today, typed = day_of(now()), request.values.get("month", "")
    first = read_month(typed) if typed else today.replace(day=1)
    if first is None:
        raise NotFound
    reach = known(today)
    return Month(first, reach, list_cases(first, next_month(first) - timedelta(days=1), known=reach))


def _bucket(month: Month) -> Bucket:
    """The bucket that is asked for; else the first that wants somebody, or what is on its way."""
    asked = {bucket.value: bucket for bucket in Bucket}.get(request.args.get("bucket", ""))
    if asked is not None:
        return asked
    loud = (bucket for bucket in Bucket if bucket not in QUIET and month.of(bucket))
    return next(loud, Bucket.ON_THE_WAY)


def _case(month: Month) -> Case:
    """The case that a form speaks of, as it stands now; NotFound once its figures are others."""
    asked = (request.form.get("case", ""), request.form.get("figures", ""))
    found = next((case for case in month.cases if (case.name, case.figures) == asked), None)
    if found is None:
        raise NotFound
    return found


def _totals(month: Month) -> list[tuple[Bucket, int, Money, Money]]:
    """Of each bucket: cases, dong of orders, and dong that went to the bank for them or came there unasked.

    Each case counts once, by what its first list says; what a payout carries is of orders, the payout is to the bank.
    """
    found = []
    for bucket in Bucket:
        cases = month.of(bucket)
        of_orders, to_bank = ([case for case in cases if _to_bank(case) is to] for to in (False, True))
        if cases:
            found.append((bucket, len(cases), _sum(of_orders), _sum(to_bank)))
    return found


def _to_bank(case: Case) -> bool:
    return case.rows[0].kind in TO_BANK or case.rows[0].side is Side.BANK


def _sum(cases: Sequence[Case]) -> Money:
    said = (case.of(case.rows[0].side) for case in cases)
    return total(amount for amount in said if amount.currency == "VND")


def _bars(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Of each way to pay: cases that match, that are on their way, and all."""
    found = []
    for way in Way:
        own = [case.bucket for case in cases if case.rows[0].way is way]
        done = sum(bucket in (Bucket.MATCHED, Bucket.EXPLAINED) for bucket in own)
        facts = {"done": done, "more": own.count(Bucket.ON_THE_WAY), "goal": len(own) or None}
        found.append({"label": _(words.WAYS[way])} | facts)
    return found


def _cells(cases: Sequence[Case]) -> Iterator[list[Cell]]:
    for n, case in enumerate(cases, start=1):
        for row in case.rows:
            yield [n, _(words.BUCKETS[case.bucket]), *_row_cells(row), case.explained]


def _row_cells(row: Row) -> list[Cell]:
    fee = row.fee.amount if row.fee is not None else None
    said = [_(words.SIDES[row.side]), _(words.WAYS[row.way]), _(words.kind_of(row)), row.name, row.key]
    return [row.on, *said, row.amount.amount, row.amount.currency, fee, row.through, row.about, row.note]
