"""Recording what was done to reach people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from marketplace.office.outreach.models import MOST_PEOPLE, Activity, ActivityFile, ActivityKind
from marketplace.office.outreach.policies import KEEP_ACTIVITIES, units_within
from marketplace.office.outreach.queries import MOST_FILES, get_activity, get_file, list_files
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import Document
from marketplace.platform.media.models import KeptFile
from marketplace.platform.media.services import drop_file, note_file

FIRST_DAY = date(2018, 5, 7)  # QĐ 490/QĐ-TTg began the programme


class Withdrawn(Conflict):
    """What was withdrawn stays as it is."""

    code = "activity_withdrawn"
    message = N_("Hoạt động này đã rút, không sửa được nữa.")


class PaperGiven(Conflict):
    """The same file was added before."""

    code = "activity_paper_given"
    message = N_("Tệp “%(name)s” đã có rồi.")


class TooManyPapers(Conflict):
    """An activity keeps at most twenty files."""

    code = "activity_papers"
    message = N_("Nhiều nhất 20 tệp. Hãy gộp các trang thành một tệp PDF, hoặc bỏ tệp cũ.")


@dataclass(frozen=True)
class ActivityFacts:
    """What an officer says of an activity; `unit` is a mark such as `2025:03388`."""

    unit: str
    kind: ActivityKind
    title: str
    held_on: date
    audience: str
    people: int
    place: str = ""
    note: str = ""


def record_activity(*, facts: ActivityFacts, by: Actor, at: datetime) -> Activity:
    """Enter what a unit of the officer's did."""
    row = Activity(code=f"TT{random_code(8)}", entered_at=at, entered_by=by.name or "system")
    return _keep(row, facts, "outreach.recorded", by, at)


def change_activity(*, code: str, facts: ActivityFacts, by: Actor, at: datetime) -> Activity:
    """Mend what was entered."""
    return _keep(_standing(code, by), facts, "outreach.changed", by, at)


def withdraw_activity(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Take back what was entered by mistake: it counts nowhere any more."""
    row = _standing(code, by)
    why = nfc(why)[:300]
    if not why:
        raise Invalid({"why": N_("Ghi lý do.")})
    row.withdrawn_at, row.withdrawn_why = at, why
    _noted("outreach.withdrawn", code, by, at, {"why": why})


def add_paper(*, code: str, document: Document, by: Actor, at: datetime) -> KeptFile:
    """Keep a paper of an activity, which lies in the store already."""
    row = _standing(code, by)
    given = list_files(row.id)
    if any(each.file.digest == document.digest for each in given):
        raise PaperGiven(name=document.file_name)
    if len(given) >= MOST_FILES:
        raise TooManyPapers
    file = note_file(document, by=by, at=at)
    db.session.add(ActivityFile(file_id=file.id, activity_id=row.id, added_at=at))
    _noted("outreach.paper_added", code, by, at, {"file": document.file_name})
    return file


def remove_paper(*, code: str, file: str, by: Actor, at: datetime) -> None:
    """Take a paper of an activity away."""
    given = get_file(_standing(code, by).id, file)
    name = given.file.file_name
    db.session.delete(given)
    db.session.flush()
    drop_file(given.file, at=at)
    _noted("outreach.paper_removed", code, by, at, {"file": name})


def _standing(code: str, by: Actor) -> Activity:
    if not KEEP_ACTIVITIES.held_by(by):
        raise Forbidden
    row = get_activity(code, by=by, hold=True)
    if row.withdrawn_at is not None:
        raise Withdrawn
    return row


def _keep(row: Activity, facts: ActivityFacts, action: str, by: Actor, at: datetime) -> Activity:
    if not KEEP_ACTIVITIES.held_by(by):
        raise Forbidden
    unit = _unit(facts.unit, by)
    wrong = _wrong(facts, day_of(at)) | ({} if unit else {"unit": N_("Chọn đơn vị tổ chức.")})
    if unit is None or wrong:
        raise Invalid(wrong)
    row.unit_id, row.kind, row.held_on, row.people = unit.id, facts.kind, facts.held_on, facts.people
    row.title, row.audience = nfc(facts.title)[:200], nfc(facts.audience)[:200]
    row.place, row.note = nfc(facts.place)[:200], facts.note
    db.session.add(row)
    db.session.flush()
    said = {"kind": facts.kind.value, "people": facts.people, "held_on": facts.held_on.isoformat(), "unit": facts.unit}
    _noted(action, row.code, by, at, said)
    return row


def _unit(mark: str, by: Actor) -> AdministrativeUnit | None:
    system, _colon, code = mark.partition(":")
    unit = AdministrativeUnit
    query = select(unit).where(unit.system == system, unit.code == code, units_within(by, unit.id))
    return db.session.scalar(query)


def _wrong(facts: ActivityFacts, today: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not nfc(facts.title):
        wrong["title"] = N_("Ghi tên hoạt động.")
    if not nfc(facts.audience):
        wrong["audience"] = N_("Ghi hoạt động dành cho ai.")
    if facts.held_on > today:
        wrong["held_on"] = N_("Chưa diễn ra thì chưa ghi được.")
    elif facts.held_on < FIRST_DAY:
        wrong["held_on"] = N_("Chương trình bắt đầu từ tháng 5/2018.")
    if not 0 <= facts.people <= MOST_PEOPLE:
        wrong["people"] = N_("Số người từ 0 đến 10 triệu.")
    return wrong


def _noted(action: str, code: str, by: Actor, at: datetime, detail: Mapping[str, object]) -> None:
    record(by=by, action=action, subject_type="activity", subject=code, at=at, detail=detail)
    db.session.flush()
