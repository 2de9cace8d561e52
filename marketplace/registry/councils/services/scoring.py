"""Filling score sheets: by the member on the spot, by an officer from the paper sheet or from a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import Document
from marketplace.platform.media.services import note_file
from marketplace.registry.councils.models import CouncilMember, ScoreSheet, Sitting, SittingState, TableEntry
from marketplace.registry.councils.policies import SCORE
from marketplace.registry.councils.queries import (
    find_sheet,
    get_entry,
    get_own_sitting,
    get_sitting,
    lines_for,
    minimum_for,
    seat_of,
)
from marketplace.registry.councils.rules import total, wrong_points
from marketplace.registry.councils.services.seats import may_keep

TOO_MANY = N_("Điểm của mục này từ 0 đến mức cao nhất.")
MISSING = N_("Cho điểm mục này trước khi ký.")


class NotOpen(Conflict):
    """Sheets are filled while the sitting is open."""

    code = "sitting_not_open"
    message = N_("Phiên họp chưa mở hoặc đã khép nên không ghi điểm được.")


class SheetSigned(Conflict):
    """A signed sheet is reopened before it is changed."""

    code = "sheet_signed"
    message = N_("Phiếu đã ký. Muốn sửa thì mở lại phiếu trước khi phiên khép.")


@dataclass(frozen=True)
class SheetFacts:
    """What a sheet says: points by line (those given so far), minimum criteria found met, a comment."""

    points: Mapping[str, Decimal]
    met: frozenset[str] = field(default_factory=frozenset)
    comment: str = ""


def save_sheet(
    *, sitting_code: str, dossier_code: str, facts: SheetFacts, sign: bool, by: Actor, at: datetime
) -> ScoreSheet:
    """Keep what the acting member has filled in; `sign` makes it count, which needs points on every line."""
    if not SCORE.held_by(by):
        raise Forbidden
    sitting = get_own_sitting(sitting_code, by=by, hold=True)
    seat = seat_of(sitting, by)
    sheet = _write(sitting, get_entry(sitting, dossier_code), seat, facts, sign=sign, by=by, at=at)
    _noted(sheet, sitting, dossier_code, sign, by=by, at=at)
    return sheet


def enter_sheet(
    *,
    sitting_code: str,
    dossier_code: str,
    member_code: str,
    facts: SheetFacts,
    by: Actor,
    at: datetime,
    scan: Document | None = None,
) -> ScoreSheet:
    """Copy a member's paper sheet, signed as it is on paper. Where its points are not known to us, a total for each
    part, and the scanned sheet, which lies in the store already, must be given with it: Invalid on `files`.
    """
    may_keep(by)
    sitting = get_sitting(sitting_code, by=by, hold=True)
    entry, member = get_entry(sitting, dossier_code), seated(sitting, member_code)
    known = all(line.criterion is not None for line in lines_for(entry.dossier))
    before = find_sheet(sitting_id=sitting.id, dossier_id=entry.dossier_id, member_id=member.id)
    if not known and scan is None and (before is None or before.scan_id is None):
        raise Invalid({"files": N_("Gửi kèm bản quét của phiếu giấy: bộ này chưa có bảng điểm chi tiết trong máy.")})
    if before is not None and before.signed_at is not None:
        before.signed_at = None  # the paper is what counts: copying it again replaces what was copied
    sheet = _write(sitting, entry, member, facts, sign=True, by=by, at=at)
    if scan is not None:
        sheet.scan_id = note_file(scan, by=by, at=at).id
    _noted(sheet, sitting, dossier_code, True, by=by, at=at)
    return sheet


def copy_sheet(
    *,
    sitting_code: str,
    dossier_code: str,
    member_code: str,
    facts: SheetFacts,
    sign: bool,
    by: Actor,
    at: datetime,
) -> ScoreSheet:
    """Copy a member's sheet from a table; unsigned, it waits for its scan. One signed before stays: SheetSigned."""
    may_keep(by)
    sitting = get_sitting(sitting_code, by=by, hold=True)
    entry, member = get_entry(sitting, dossier_code), seated(sitting, member_code)
    sheet = _write(sitting, entry, member, facts, sign=sign, by=by, at=at)
    _noted(sheet, sitting, dossier_code, sign, by=by, at=at)
    return sheet


def seated(sitting: Sitting, member_code: str) -> CouncilMember:
    """The member with this code who sits in the sitting's council, or NotFound."""
    member = next((m for m in sitting.council.members if m.code == member_code and m.left_at is None), None)
    if member is None:
        raise NotFound
    return member


def reopen_sheet(*, sitting_code: str, dossier_code: str, by: Actor, at: datetime) -> None:
    """Take the acting member's signature back while the sitting is open."""
    if not SCORE.held_by(by):
        raise Forbidden
    sitting = get_own_sitting(sitting_code, by=by, hold=True)
    if sitting.state is not SittingState.OPEN:
        raise NotOpen
    entry = get_entry(sitting, dossier_code)
    sheet = find_sheet(sitting_id=sitting.id, dossier_id=entry.dossier_id, member_id=seat_of(sitting, by).id)
    if sheet is None:
        raise NotFound
    sheet.signed_at = None
    detail = {"dossier": dossier_code}
    record(by=by, action="sheet.reopened", subject_type="sitting", subject=sitting_code, at=at, detail=detail)


def _write(
    sitting: Sitting,
    entry: TableEntry,
    member: CouncilMember,
    facts: SheetFacts,
    *,
    sign: bool,
    by: Actor,
    at: datetime,
) -> ScoreSheet:
    if sitting.state is not SittingState.OPEN:
        raise NotOpen
    _check(entry, facts, sign)
    sheet = db.session.scalar(
        select(ScoreSheet).where(
            ScoreSheet.sitting_id == sitting.id,
            ScoreSheet.dossier_id == entry.dossier_id,
            ScoreSheet.member_id == member.id,
        )
    )
    if sheet is not None and sheet.signed_at is not None:
        raise SheetSigned
    if sheet is None:
        sheet = ScoreSheet(sitting_id=sitting.id, dossier_id=entry.dossier_id, member_id=member.id)
        db.session.add(sheet)
    sheet.points = {code: str(points) for code, points in facts.points.items()}
    sheet.met, sheet.comment = sorted(facts.met), facts.comment.strip()[:4000]
    sheet.total = total(facts.points)
    sheet.entered_by, sheet.changed_at = by.name, at
    sheet.signed_at = at if sign else None
    db.session.flush()
    return sheet


def _check(entry: TableEntry, facts: SheetFacts, sign: bool) -> None:
    lines = lines_for(entry.dossier)
    wrong = dict.fromkeys(wrong_points(lines, facts.points), TOO_MANY)
    if sign:
        wrong |= {line.code: MISSING for line in lines if line.code not in facts.points}
    if wrong:
        raise Invalid(wrong)
    strays = set(facts.points) - {line.code for line in lines}
    if strays or facts.met - {minimum.code for minimum in minimum_for(entry.dossier)}:
        raise NotFound


def _noted(sheet: ScoreSheet, sitting: Sitting, dossier_code: str, sign: bool, *, by: Actor, at: datetime) -> None:
    detail = {"dossier": dossier_code, "total": str(sheet.total), "member": sheet.member_id}
    verb = "sheet.signed" if sign else "sheet.saved"
    record(by=by, action=verb, subject_type="sitting", subject=sitting.code, at=at, detail=detail)
