"""One step on a deal's road: taken on the held deal, written down, told to the other side."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.deals import mails
from marketplace.trade.deals.models import Deal, DealEvent, EventKind, Side, Stage
from marketplace.trade.deals.queries import get_within, side_of
from marketplace.trade.deals.rules import LONGEST_WORDS, onward
from marketplace.trade.distributors.models import Standing


class DealEnded(Conflict):
    """The road has ended; nothing more happens on it."""

    code = "deal_ended"
    message = N_("Thương vụ này đã kết thúc nên không làm thêm được gì.")


class NotNow(Conflict):
    """Where the deal stands, this cannot be done."""

    code = "deal_state"
    message = N_("Thương vụ vừa đổi so với lúc bạn mở trang. Hãy tải lại trang để xem.")


class PartySuspended(Conflict):
    """The province has suspended one of the two: they may talk and end it, but agree on nothing new."""

    code = "deal_party_suspended"
    message = N_("Tỉnh đang tạm ngừng một trong hai bên nên chưa báo giá, đồng ý hay đặt hàng được.")


def check_parties(deal: Deal) -> None:
    """Raises PartySuspended unless both may bind themselves today."""
    if deal.distributor.standing is Standing.SUSPENDED or deal.producer.verified_at is None:
        raise PartySuspended


def held_deal(code: str, *, by: Actor, side: Side | None = None) -> tuple[Deal, Side]:
    """A deal that is open, held until the block ends, with the party that the actor is of it.

    NotFound for who is no party, Forbidden for the office and for the other side than `side`, DealEnded afterwards.
    """
    deal = get_within(code, by=by, hold=True)
    own = side_of(by)
    if own is Side.OFFICE or (side is not None and own is not side):
        raise Forbidden
    if not deal.open:
        raise DealEnded
    return deal, own


def step(
    deal: Deal,
    kind: EventKind,
    side: Side,
    *,
    by: Actor,
    at: datetime,
    words: str = "",
    reached: Stage | None = None,
    turn: Side | None = None,
    tell: bool = True,
) -> DealEvent:
    """Take a held deal a step further: on to `reached` where it was not beyond, with `turn` the side now waited for."""
    if reached is not None:
        deal.stage = onward(deal.stage, reached)
    deal.moved_at, deal.turn, deal.reminded_at = at, turn, None
    event = DealEvent(deal_id=deal.id, kind=kind, side=side, stage=deal.stage, actor_name=by.name, words=words, at=at)
    db.session.add(event)
    db.session.flush()
    record(by=by, action=f"deal.{kind}", subject_type="deal", subject=deal.code, at=at)
    if tell:
        for other in (Side.BUYER, Side.PRODUCER) if side is Side.OFFICE else (side.other,):
            mails.moved(deal, event, to=other, at=at)
    return event


def read_words(words: str, *, name: str = "words", least: str = "") -> str:
    """What a person typed, tidied; Invalid where it is too long, or empty and `least` says why it may not be."""
    said = nfc(words).strip()
    if least and not said:
        raise Invalid({name: least})
    if len(said) > LONGEST_WORDS:
        raise Invalid({name: N_("Dài nhất 4.000 ký tự.")})
    return said
