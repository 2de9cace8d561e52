"""An edition goes from draft to reported, one step at a time; every step is a row that others read."""

from datetime import datetime

from sqlalchemy import func, select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import announce, db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.fairs.models import TRANSITIONS, Edition, EditionState, EditionStep
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition

TOPIC = "fairs"
BY_HAND = frozenset(EditionState) - {EditionState.DRAFT, EditionState.ALLOCATED}  # places are published elsewhere


class NotThisStep(Conflict):
    """From where it stands the edition cannot go there, or not yet."""

    code = "fair_state"
    message = N_("Hội chợ đang ở bước khác nên chưa làm được việc này. Hãy tải lại trang.")


class WindowOver(Conflict):
    """The applications' last day is gone, so opening would invite nobody."""

    code = "window_over"
    message = N_("Hạn nộp đăng ký đã qua. Đặt lại hạn trước khi mở.")


class TooEarly(Conflict):
    """Not before its first day."""

    code = "too_early"
    message = N_("Chưa đến ngày khai mạc.")


def office_edition(code: str, by: Actor) -> Edition:
    """An edition that an officer works on, held until the block ends; Forbidden to others."""
    if not RUN_FAIRS.held_by(by):
        raise Forbidden
    return get_edition(code, hold=True)


def move(*, code: str, to: EditionState, note: str = "", by: Actor, at: datetime) -> Edition:
    """A step that an officer takes by hand; cancelling needs a reason, which those concerned read."""
    edition = office_edition(code, by)
    if to not in BY_HAND:
        raise NotThisStep
    if to is EditionState.OPEN and edition.applications_until <= at:
        raise WindowOver
    if to is EditionState.RUNNING and day_of(at) < edition.first_day:
        raise TooEarly
    if to is EditionState.CANCELLED and not nfc(note):
        raise Invalid({"note": N_("Ghi lý do hủy; mọi người liên quan sẽ đọc được.")})
    return step_to(edition, to, note=note, by=by, at=at)


def step_to(edition: Edition, to: EditionState, *, note: str = "", by: Actor, at: datetime) -> Edition:
    """Take the step, and write it down for those who tell their people. The caller holds the edition."""
    if to not in TRANSITIONS[edition.state]:
        raise NotThisStep
    newest = db.session.scalar(select(func.max(EditionStep.number)).where(EditionStep.edition_id == edition.id))
    step = EditionStep(edition_id=edition.id, number=(newest or 0) + 1, left=edition.state, entered=to)
    step.note, step.at, step.by = nfc(note)[:300], at, by.name
    edition.state = to
    db.session.add(step)
    db.session.flush()
    record(by=by, action=f"fair.{to.value}", subject_type="fair", subject=edition.code, at=at)
    announce(TOPIC)
    return edition
