"""A producer answers an offer: takes the place or declines; what is not answered in time lapses."""

from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.errors import Conflict, NotFound
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors import mails
from marketplace.trade.exhibitors.goods import may_show
from marketplace.trade.exhibitors.models import Application, ApplicationState
from marketplace.trade.exhibitors.queries import find_own, find_row, open_edition
from marketplace.trade.exhibitors.services.steps import ANSWERED, WAITING_LIST, NothingToShow, NotNow, free, step
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.queries import get_edition


class OfferOver(Conflict):
    """The offer's time is over; its place goes to the next in line."""

    code = "offer_over"
    message = N_("Lời mời đã quá hạn trả lời; chỗ chuyển cho người chờ.")


def confirm(*, code: str, by: Actor, at: datetime) -> Application:
    """Take the place that is offered, in time; NothingToShow where what it brings may not be shown any more."""
    edition, row = _offered(code, by)
    if row.answer_until is not None and row.answer_until < at:
        raise OfferOver
    if not may_show(edition, row):
        raise NothingToShow(name=row.producer.name)
    row.answered_at = at
    step(row, ApplicationState.CONFIRMED, by=by, at=at)
    return row


def decline(*, code: str, home: str, by: Actor, at: datetime) -> Application:
    """Decline the place: it is offered to the next in line."""
    edition, row = _offered(code, by)
    row.answered_at = at
    step(row, ApplicationState.DECLINED, by=by, at=at)
    free(row, edition, home=home, at=at)
    return row


def lapse(*, code: str, application_id: int, home: str, at: datetime) -> bool:
    """An offer whose time is over lapses, the producer is told, the next in line is offered the place.

    Answers whether it did: of two workers one does.
    """
    edition = get_edition(code, hold=True)
    row = find_row(application_id, hold=True)
    if not _overdue(row, at):
        return False
    step(row, ApplicationState.LAPSED, by=WAITING_LIST, at=at)
    mails.decided(row, at=at)
    free(row, edition, home=home, at=at)
    return True


def _overdue(row: Application, at: datetime) -> bool:
    return row.state is ApplicationState.OFFERED and row.answer_until is not None and row.answer_until < at


def _offered(code: str, by: Actor) -> tuple[Edition, Application]:
    """The acting producer's own offer, held, while the fair is ahead."""
    edition = open_edition(code, hold=True)
    row = find_own(edition.id, by=by, hold=True)
    if row is None:
        raise NotFound
    if edition.state not in ANSWERED or not _stands(row):
        raise NotNow
    return edition, row


def _stands(row: Application) -> bool:
    return row.state is ApplicationState.OFFERED
