"""Exhibitors and visitors say what they think of a fair."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors.queries import get_own_stand
from marketplace.trade.fair_reports.models import LONGEST_WORDS, FairFeedback
from marketplace.trade.fair_reports.policies import SEE_OWN_PART
from marketplace.trade.fair_reports.queries import find_feedback
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.visitors.models import TicketState
from marketplace.trade.visitors.queries import get_ticket

ASKING = frozenset({EditionState.RUNNING, EditionState.CLOSED})  # when people are asked what they think


class NotAsking(Conflict):
    """Opinions are taken from the opening until the report is given."""

    code = "feedback_closed"
    message = N_("Chỉ nhận ý kiến từ lúc hội chợ khai mạc đến khi chốt báo cáo.")


class NotAVisitor(Conflict):
    """The ticket is cancelled or not paid for."""

    code = "feedback_ticket"
    message = N_("Vé này chưa trả tiền hoặc đã hủy nên không gửi ý kiến được.")


def rate_as_exhibitor(*, edition: str, rating: int, words: str, by: Actor, at: datetime) -> FairFeedback:
    """A confirmed exhibitor's stars and words, or NotFound; given again, they replace the earlier ones."""
    if not SEE_OWN_PART.held_by(by):
        raise Forbidden
    stand = get_own_stand(edition, by=by)
    there = _asking(edition, rating)
    row = find_feedback(application_id=stand.id) or FairFeedback(edition_id=there.id, application_id=stand.id)
    record(by=by, action="fair.rated", subject_type="fair", subject=edition, at=at, detail={"rating": rating})
    return _keep(row, rating, words, at)


def rate_as_visitor(*, code: str, ticket: str, rating: int, words: str, at: datetime) -> FairFeedback:
    """Stars and words of the ticket's holder, whom the caller knows by the link; given again, they replace."""
    there = _asking(code, rating)
    row = get_ticket(there.id, ticket)
    if row.state is not TicketState.VALID:
        raise NotAVisitor
    said = find_feedback(ticket_id=row.id) or FairFeedback(edition_id=there.id, ticket_id=row.id)
    return _keep(said, rating, words, at)


def _asking(code: str, rating: int) -> Edition:
    """The edition, held: nobody reports it meanwhile, and two forms of one person come one after the other."""
    edition = get_edition(code, hold=True)
    if edition.state not in ASKING:
        raise NotAsking
    if not 1 <= rating <= 5:
        raise Invalid({"rating": N_("Chọn từ 1 đến 5 sao.")})
    return edition


def _keep(row: FairFeedback, rating: int, words: str, at: datetime) -> FairFeedback:
    row.rating, row.words, row.at = rating, nfc(words)[:LONGEST_WORDS], at
    db.session.add(row)
    db.session.flush()
    return row
