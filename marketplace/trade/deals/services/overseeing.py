"""The office: taking a deal in charge, noting, reminding whose turn it is."""

from datetime import datetime, timedelta

from marketplace.people.accounts.models import User
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden
from marketplace.platform.core.words import N_
from marketplace.trade.deals import mails
from marketplace.trade.deals.models import Deal, DealEvent, EventKind, Side
from marketplace.trade.deals.policies import OVERSEE_DEALS
from marketplace.trade.deals.queries import get_deal, get_within
from marketplace.trade.deals.services.steps import DealEnded, read_words

REMIND_AGAIN = timedelta(days=3)


class InCharge(Conflict):
    """Another officer has the deal in charge; an administrator may take it over."""

    code = "deal_in_charge"
    message = N_("Thương vụ này đã có cán bộ khác phụ trách.")


class NobodyWaited(Conflict):
    """Nobody is waited for, or the reminder was sent less than three days ago."""

    code = "nobody_to_remind"
    message = N_("Không có ai để nhắc lúc này: chưa đến lượt ai, hoặc đã nhắc trong ba ngày qua.")


def take_charge(*, code: str, by: Actor, at: datetime) -> None:
    """The acting officer takes a deal in charge, and reads what stands inside from now on; both parties are told.

    Raises InCharge where another officer has it, unless an administrator takes it over. Taken again it changes nothing.
    """
    deal = _overseen(code, by)
    if deal.officer_id == by.user_id:
        return
    if deal.officer_id is not None and by.role != "admin":
        raise InCharge
    deal.officer_id = by.user_id
    deal.officer = db.session.get(User, by.user_id)
    event = _written(deal, EventKind.CHARGE, "", by=by, at=at)
    _tell(deal, event, at)


def add_note(*, code: str, words: str, by: Actor, at: datetime) -> None:
    """Write down what only the office reads; by the officer in charge."""
    _overseen(code, by)
    deal = get_within(code, by=by, hold=True)
    said = read_words(words, least=N_("Viết điều cần ghi."))
    _written(deal, EventKind.NOTE, said, by=by, at=at)


def remind(*, code: str, by: Actor, at: datetime) -> None:
    """Write to the side that is waited for, at most once in three days. What the deal waits for does not change."""
    deal = _overseen(code, by)
    if not deal.open:
        raise DealEnded
    if deal.turn is None or (deal.reminded_at is not None and at - deal.reminded_at < REMIND_AGAIN):
        raise NobodyWaited
    deal.reminded_at = at
    event = _written(deal, EventKind.REMINDED, "", by=by, at=at)
    mails.moved(deal, event, to=deal.turn, at=at)


def _overseen(code: str, by: Actor) -> Deal:
    if not OVERSEE_DEALS.held_by(by):
        raise Forbidden
    return get_deal(code, by=by, hold=True)


def _written(deal: Deal, kind: EventKind, words: str, *, by: Actor, at: datetime) -> DealEvent:
    """An event of the office's: it is no step, so that what is stuck stays so."""
    event = DealEvent(
        deal_id=deal.id, kind=kind, side=Side.OFFICE, stage=deal.stage, actor_name=by.name, words=words, at=at
    )
    db.session.add(event)
    db.session.flush()
    record(by=by, action=f"deal.{kind}", subject_type="deal", subject=deal.code, at=at)
    return event


def _tell(deal: Deal, event: DealEvent, at: datetime) -> None:
    for side in (Side.BUYER, Side.PRODUCER):
        mails.moved(deal, event, to=side, at=at)
