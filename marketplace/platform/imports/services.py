"""Staging a file, and moving it from check to application. Each move happens once, whoever asks how often."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, text, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.folding import shown_file_name
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.platform.imports.models import OPEN, ImportFinding, ImportState, StagedImport, StagedRow
from marketplace.platform.imports.queries import get_import
from marketplace.platform.imports.rules import Checked, Finding, Row, Weight
from marketplace.platform.jobs.services import enqueue

CHECK = "imports.check"
APPLY = "imports.apply"
MOST_FINDINGS = 2_000  # bad ones and warnings kept of one file: a page is for mending, not for reading it all twice
MOST_NOTES = 100_000  # what a file would change is told whole
HEAVIEST_FIRST = (Weight.BAD, Weight.WARNING, Weight.NOTE)


class NotApplicable(Conflict):
    """Only a checked file without a bad row is applied."""

    code = "import_not_applicable"
    message = N_("Tệp này chưa ghi vào sổ được: chưa kiểm tra xong, còn dòng sai, hoặc đã hủy.")


class NotOpen(Conflict):
    """What was applied, or is being applied, is not cancelled."""

    code = "import_not_open"
    message = N_("Tệp này không còn hủy được.")


def stage(
    *, kind: str, file_name: str, rows: Sequence[Row], by: Actor, at: datetime, options: Mapping[str, Any] | None = None
) -> StagedImport:
    """Keep a file's rows, and ask the worker to check them. The file was read before the block opened."""
    staged = StagedImport(
        code=f"NK{random_code(8)}",
        kind=kind,
        file_name=shown_file_name(file_name) if file_name else "",
        options=dict(options or {}),
        user_id=by.user_id,
        user_name=by.name,
        user_role=by.role,
        organisation_id=by.organisation_id,
        unit_id=by.unit_id,
        created_at=at,
        state=ImportState.STAGED,
        rows_total=len(rows),
    )
    db.session.add(staged)
    db.session.flush()
    db.session.execute(
        insert(StagedRow), [{"import_id": staged.id, "line": row.line, "cells": dict(row.cells)} for row in rows]
    )
    _ask(CHECK, staged.id, staged.round, at)
    detail = {"kind": kind, "file": staged.file_name, "rows": len(rows)}
    record(by=by, action="import.staged", subject_type="import", subject=staged.code, at=at, detail=detail)
    return staged


def begin_check(import_id: int) -> None:
    """Say that the worker is at it, from the first row."""
    db.session.execute(
        update(StagedImport)
        .where(StagedImport.id == import_id, StagedImport.state == ImportState.STAGED)
        .values(state=ImportState.CHECKING)
    )
    note_progress(import_id, 0)


def note_progress(import_id: int, rows_done: int) -> None:
    """Say how many rows are done."""
    db.session.execute(update(StagedImport).where(StagedImport.id == import_id).values(rows_done=rows_done))


def finish_check(import_id: int, checked: Checked) -> None:
    """Keep what the check found. A file cancelled meanwhile stays cancelled."""
    done = rows_changed(
        update(StagedImport)
        .where(StagedImport.id == import_id, StagedImport.state == ImportState.CHECKING)
        .values(
            state=ImportState.CHECKED,
            rows_done=StagedImport.rows_total,
            rows_bad=checked.bad_lines,
            summary=dict(checked.summary),
            seen=checked.seen,
        )
    )
    if done != 1:
        return
    db.session.execute(delete(ImportFinding).where(ImportFinding.import_id == import_id))
    found = [
        {
            "import_id": import_id,
            "line": f.line,
            "column_name": f.column,
            "weight": f.weight,
            "reason": f.reason,
            "facts": dict(f.facts),
        }
        for f in _kept(checked.findings)
    ]
    if found:
        db.session.execute(insert(ImportFinding), found)


def _kept(findings: Sequence[Finding]) -> list[Finding]:
    by_weight = sorted(findings, key=lambda f: HEAVIEST_FIRST.index(f.weight))
    heavy = [finding for finding in by_weight if finding.weight is not Weight.NOTE]
    return heavy[:MOST_FINDINGS] + by_weight[len(heavy) :][:MOST_NOTES]


def ask_to_apply(*, code: str, kind: str, by: Actor, at: datetime) -> None:
    """Have a good file applied by the worker. Asked twice it is applied once."""
    staged = get_import(code, kind=kind, by=by)
    if staged.state in (ImportState.APPLYING, ImportState.APPLIED):
        return
    done = rows_changed(
        update(StagedImport)
        .where(StagedImport.id == staged.id, StagedImport.state == ImportState.CHECKED, StagedImport.rows_bad == 0)
        .values(state=ImportState.APPLYING, round=StagedImport.round + 1)
    )
    if done != 1:
        raise NotApplicable
    _ask(APPLY, staged.id, staged.round + 1, at)
    record(by=by, action="import.accepted", subject_type="import", subject=code, at=at)


def cancel(*, code: str, kind: str, by: Actor, at: datetime) -> None:
    """Give a file up that is not yet applied; its rows go, what was found stays."""
    staged = get_import(code, kind=kind, by=by)
    done = rows_changed(
        update(StagedImport)
        .where(StagedImport.id == staged.id, StagedImport.state.in_(OPEN))
        .values(state=ImportState.CANCELLED, finished_at=at)
    )
    if done != 1:
        raise NotOpen
    db.session.execute(delete(StagedRow).where(StagedRow.import_id == staged.id))
    record(by=by, action="import.cancelled", subject_type="import", subject=code, at=at)


def hold_still(tables: str) -> None:
    """Keep others from writing these tables until this block ends. SQLite has one writer at a time in any case."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(text(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"))


def mark_applied(staged: StagedImport, *, at: datetime) -> bool:
    """Take the file for this block's application; False where another worker has applied it."""
    done = rows_changed(
        update(StagedImport)
        .where(StagedImport.id == staged.id, StagedImport.state == ImportState.APPLYING)
        .values(state=ImportState.APPLIED, finished_at=at)
    )
    if done == 1:
        detail = {"rows": staged.rows_total, **staged.summary}
        record(
            by=staged.actor, action="import.applied", subject_type="import", subject=staged.code, at=at, detail=detail
        )
    return done == 1


def check_again(import_id: int, *, at: datetime) -> None:
    """The tables changed between check and application: nothing was applied, the worker checks anew."""
    staged = db.session.get_one(StagedImport, import_id)
    if staged.state is ImportState.APPLYING:
        staged.state, staged.round, staged.rows_done = ImportState.CHECKING, staged.round + 1, 0
        _ask(CHECK, import_id, staged.round, at)


def fail(import_id: int, *, at: datetime) -> None:
    """Who brought it in may no longer do so: nothing is applied."""
    db.session.execute(
        update(StagedImport)
        .where(StagedImport.id == import_id, StagedImport.state.in_((*OPEN, ImportState.APPLYING)))
        .values(state=ImportState.FAILED, finished_at=at)
    )


def _ask(job: str, import_id: int, round_: int, at: datetime) -> None:
    enqueue(name=job, key=f"{job}-{import_id}-{round_}", at=at, payload={"import": import_id, "round": round_})
