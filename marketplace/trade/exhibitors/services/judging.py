"""The office sets criteria, scores, and says beforehand what it means to decide."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors.models import (
    TO_JUDGE,
    TRANSITIONS,
    Application,
    ApplicationState,
    Criterion,
    Decision,
    Score,
)
from marketplace.trade.exhibitors.queries import get_application, list_applications, list_criteria
from marketplace.trade.exhibitors.services.steps import LONGEST_REASON, NotNow, note
from marketplace.trade.fairs.models import PLANNED, Edition
from marketplace.trade.fairs.services.steps import office_edition

MOST_CRITERIA = 12
TARGETS = {
    Decision.OFFER: ApplicationState.OFFERED,
    Decision.WAIT: ApplicationState.WAITING,
    Decision.REJECT: ApplicationState.REJECTED,
}


class CriteriaFixed(Conflict):
    """Somebody was scored by them, or places are given."""

    code = "criteria_fixed"
    message = N_("Đã có điểm chấm theo các tiêu chí này, hoặc đã chốt gian, nên không sửa tiêu chí được nữa.")


def set_criteria(*, code: str, criteria: Sequence[tuple[str, str, int]], by: Actor, at: datetime) -> None:
    """What applications are scored by: name, name in English, most points; until the first score is given."""
    edition = office_edition(code, by)
    if edition.state not in PLANNED or _scored(edition):
        raise CriteriaFixed
    if len(criteria) > MOST_CRITERIA or any(not nfc(name) or not 1 <= most <= 100 for name, _name_en, most in criteria):
        raise Invalid({"criteria": N_("Mỗi tiêu chí cần tên và điểm từ 1 đến 100; nhiều nhất 12 tiêu chí.")})
    db.session.execute(delete(Criterion).where(Criterion.edition_id == edition.id))
    for number, (name, name_en, most) in enumerate(criteria):
        row = Criterion(edition_id=edition.id, number=number, name=nfc(name)[:200], name_en=nfc(name_en)[:200])
        row.most = most
        db.session.add(row)
    detail = {"criteria": len(criteria)}
    record(by=by, action="fair.criteria", subject_type="fair", subject=edition.code, at=at, detail=detail)


def _scored(edition: Edition) -> bool:
    query = select(func.count()).select_from(Score).join(Criterion, Criterion.id == Score.criterion_id)
    return bool(db.session.scalar(query.where(Criterion.edition_id == edition.id)))


def score_application(
    *, code: str, application: str, points: Mapping[int, int], note_given: str = "", by: Actor, at: datetime
) -> Application:
    """The acting officer's points of every criterion, by its number; given again, the last ones count."""
    edition = office_edition(code, by)
    row = get_application(edition.id, application, hold=True)
    if row.state not in TO_JUDGE:
        raise NotNow
    criteria = list_criteria(edition.id)
    wrong = {
        f"points-{each.number}": N_("Từ 0 đến điểm cao nhất của tiêu chí.")
        for each in criteria
        if not 0 <= points.get(each.number, -1) <= each.most
    }
    if wrong or not criteria:
        raise Invalid(wrong or {"": N_("Đặt tiêu chí trước khi chấm.")})
    given = (Score.application_id == row.id, Score.officer_id == (by.user_id or 0))
    db.session.execute(delete(Score).where(*given))
    for each in criteria:
        score = Score(application_id=row.id, criterion_id=each.id, officer_id=by.user_id or 0)
        score.points, score.note, score.scored_at = points[each.number], nfc(note_given)[:300], at
        db.session.add(score)
    db.session.flush()
    note(row, "scored", by=by, at=at, points=sum(points[each.number] for each in criteria))
    return row


def mark_pending(
    *, code: str, applications: Collection[str], decision: Decision | None, reason: str = "", by: Actor, at: datetime
) -> int:
    """What the office means to decide about these, told to nobody until published; None takes it back.

    Rejecting needs a reason, which the producer reads. Raises NotNow where one cannot be decided so, and marks none.
    """
    edition = office_edition(code, by)
    wanted = set(applications)
    rows = [row for row in list_applications(edition.id) if row.code in wanted]
    if len(rows) < len(wanted):
        raise NotFound
    if not rows:
        raise Invalid({"applications": N_("Chọn ít nhất một đơn.")})
    words = nfc(reason)[:LONGEST_REASON]
    if decision is Decision.REJECT and not words:
        raise Invalid({"reason": N_("Ghi lý do; nơi làm sẽ đọc được.")})
    for row in rows:
        if decision is not None and TARGETS[decision] not in TRANSITIONS[row.state]:
            raise NotNow
        row.pending = decision
        if row.state in TO_JUDGE:
            row.reason = words if decision is Decision.REJECT else ""
        note(row, "pending", by=by, at=at, decision=decision.value if decision else "")
    return len(rows)
