"""Score sheets by spreadsheet: a row for each dossier and member, a column for each line of a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import func, select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, NotFound
from marketplace.platform.core.words import N_
from marketplace.platform.imports.rules import ChangedMeanwhile, Checked, Column, Finding, Progress, Row, Weight, Work
from marketplace.registry.councils.models import CouncilMember, ScoreSheet, Sitting, SittingState, TableEntry
from marketplace.registry.councils.policies import KEEP_COUNCILS
from marketplace.registry.councils.queries import get_sitting, lines_for, list_sheets, list_table, minimum_for
from marketplace.registry.councils.rules import Line, read_points, wrong_points
from marketplace.registry.councils.services import SheetFacts
from marketplace.registry.councils.services.scoring import copy_sheet
from marketplace.registry.rulesets.queries import all_rulesets

SCORES = "scores"  # the kind of these files


def _line_columns() -> tuple[str, ...]:
    """Every line that any rule set's sheet or parts have, in their order."""
    codes = [part.code for rules in all_rulesets() for part in rules.parts]
    codes += [c.code for rules in all_rulesets() for sheet in rules.sheets for c in sheet.criteria]
    return tuple(code.lower() for code in dict.fromkeys(codes))


COLUMNS = (
    Column("sitting"),
    Column("dossier"),
    Column("member"),
    *(Column(code, needed=False) for code in _line_columns()),
    Column("met", needed=False),
    Column("comment", needed=False),
)


