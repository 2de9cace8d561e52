"""Planning a sitting, laying its table, opening it, closing it with the result."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.registry.councils.models import ScoreSheet, Sitting, SittingState, TableEntry
from marketplace.registry.councils.queries import (
    Scored,
    get_council,
    get_entry,
    get_sitting,
    list_table,
    list_waiting_for_table,
    minimum_for,
    missing_sheets,
    scored_table,
    set_of,
)
from marketplace.registry.councils.rules import agreed
from marketplace.registry.councils.services.seats import may_keep
from marketplace.registry.dossiers.models import DossierState
from marketplace.registry.dossiers.services import score_dossier
from marketplace.registry.rounds.queries import get_round


class TableLaid(Conflict):
    """What lies on the table of a sitting that has opened stays there."""

    code = "table_laid"
    message = N_("Phiên họp đã mở hoặc đã khép nên không đổi được danh sách sản phẩm.")


class NotReady(Conflict):
    """A sitting opens with dossiers and members, and closes once every dossier has a sheet and all begun are signed."""

    code = "sitting_not_ready"
    message = N_(
        "Chưa làm được: phiên cần có sản phẩm và thành viên; khi khép, mỗi sản phẩm cần phiếu đã ký, không phiếu dở."
    )


class NoChair(Conflict):
    """A council sits under its chairman."""

    code = "council_without_chair"
    message = N_("Hội đồng chưa có chủ tịch nên chưa mở phiên được. Hãy thêm chủ tịch ở trang hội đồng.")


class SheetsMissing(Conflict):
    """Sheets of members with a seat are not there: the sitting closes without them only where that is said aloud."""

    code = "sheets_missing"
    message = N_("Còn thiếu phiếu của thành viên. Xem ai còn thiếu, rồi đánh dấu chấp nhận nếu vẫn khép phiên.")


def plan_sitting(*, council_code: str, round_code: str, held_on: date, place: str, by: Actor, at: datetime) -> Sitting:
    """Plan the council's next sitting for a round; a round may have several (lần 1, lần 2)."""
    may_keep(by)
    council, row = get_council(council_code, by=by, hold=True), get_round(round_code)
    if held_on < row.opens_on:
        raise Invalid({"held_on": N_("Ngày họp phải từ ngày mở đợt trở đi.")})
    if not nfc(place):
        raise Invalid({"place": N_("Nhập nơi họp.")})
    before = select(func.max(Sitting.number)).where(Sitting.council_id == council.id, Sitting.round_id == row.id)
    sitting = Sitting(
        code=f"PH{random_code(8)}",
        council_id=council.id,
        round_id=row.id,
        number=(db.session.scalar(before) or 0) + 1,
        held_on=held_on,
        place=nfc(place),
        state=SittingState.PLANNED,
        created_at=at,
    )
    db.session.add(sitting)
    db.session.flush()
    record(by=by, action="sitting.planned", subject_type="sitting", subject=sitting.code, at=at)
    return sitting


def lay_table(*, code: str, dossier_codes: Sequence[str], by: Actor, at: datetime) -> int:
    """Lay admitted dossiers of the round on the table; those that lie on another one are left; answers how many."""
    may_keep(by)
    sitting = _planned(code, by)
    last = max((entry.position for entry in list_table(sitting.id)), default=-1)
    chosen = [d for d in list_waiting_for_table(sitting.round_id, by=by) if d.code in set(dossier_codes)]
    for n, dossier in enumerate(chosen, start=1):
        db.session.add(TableEntry(sitting_id=sitting.id, dossier_id=dossier.id, position=last + n, failing=[]))
    detail = {"dossiers": [dossier.code for dossier in chosen]}
    record(by=by, action="sitting.laid", subject_type="sitting", subject=code, at=at, detail=detail)
    return len(chosen)


