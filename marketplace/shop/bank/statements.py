"""A bank's statement by file: checked row by row, each with what it would do; booked whole or not at all."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Any

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.core.folding import fold
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.imports.rules import ChangedMeanwhile, Checked, Column, Finding, Progress, Row, Weight, Work
from marketplace.platform.imports.services import hold_still
from marketplace.shop.bank.models import TransferSource, TransferState
from marketplace.shop.bank.queries import claims_of, known_of, twin_of
from marketplace.shop.bank.rules import Incoming, Verdict, plan
from marketplace.shop.bank.services import TABLE, take_transfers
from marketplace.shop.ledger.policies import KEEP_MONEY

STATEMENT = "statement"  # the kind of these files
COLUMNS = (
    Column("date", what=N_("Ngày ghi sổ, kèm giờ càng tốt: 23/11/2026 14:05"), example="23/11/2026 14:05"),
    Column("reference", what=N_("Số giao dịch của ngân hàng, không trùng nhau"), example="FT26327123456"),
    Column("credit", what=N_("Tiền vào, đồng; dấu chấm hoặc phẩy phân nhóm được"), example="1.250.000"),
    Column("debit", False, N_("Tiền ra, đồng; dòng tiền ra được hiện và bỏ qua"), ""),
    Column("note", what=N_("Nội dung chuyển tiền, nguyên văn"), example="MBVCB.3278907687.2611ABC123.CT tu 0123499999"),
    Column("payer", False, N_("Tên người chuyển"), "NGUYEN VAN A"),
    Column("payer_account", False, N_("Số tài khoản người chuyển"), "0123499999"),
)
DATES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
MOST = 10**12  # dong in one row
OLDEST, LAST = date(2020, 1, 1), date(2099, 12, 31)
_AMOUNT = re.compile(r"[0-9]+|[0-9]{1,3}(?:([.,  ])[0-9]{3})(?:\1[0-9]{3})*")
SAID = {
    TransferState.MATCHED: N_("%(amount)s trả đủ đơn %(orders)s."),
    TransferState.UNDER: N_("%(amount)s cho đơn %(orders)s, còn thiếu."),
    TransferState.OVER: N_("%(amount)s cho đơn %(orders)s, thừa: phần thừa chờ hoàn bằng tay."),
    TransferState.LATE: N_("%(amount)s vào hàng chờ “trễ”: đơn đã hết hạn trả."),
    TransferState.DOUBLE: N_("%(amount)s vào hàng chờ “hai lần”: đơn đã trả rồi."),
    TransferState.UNKNOWN: N_("%(amount)s vào hàng chờ “không rõ”."),
}
KNOWN = N_("Đã có trong sổ: không đổi gì.")
OTHERWISE = N_("Số giao dịch này đã có trong sổ với số tiền khác. Xem lại tệp, hoặc hỏi ngân hàng.")
TOLD = N_("Kênh báo tiền đã báo khoản này dưới số khác: hai dòng là một, chỉ ghi thêm số của ngân hàng.")
OUTGOING = N_("Tiền ra %(amount)s: hiện để biết, không ghi.")


@dataclass(frozen=True)
class Read:
    """A statement read: what comes in by line, what is to say, what goes out."""

    incoming: Mapping[int, Incoming]
    findings: Sequence[Finding]
    outgoing: int


class StatementImporter:
    """The importer of statements of one account."""

    def __init__(self, account: str) -> None:
        self.account = account

    @property
    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def prepare(
        self, rows: Sequence[Row], options: Mapping[str, Any], *, by: Actor, at: datetime, progress: Progress
    ) -> Work:
        """Plan every row against what came before. Raises Forbidden where `by` does not keep the money."""
        if not KEEP_MONEY.held_by(by):
            raise Forbidden
        read = read_rows(rows, self.account, progress, today=day_of(at))
        planned = _planned(read)
        findings = [*read.findings, *(_says(line, read.incoming[line], what) for line, what in planned.items())]
        states = [what.state for what in planned.values() if isinstance(what, Verdict)]
        summary = {"new": len(states), "known": len(planned) - len(states), "outgoing": read.outgoing}
        summary |= {state.value: states.count(state) for state in SAID if state in states}
        seen = _seen(planned)
        return Work(Checked(findings, summary, seen), partial(_write, read, seen, by=by, at=at))


def read_rows(rows: Sequence[Row], account: str, progress: Progress, *, today: date) -> Read:
    """The rows as transfers; what cannot be read, or lies ahead, is a bad row with line, column and reason."""
    incoming: dict[int, Incoming] = {}
    findings: list[Finding] = []
    lines: dict[str, int] = {}
    outgoing = 0
    for n, row in enumerate(rows, start=1):
        bad: list[Finding] = []
        each, out = _read(row, account, bad, today)
        if not bad and out:
            outgoing += 1
            findings.append(Finding(row.line, "debit", Weight.NOTE, OUTGOING, {"amount": _grouped(out)}))
        elif not bad and each is not None:
            first = lines.setdefault(each.reference, row.line)
            if first != row.line:
                bad.append(_bad(row, "reference", N_("Số giao dịch này đã có ở dòng %(first)s."), first=first))
            incoming[row.line] = each
        findings += bad
        progress(n)
    return Read(incoming, findings, outgoing)


def _read(row: Row, account: str, bad: list[Finding], today: date) -> tuple[Incoming | None, int]:
    """The row as a transfer, and what went out; what is wrong goes into `bad`."""
    booked, timed = _date(row, bad)
    if booked is not None and not OLDEST <= booked.date() <= LAST:
        bad.append(_bad(row, "date", N_("Năm của ngày này không hợp lý.")))
    elif booked is not None and booked.date() > today:
        bad.append(_bad(row, "date", N_("Ngày này chưa tới.")))
    credit, debit = _amount(row, "credit", bad), _amount(row, "debit", bad)
    reference = row.cells.get("reference", "")
    if not reference or len(reference) > 120:
        bad.append(_bad(row, "reference", N_("Nhập số giao dịch, nhiều nhất 120 ký tự.")))
    if not bad and (credit > 0) == (debit > 0):
        bad.append(_bad(row, "credit", N_("Mỗi dòng có tiền vào hoặc tiền ra, đúng một trong hai.")))
    if not account:
        bad.append(_bad(row, "date", N_("Chợ chưa khai tài khoản ngân hàng (BANK_ACCOUNT).")))
    if bad or booked is None or debit:
        return None, debit
    facts = {name: row.cells.get(name, "") for name in ("note", "payer", "payer_account")}
    source = TransferSource.STATEMENT
    return Incoming(account, reference, Money(credit), booked, timed, source=source, **facts), 0


def _date(row: Row, bad: list[Finding]) -> tuple[datetime | None, bool]:
    for form in DATES:
        try:
            return datetime.strptime(row.cells.get("date", ""), form).replace(tzinfo=VIETNAM), "%H" in form
        except ValueError:
            continue
    bad.append(_bad(row, "date", N_("Ngày ghi như 23/11/2026 hoặc 23/11/2026 14:05.")))
    return None, False


def _amount(row: Row, column: str, bad: list[Finding]) -> int:
    text = row.cells.get(column, "")
    bare = re.sub(r"(?:[.,]00)?\s*(?:vnd|₫|d)?$", "", fold(text)).lstrip("+")
    if not bare:
        return 0
    if not _AMOUNT.fullmatch(bare):
        bad.append(_bad(row, column, N_("Số tiền ghi như 1250000 hoặc 1.250.000.")))
        return 0
    figures = re.sub(r"[^0-9]", "", bare).lstrip("0")
    amount = int(figures[:14] or "0")
    if amount > MOST:
        bad.append(_bad(row, column, N_("Số tiền lớn quá.")))
        return 0
    return amount


def _planned(read: Read) -> dict[int, Verdict | str]:
    """What would come of each line: a verdict, or why it is nothing new."""
    told = list(read.incoming.values())
    known, found = known_of(told), {}
    taken = {row.id for row in known.values()}  # each has its name here, so no line is a second name of it
    fresh: dict[int, Incoming] = {}
    for line, each in read.incoming.items():
        row = known.get((each.account, each.reference))
        if row is not None:
            found[line] = KNOWN if row.amount == each.amount else OTHERWISE
            continue
        twin = twin_of(each, but=taken)
        if twin is None:
            fresh[line] = each
        else:
            taken.add(twin.id)
            found[line] = TOLD
    claims = {number: claim for number, (_, claim) in claims_of(fresh.values()).items()}
    return found | dict(zip(fresh, plan(fresh.values(), claims), strict=True))


def _says(line: int, each: Incoming, what: Verdict | str) -> Finding:
    if isinstance(what, str):
        return Finding(line, "reference", Weight.BAD if what == OTHERWISE else Weight.NOTE, what)
    orders = ", ".join(number for number, _ in what.gives)
    facts = {"amount": _grouped(each.amount.amount), "orders": orders}
    weight = Weight.NOTE if what.state is TransferState.MATCHED else Weight.WARNING
    return Finding(line, "note", weight, SAID[what.state], facts)


def _seen(planned: Mapping[int, Verdict | str]) -> str:
    """A name for everything that the check said."""
    facts = [
        [line, what] if isinstance(what, str) else [line, what.state, [[n, a.amount] for n, a in what.gives]]
        for line, what in sorted(planned.items())
    ]
    return sha256(json.dumps(facts).encode()).hexdigest()


def _write(read: Read, seen: str, *, by: Actor, at: datetime) -> None:
    if not KEEP_MONEY.held_by(by):
        raise Forbidden
    hold_still(TABLE)
    if _seen(_planned(read)) != seen:
        raise ChangedMeanwhile
    take_transfers(incoming=list(read.incoming.values()), at=at)


def _bad(row: Row, column: str, reason: str, **facts: object) -> Finding:
    return Finding(row.line, column, Weight.BAD, reason, facts)


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + " ₫"