class _Unfit(Exception):
    """A cell cannot be taken: its column, and why."""

    def __init__(self, column: str, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.column, self.reason, self.facts = column, reason, facts


@dataclass(frozen=True)
class _Table:
    """An open sitting with what a row may speak of."""

    sitting: Sitting
    entries: Mapping[str, TableEntry]
    members: Mapping[str, CouncilMember]
    signed: frozenset[tuple[int, int]]
    begun: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Copied:
    """A row read: whose sheet it is and what it says."""

    table: _Table
    entry: TableEntry
    member: CouncilMember
    facts: SheetFacts


class ScoresImporter:
    """The importer of score sheets: rows of sets whose sheet is known are signed, others wait for their scan."""

    columns: Sequence[Column] = COLUMNS

    def prepare(
        self, rows: Sequence[Row], options: Mapping[str, Any], *, by: Actor, at: datetime, progress: Progress
    ) -> Work:
        """Read every row against the open sittings. Raises Forbidden where `by` does not keep councils."""
        if not KEEP_COUNCILS.held_by(by):
            raise Forbidden
        seen = _state()
        tables: dict[str, _Table | None] = {}
        findings: list[Finding] = []
        copied: dict[tuple[int, int], Copied] = {}
        for n, row in enumerate(rows, start=1):
            try:
                one = _read(row, tables, by)
                if (one.entry.dossier_id, one.member.id) in copied:
                    raise _Unfit("member", N_("Phiếu này đã có ở một dòng trên."))
                copied[(one.entry.dossier_id, one.member.id)] = one
            except _Unfit as bad:
                findings.append(Finding(row.line, bad.column, Weight.BAD, bad.reason, bad.facts))
            else:
                findings += _notes(row, one)
            if n % 100 == 0:
                progress(n)
        summary = {"sheets": len(copied)}
        write = partial(_write, list(copied.values()), seen, by=by, at=at)
        return Work(Checked(findings, summary, seen), write)


def _state() -> str:
    """What the check rests on: every sheet and every sitting as they are."""
    sheets = db.session.execute(select(func.count(ScoreSheet.id), func.max(ScoreSheet.changed_at))).one()
    signed = db.session.scalar(select(func.count(ScoreSheet.id)).where(ScoreSheet.signed_at.is_not(None)))
    opened = db.session.scalars(select(Sitting.code).where(Sitting.state == SittingState.OPEN).order_by(Sitting.id))
    lying = db.session.scalar(select(func.count(TableEntry.dossier_id)))
    return f"{sheets[0]}|{sheets[1]}|{signed}|{lying}|{','.join(opened)}"[:200]


def _read(row: Row, tables: dict[str, _Table | None], by: Actor) -> Copied:
    code = row.cells["sitting"].upper()
    if code not in tables:
        tables[code] = _table(code, by)
    table = tables[code]
    if table is None:
        raise _Unfit("sitting", N_("Không có phiên nào mang mã này đang mở."))
    entry = table.entries.get(row.cells["dossier"].upper())
    if entry is None:
        raise _Unfit("dossier", N_("Hồ sơ này không nằm trên bàn của phiên."))
    member = table.members.get(row.cells["member"].casefold())
    if member is None:
        raise _Unfit("member", N_("Không có thành viên nào mang địa chỉ thư này."))
    if (entry.dossier_id, member.id) in table.signed:
        raise _Unfit("member", N_("Phiếu này đã ký trên máy."))
    return Copied(table, entry, member, _facts(row, entry))


def _table(code: str, by: Actor) -> _Table | None:
    try:
        sitting = get_sitting(code, by=by)
    except NotFound:
        return None
    if sitting.state is not SittingState.OPEN:
        return None
    sheets = {(s.dossier_id, s.member_id): s.signed_at is not None for s in list_sheets(sitting.id)}
    return _Table(
        sitting,
        {entry.dossier.code: entry for entry in list_table(sitting.id)},
        {member.user.email: member for member in sitting.council.seated},
        frozenset(key for key, signed in sheets.items() if signed),
        frozenset(key for key, signed in sheets.items() if not signed),
    )


def _facts(row: Row, entry: TableEntry) -> SheetFacts:
    lines = lines_for(entry.dossier)
    known = {line.code.lower(): line for line in lines}
    points = {line.code: _points(name, row.cells.get(name, "")) for name, line in known.items()}
    stray = next((name for name in _line_columns() if row.cells.get(name) and name not in known), None)
    if stray is not None:
        raise _Unfit(stray, N_("Bộ của sản phẩm này không chấm mục ấy."))
    for code in wrong_points(lines, points):
        most = next(line.most for line in lines if line.code == code)
        raise _Unfit(code.lower(), N_("Điểm của mục này từ 0 đến %(most)s."), most=str(most))
    met = frozenset(code.strip() for code in row.cells.get("met", "").replace(";", ",").split(",") if code.strip())
    if met - {minimum.code for minimum in minimum_for(entry.dossier)}:
        raise _Unfit("met", N_("Có mã tiêu chí bắt buộc không đúng."))
    return SheetFacts(points, met, row.cells.get("comment", ""))


def _points(name: str, cell: str) -> Decimal:
    read = read_points(cell) if cell else None
    if read is None:
        raise _Unfit(name, N_("Nhập điểm bằng số, ví dụ 4 hoặc 4,5."))
    return read


def _known(lines: Sequence[Line]) -> bool:
    return all(line.criterion is not None for line in lines)


def _notes(row: Row, one: Copied) -> list[Finding]:
    found = []
    if (one.entry.dossier_id, one.member.id) in one.table.begun:
        said = N_("Phiếu đang viết dở trên máy sẽ được thay bằng dòng này.")
        found.append(Finding(row.line, "member", Weight.WARNING, said, {}))
    if not _known(lines_for(one.entry.dossier)):
        found.append(Finding(row.line, "dossier", Weight.NOTE, N_("Chờ bản quét phiếu giấy rồi mới tính."), {}))
    return found


def _write(copied: Sequence[Copied], seen: str, *, by: Actor, at: datetime) -> None:
    for code in sorted({one.table.sitting.code for one in copied}):
        get_sitting(code, by=by, hold=True)  # nobody signs between this look and the writing
    if _state() != seen:
        raise ChangedMeanwhile
    for one in copied:
        copy_sheet(
            sitting_code=one.table.sitting.code,
            dossier_code=one.entry.dossier.code,
            member_code=one.member.code,
            facts=one.facts,
            sign=_known(lines_for(one.entry.dossier)),
            by=by,
            at=at,
        )