def take_off(*, code: str, dossier_code: str, by: Actor, at: datetime) -> None:
    """Take a dossier off the table of a sitting that has not opened; of an open one, where it was withdrawn or given
    back since: it can no longer be scored, and the sitting must not wait for it. Its sheets go with it.
    """
    may_keep(by)
    sitting = get_sitting(code, by=by, hold=True)
    entry = get_entry(sitting, dossier_code)
    gone = sitting.state is SittingState.OPEN and entry.dossier.state is not DossierState.ADMITTED
    if sitting.state is not SittingState.PLANNED and not gone:
        raise TableLaid
    sheets = ScoreSheet.sitting_id == sitting.id, ScoreSheet.dossier_id == entry.dossier_id
    db.session.execute(delete(ScoreSheet).where(*sheets))
    db.session.delete(entry)
    detail = {"dossier": dossier_code}
    record(by=by, action="sitting.taken_off", subject_type="sitting", subject=code, at=at, detail=detail)


def open_sitting(*, code: str, by: Actor, at: datetime) -> None:
    """Let the members score from now on; each gets a letter with the way to the table."""
    may_keep(by)
    sitting = _planned(code, by)
    members = sitting.council.seated
    if not members or not list_table(sitting.id):
        raise NotReady
    if not sitting.council.chaired:
        raise NoChair
    sitting.state = SittingState.OPEN
    record(by=by, action="sitting.opened", subject_type="sitting", subject=code, at=at)
    db.session.flush()
    for member in members:
        letter = compose("sitting-opened", member.user.language, sitting=sitting, member=member)
        post(key=f"sitting-opened:{code}:{member.code}", to=member.user.email, letter=letter, at=at)


def close_sitting(*, code: str, without: Collection[tuple[str, str]] = (), by: Actor, at: datetime) -> None:
    """Draw the averages and the stars they come to; from now on nothing of the sitting changes.

    Every dossier needs a signed sheet, and no sheet that was begun may be unsigned: NotReady. Sheets of members with a
    seat that were never begun are accepted one by one, as `without`, (member, dossier) by their codes: SheetsMissing
    where one is not among them. Trail and minutes say which.
    """
    may_keep(by)
    sitting = get_sitting(code, by=by, hold=True)
    table = scored_table(sitting.id)
    unsigned = any(
        sheet.signed_at is None for scored in table for sheet in scored.sheets if sheet.member.left_at is None
    )
    if sitting.state is not SittingState.OPEN or unsigned or any(scored.spread is None for scored in table):
        raise NotReady
    missing = missing_sheets(sitting, table)
    _accepted(missing, without)
    for scored in table:
        _draw(scored, by=by, at=at)
    sitting.state, sitting.closed_at, sitting.closed_by = SittingState.CLOSED, at, by.name
    sitting.absences = {"missing": missing, "left": _left(table)}
    record(by=by, action="sitting.closed", subject_type="sitting", subject=code, at=at, detail=sitting.absences)


def _accepted(missing: Mapping[str, Sequence[str]], without: Collection[tuple[str, str]]) -> None:
    if any((member, dossier) not in without for member, dossiers in missing.items() for dossier in dossiers):
        raise SheetsMissing


def _left(table: Sequence[Scored]) -> dict[str, str]:
    """Whose signed sheets count though they have left the council, and on which day they left."""
    members = {sheet.member.code: sheet.member for scored in table for sheet in scored.signed}
    return {code: day_of(m.left_at).isoformat() for code, m in members.items() if m.left_at is not None}


def _draw(scored: Scored, *, by: Actor, at: datetime) -> None:
    entry, dossier = scored.entry, scored.entry.dossier
    assert scored.spread is not None
    codes = [minimum.code for minimum in minimum_for(dossier)]
    met = agreed([sheet.met for sheet in scored.signed], codes)
    outcome = dossier.rules.stars_by(scored.spread.average, met, set_of(dossier))
    entry.average, entry.stars = scored.spread.average, outcome.stars
    entry.by_band, entry.by_minimum = outcome.by_band, outcome.by_minimum
    entry.potential_five, entry.failing = outcome.potential_five, list(outcome.failing)
    score_dossier(dossier_id=dossier.id, score=entry.average, stars=outcome.stars, by=by, at=at)


def _planned(code: str, by: Actor) -> Sitting:
    sitting = get_sitting(code, by=by, hold=True)
    if sitting.state is not SittingState.PLANNED:
        raise TableLaid
    return sitting
