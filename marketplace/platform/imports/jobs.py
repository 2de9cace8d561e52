"""The worker's part: checking a staged file with its progress, and applying it in one short block."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.imports.models import ImportState, StagedImport
from marketplace.platform.imports.queries import rows_of
from marketplace.platform.imports.rules import ChangedMeanwhile, Importer, Progress, Work
from marketplace.platform.imports.services import (
    begin_check,
    check_again,
    fail,
    finish_check,
    mark_applied,
    note_progress,
)

Importers = Mapping[str, Importer]
Identify = Callable[[Actor], Actor]  # who acted, as they may act now; raises Forbidden


def check(payload: Mapping[str, Any], at: datetime, *, importers: Importers, identify: Identify) -> None:
    """Check a staged file. Killed half-way, it is checked again from its first row."""
    staged = _asked(payload, ImportState.STAGED, ImportState.CHECKING)
    if staged is None:
        return
    with transaction():
        begin_check(staged.id)
    work = _prepared(staged, importers, identify, at, lambda done: _tell(staged.id, done))
    if work is not None:
        with transaction():
            finish_check(staged.id, work.checked)


def apply(payload: Mapping[str, Any], at: datetime, *, importers: Importers, identify: Identify) -> None:
    """Apply a checked file, whole or not at all; where the tables changed since the check, check it again instead."""
    staged = _asked(payload, ImportState.APPLYING)
    if staged is None:
        return
    work = _prepared(staged, importers, identify, at, lambda _done: None)
    if work is None:
        return
    try:
        if work.checked.seen != staged.seen:
            raise ChangedMeanwhile
        with transaction():
            if mark_applied(staged, at=at):
                work.write()
    except ChangedMeanwhile:
        with transaction():
            check_again(staged.id, at=at)


def _asked(payload: Mapping[str, Any], *states: ImportState) -> StagedImport | None:
    """The file that the job speaks of, where it still waits for this very job."""
    staged = db.session.get(StagedImport, payload["import"])
    waits = staged is not None and staged.round == payload["round"] and staged.state in states
    return staged if waits else None


def _prepared(
    staged: StagedImport, importers: Importers, identify: Identify, at: datetime, progress: Progress
) -> Work | None:
    rows = rows_of(staged.id)
    try:
        by = identify(staged.actor)
        return importers[staged.kind].prepare(rows, staged.options, by=by, at=at, progress=progress)
    except Refusal:
        with transaction():
            fail(staged.id, at=at)
        return None


def _tell(import_id: int, done: int) -> None:
    with transaction():
        note_progress(import_id, done)
