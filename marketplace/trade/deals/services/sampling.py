"""Samples: sent by the producer, received and judged by the buyer, one after another."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.trade.deals.models import EventKind, Sample, Side, Stage
from marketplace.trade.deals.queries.signed import newest_sample
from marketplace.trade.deals.services.steps import NotNow, held_deal, read_words, step


@dataclass(frozen=True)
class Judgement:
    """What the buyer says of a sample: a rating from 1 to 5, and words."""

    rating: int | None
    taste: str = ""
    packaging: str = ""
    label: str = ""
    price: str = ""


def send_sample(*, code: str, what: str, carrier: str, tracking_number: str, by: Actor, at: datetime) -> Sample:
    """The producer says what it sent, by whom; the one before has arrived by then, else NotNow."""
    deal, side = held_deal(code, by=by, side=Side.PRODUCER)
    before = newest_sample(deal.id)
    if before is not None and before.received_on is None:
        raise NotNow
    wrong = {}
    if not what.strip():
        wrong["what"] = N_("Ghi hàng mẫu là gì, bao nhiêu.")
    if not carrier.strip():
        wrong["carrier"] = N_("Ghi đơn vị vận chuyển.")
    if wrong:
        raise Invalid(wrong)
    row = Sample(
        deal_id=deal.id,
        what=read_words(what)[:200],
        carrier=read_words(carrier)[:80],
        tracking_number=read_words(tracking_number)[:60],
        sent_on=day_of(at),
    )
    db.session.add(row)
    words = f"{row.what} ({row.carrier} {row.tracking_number})".replace(" )", ")")
    step(deal, EventKind.SAMPLE, side, by=by, at=at, words=words, reached=Stage.SAMPLE, turn=Side.BUYER)
    return row


def receive_sample(*, code: str, by: Actor, at: datetime) -> None:
    """The buyer says that the sample sent last has arrived, once."""
    deal, side = held_deal(code, by=by, side=Side.BUYER)
    row = newest_sample(deal.id)
    on_its_way = update(Sample).where(Sample.id == (row.id if row else None), Sample.received_on.is_(None))
    if rows_changed(on_its_way.values(received_on=day_of(at))) != 1:
        raise NotNow
    step(deal, EventKind.SAMPLE, side, by=by, at=at, turn=Side.BUYER)


def judge_sample(*, code: str, judgement: Judgement, by: Actor, at: datetime) -> None:
    """The buyer says what it thinks of the sample that arrived last, once."""
    deal, side = held_deal(code, by=by, side=Side.BUYER)
    if judgement.rating is None or not 1 <= judgement.rating <= 5:
        raise Invalid({"rating": N_("Chọn từ 1 đến 5.")})
    row = newest_sample(deal.id)
    if row is None or row.received_on is None or row.rating is not None:
        raise NotNow
    row.rating = judgement.rating
    for name in ("taste", "packaging", "label", "price"):
        setattr(row, name, read_words(getattr(judgement, name), name=name)[:500])
    step(deal, EventKind.SAMPLE, side, by=by, at=at, words=f"{row.rating}/5", turn=Side.PRODUCER)
