"""What every verb of an application shares: the edition held first, steps along the table, places offered and freed."""

from datetime import datetime

from sqlalchemy import func, select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.clock import midnight
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors import mails
from marketplace.trade.exhibitors.goods import may_show
from marketplace.trade.exhibitors.models import TRANSITIONS, Application, ApplicationState, Decision, Placing
from marketplace.trade.exhibitors.queries import list_waiting, marks_of_placed
from marketplace.trade.exhibitors.rules import answer_until, full, taken
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.rules import marks_of

JUDGED = frozenset({EditionState.SELECTION, EditionState.ALLOCATED})  # decisions are published, places offered
ANSWERED = frozenset({EditionState.OPEN, EditionState.SELECTION, EditionState.ALLOCATED})
LONGEST_REASON = 300
WAITING_LIST = system("waiting-list")


class NotNow(Conflict):
    """From where it stands the application cannot go there."""

    code = "application_state"
    message = N_("Đơn đăng ký đang ở bước khác nên chưa làm được việc này. Hãy tải lại trang.")


class NothingToShow(Conflict):
    """Nothing that the exhibitor brings may be shown: a certificate was withdrawn since, or the exhibitor suspended."""

    code = "nothing_to_show"
    message = N_("Không sản phẩm nào %(name)s mang tới còn đủ điều kiện dự hội chợ này. Chưa có gì được ghi.")


def step(row: Application, to: ApplicationState, *, by: Actor, at: datetime, **detail: object) -> None:
    """Take a step; NotNow where the table has none. What was pending is settled by it. The caller holds the edition."""
    if to not in TRANSITIONS[row.state]:
        raise NotNow
    row.state, row.pending = to, None
    if to is not ApplicationState.WAITING:
        row.wait_number = None
    db.session.flush()
    note(row, to.value, by=by, at=at, **detail)


def note(row: Application, verb: str, *, by: Actor, at: datetime, **detail: object) -> None:
    """Write down what was done to an application."""
    action = f"exhibitor.{verb}"
    record(by=by, action=action, subject_type="exhibitor", subject=row.code, at=at, detail=detail or None)


def release(row: Application, *, at: datetime) -> None:
    """Its booth is free again."""
    live = (Placing.application_id == row.id, Placing.released_at.is_(None))
    db.session.execute(update(Placing).where(*live).values(released_at=at))


def free(row: Application, edition: Edition, *, home: str, at: datetime) -> Application | None:
    """It comes no more: its booth is released and its place offered to the next in line, who is the answer."""
    release(row, at=at)
    return offer_next(edition, home=home, at=at)


def offer_next(edition: Edition, *, home: str, at: datetime) -> Application | None:
    """Offer one place to the first on the waiting list who has something to show and room in its quotas, in time."""
    if edition.state not in JUDGED or at >= midnight(edition.first_day):
        return None
    used = taken(marks_of_placed(edition.id, home=home))
    for row in list_waiting(edition.id):
        marks = marks_of(row.producer.commune, province_code=home)
        if row.pending is not Decision.REJECT and not over(edition, marks, used) and may_show(edition, row):
            offer(row, edition, by=WAITING_LIST, at=at)
            return row
    return None


def over(edition: Edition, marks: tuple[str, ...], used: dict[str, int]) -> tuple[str, ...]:
    """The places that would hold more than the edition's quotas say, were one more taken in."""
    return full(marks, used=used, quotas={quota.place: quota.most for quota in edition.quotas})


def offer(row: Application, edition: Edition, *, by: Actor, at: datetime) -> None:
    """Offer a place until the edition's days are over, and say so."""
    row.answer_until = answer_until(at, days=edition.answer_days, first_day=edition.first_day)
    row.reason, row.decided_at, row.answered_at = "", at, None
    step(row, ApplicationState.OFFERED, by=by, at=at)
    mails.decided(row, at=at)


def next_number(edition_id: int) -> int:
    """The end of the waiting list."""
    last = select(func.max(Application.wait_number)).where(Application.edition_id == edition_id)
    return (db.session.scalar(last) or 0) + 1
