"""Filling score sheets: by the member on the spot, by an officer from the paper sheet or from a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

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
EMPTY = N_("Còn mục chưa có điểm. Muốn ký như vậy thì đánh dấu ở đây; mục trống tính 0 điểm.")
BELOW = N_("Tổng này thấp hơn điểm đang có trên phiếu. Đúng như phiếu giấy thì đánh dấu ở đây.")
SIGNED_BEFORE = N_("Phiếu này đã ký. Muốn thay bằng phiếu giấy thì đánh dấu ở đây.")


class NotOpen(Conflict):
    """Sheets are filled while the sitting is open."""

    code = "sitting_not_open"
    message = N_("Phiên họp chưa mở hoặc đã khép nên không ghi điểm được.")


class SheetSigned(Conflict):
    """A signed sheet is reopened before it is changed."""

    code = "sheet_signed"
    message = N_("Phiếu đã ký. Muốn sửa thì mở lại phiếu trước khi phiên khép.")


class SheetChanged(Conflict):
    """Nobody signs or overwrites what they have not seen: another tab, an import or a copy was there meanwhile."""

    code = "sheet_changed"
    message = N_("Phiếu vừa đổi ở nơi khác sau khi bạn mở trang. Điều bạn gõ còn ở dưới; xem phiếu đã lưu rồi ghi lại.")


@dataclass(frozen=True)
class SheetFacts:
    """What a sheet says: points by line (those given so far), minimum criteria found met, a comment.

    `seen` is the sheet's `mark` as whoever fills it in last saw it, empty where there was none. `knowingly`: they were
    told what is odd about it (lines without points; less than the sheet had; a signature replaced) and mean it.
    """

    points: Mapping[str, Decimal]
    met: frozenset[str] = field(default_factory=frozenset)
    comment: str = ""
    seen: str = ""
    knowingly: bool = False


def save_sheet(
    *, sitting_code: str, dossier_code: str, facts: SheetFacts, sign: bool, by: Actor, at: datetime
) -> ScoreSheet:
    """Keep what the acting member has filled in; `sign` makes it count: with points on every line, or knowingly.

    SheetChanged where the sheet is no longer the one they saw.
    """
    if not SCORE.held_by(by):
        raise Forbidden
    sitting = get_own_sitting(sitting_code, by=by, hold=True)
    entry, seat = get_entry(sitting, dossier_code), seat_of(sitting, by)
    _open(sitting)
    _same_as_seen(_sheet(sitting, entry, seat), facts.seen)
    sheet = _write(sitting, entry, seat, facts, sign=sign, by=by, at=at)
    _noted(sheet, sitting, entry, sign, by=by, at=at)
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

    What replaces a signature, or comes to less than the sheet had, is entered knowingly: Invalid on `knowingly`.
    """
    may_keep(by)
    sitting = get_sitting(sitting_code, by=by, hold=True)
    entry, member = get_entry(sitting, dossier_code), seated(sitting, member_code)
    _open(sitting)
    known = all(line.criterion is not None for line in lines_for(entry.dossier))
    before = _sheet(sitting, entry, member)
    if not known and scan is None and (before is None or before.scan_id is None):
        raise Invalid({"files": N_("Gửi kèm bản quét của phiếu giấy: bộ này chưa có bảng điểm chi tiết trong máy.")})
    if before is not None:
        _replaceable(before, facts)
        before.signed_at = None  # the paper is what counts
    sheet = _write(sitting, entry, member, facts, sign=True, by=by, at=at)
    if scan is not None:
        sheet.scan_id = note_file(scan, by=by, at=at).id
    _noted(sheet, sitting, entry, True, by=by, at=at)
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
    _open(sitting)
    sheet = _write(sitting, entry, member, facts, sign=sign, by=by, at=at)
    _noted(sheet, sitting, entry, sign, by=by, at=at)
    return sheet


def seated(sitting: Sitting, member_code: str) -> CouncilMember:
    """The member with this code who sits in the sitting's council, or NotFound."""
    member = next((m for m in sitting.council.seated if m.code == member_code), None)
    if member is None:
        raise NotFound
    return member


def reopen_sheet(*, sitting_code: str, dossier_code: str, by: Actor, at: datetime) -> None:
    """Take the acting member's signature back while the sitting is open."""
    if not SCORE.held_by(by):
        raise Forbidden
    sitting = get_own_sitting(sitting_code, by=by, hold=True)
    _open(sitting)
    entry = get_entry(sitting, dossier_code)
    sheet = _sheet(sitting, entry, seat_of(sitting, by))
    if sheet is None:
        raise NotFound
    sheet.signed_at = None
    detail = {"dossier": dossier_code}
    record(by=by, action="sheet.reopened", subject_type="sitting", subject=sitting_code, at=at, detail=detail)


def _open(sitting: Sitting) -> None:
    if sitting.state is not SittingState.OPEN:
        raise NotOpen


def _sheet(sitting: Sitting, entry: TableEntry, member: CouncilMember) -> ScoreSheet | None:
    return find_sheet(sitting_id=sitting.id, dossier_id=entry.dossier_id, member_id=member.id)


def _same_as_seen(sheet: ScoreSheet | None, seen: str) -> None:
    if sheet is not None and sheet.signed_at is None and sheet.mark != seen:
        raise SheetChanged


def _replaceable(before: ScoreSheet, facts: SheetFacts) -> None:
    """Whether a paper sheet may take the place of what is there: seen, and told what is lost by it."""
    if before.mark != facts.seen:
        raise SheetChanged
    if facts.knowingly:
        return
    if before.signed_at is not None:
        raise Invalid({"knowingly": SIGNED_BEFORE})
    if total(facts.points) < before.total:
        raise Invalid({"knowingly": BELOW})


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
    _check(entry, facts, sign)
    sheet = _sheet(sitting, entry, member)
    _unsigned(sheet)
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


def _unsigned(sheet: ScoreSheet | None) -> None:
    if sheet is not None and sheet.signed_at is not None:
        raise SheetSigned


def _check(entry: TableEntry, facts: SheetFacts, sign: bool) -> None:
    lines = lines_for(entry.dossier)
    wrong = dict.fromkeys(wrong_points(lines, facts.points), TOO_MANY)
    empty = {line.code: MISSING for line in lines if line.code not in facts.points} if sign else {}
    if empty and not facts.points:
        wrong |= empty  # a sheet without any points is none
    elif empty and not facts.knowingly:
        wrong |= empty | {"knowingly": EMPTY}
    if wrong:
        raise Invalid(wrong)
    strays = set(facts.points) - {line.code for line in lines}
    if strays or facts.met - {minimum.code for minimum in minimum_for(entry.dossier)}:
        raise NotFound


def _noted(sheet: ScoreSheet, sitting: Sitting, entry: TableEntry, sign: bool, *, by: Actor, at: datetime) -> None:
    empty = [line.code for line in lines_for(entry.dossier) if line.code not in sheet.points]
    detail: dict[str, object] = {"dossier": entry.dossier.code, "total": str(sheet.total), "member": sheet.member_id}
    if sign and empty:
        detail["empty"] = empty
    verb = "sheet.signed" if sign else "sheet.saved"
    record(by=by, action=verb, subject_type="sitting", subject=sitting.code, at=at, detail=detail)
