"""Taking, handing over, giving back. That the work waits, and that `by` may do it, the caller has made sure of."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from marketplace.office.worklist.models import WorkClaim
from marketplace.office.worklist.queries import colleagues
from marketplace.people.accounts.models import Role, User
from marketplace.people.accounts.policies import ENTER_OFFICE
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, make_once, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.words import N_


class TakenAlready(Conflict):
    """Somebody was there first."""

    code = "taken_already"
    message = N_("Người khác vừa nhận việc này.")


class NotYours(Conflict):
    """Only whoever has it hands it on or gives it back; an administrator may give back anybody's."""

    code = "not_your_work"
    message = N_("Việc này không ở tay bạn.")


def take(*, kind: str, item: str, since: datetime, by: Actor, at: datetime) -> None:
    """Take a piece of work: of two who try at once one has it, the other is told TakenAlready."""
    _check_right(by)
    _claim(kind, item, since, by.user_id or 0, at)
    record(by=by, action="work.taken", subject_type=kind, subject=item, at=at)


def hand_over(*, kind: str, item: str, since: datetime, to: str, by: Actor, at: datetime) -> None:
    """Give one's work to a colleague, named by code, who may do it: that the caller has made sure of.

    An administrator gives anybody's, and what nobody has.
    """
    _check_right(by)
    colleague = next((each for each in colleagues(by=by) if each.code == to), None)
    if colleague is None:
        raise Invalid({"to": N_("Chọn một mục trong danh sách.")})
    if by.role == Role.ADMIN:
        db.session.execute(delete(WorkClaim).where(WorkClaim.kind == kind, WorkClaim.item == item))
        _claim(kind, item, since, colleague.id, at)
    else:
        own = WorkClaim.kind == kind, WorkClaim.item == item, WorkClaim.officer_id == by.user_id
        if rows_changed(update(WorkClaim).where(*own).values(officer_id=colleague.id, taken_at=at)) != 1:
            raise NotYours
    record(by=by, action="work.handed_over", subject_type=kind, subject=item, at=at, detail={"to": colleague.code})


def give_back(*, kind: str, item: str, by: Actor, at: datetime) -> None:
    """Let anybody take it again."""
    _check_right(by)
    freed = delete(WorkClaim).where(WorkClaim.kind == kind, WorkClaim.item == item)
    if by.role != Role.ADMIN:
        freed = freed.where(WorkClaim.officer_id == by.user_id)
    if rows_changed(freed) != 1:
        raise NotYours
    record(by=by, action="work.given_back", subject_type=kind, subject=item, at=at)


def _claim(kind: str, item: str, since: datetime, officer_id: int, at: datetime) -> None:
    """What was claimed when it waited before, or by somebody whose account is closed, holds nobody up."""
    gone = select(User.id).where(User.disabled_at.is_not(None))
    void = or_(WorkClaim.since != since, WorkClaim.officer_id.in_(gone))
    db.session.execute(delete(WorkClaim).where(WorkClaim.kind == kind, WorkClaim.item == item, void))
    if not make_once(WorkClaim, kind=kind, item=item, since=since, officer_id=officer_id, taken_at=at):
        raise TakenAlready


def _check_right(by: Actor) -> None:
    if not ENTER_OFFICE.held_by(by):
        raise Forbidden
