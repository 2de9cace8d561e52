"""The worker's part: offers that lapse, reminders, and what an edition's steps mean to producers."""

from datetime import datetime

from sqlalchemy import select

from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, transaction
from marketplace.trade.exhibitors import mails
from marketplace.trade.exhibitors.goods import list_invited
from marketplace.trade.exhibitors.models import TRANSITIONS, ApplicationState, ToldStep
from marketplace.trade.exhibitors.queries import list_near_lapse, list_overdue, list_to_tell
from marketplace.trade.exhibitors.services.answering import lapse
from marketplace.trade.exhibitors.services.steps import release, step
from marketplace.trade.fairs.models import Edition, EditionState, EditionStep
from marketplace.trade.fairs.queries import get_edition

AT_ONCE = 50  # letters in one block, so that others may write between
BY = system("fairs")


def watch(at: datetime, *, home: str) -> int:
    """What the worker does about exhibitors; answers how many offers lapsed and steps were told."""
    return lapse_overdue(at, home=home) + remind(at) + tell_steps(at)


def lapse_overdue(at: datetime, *, home: str) -> int:
    """Every offer whose time is over lapses, each in a block of its own."""
    lapsed = 0
    for code, application_id in list_overdue(at):
        with transaction():
            lapsed += lapse(code=code, application_id=application_id, home=home, at=at)
    return lapsed


def remind(at: datetime) -> int:
    """The day before an offer ends, write to whoever has not answered; once by the letter's key."""
    for each in list_near_lapse(at):
        with transaction():
            mails.near(each, at=at)
    return 0


def tell_steps(at: datetime) -> int:
    """Say what each step of an edition means to producers, once."""
    untold = _untold()
    for step_id, code, entered, words in untold:
        if entered is EditionState.OPEN:
            _invite(code, at)
        with transaction():
            if entered is EditionState.CANCELLED:
                _call_off(get_edition(code, hold=True), words, at)
            if db.session.get(ToldStep, step_id) is None:
                db.session.add(ToldStep(step_id=step_id, told_at=at))
    return len(untold)


def _untold() -> list[tuple[int, str, EditionState, str]]:
    query = (
        select(EditionStep.id, Edition.code, EditionStep.entered, EditionStep.note)
        .join(Edition, Edition.id == EditionStep.edition_id)
        .where(~select(ToldStep.step_id).where(ToldStep.step_id == EditionStep.id).exists())
        .order_by(EditionStep.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)]


def _invite(code: str, at: datetime) -> None:
    """Write to whoever has a product that fits; each letter once, however often the edition is opened."""
    edition = get_edition(code)
    if edition.state is not EditionState.OPEN:
        return
    invited = list_invited(edition)
    for first in range(0, len(invited), AT_ONCE):
        with transaction():
            for each in invited[first : first + AT_ONCE]:
                mails.opened(edition, each, at=at)


def _call_off(edition: Edition, reason: str, at: datetime) -> None:
    """Every application ends with its edition, booths are free, everybody who had begun one is told."""
    for row in list_to_tell(edition.id):
        if ApplicationState.CANCELLED in TRANSITIONS[row.state]:
            release(row, at=at)
            row.reason, row.decided_at = reason, at
            step(row, ApplicationState.CANCELLED, by=BY, at=at, reason=reason)
        mails.called_off(row, reason=reason, at=at)
