"""Saying what one wishes, setting the weights, counting what was shown."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update

from marketplace.people.producers.models import Producer
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.words import N_
from marketplace.trade.distributors.models import Distributor, Standing
from marketplace.trade.matching import mails
from marketplace.trade.matching.mails import Words
from marketplace.trade.matching.models import SHOWN, MatchWeights, PartyWish
from marketplace.trade.matching.pairing import Match, NearMiss, Wish, subject_of
from marketplace.trade.matching.policies import RUN_MATCHMAKING, SEE_DEMANDS_MATCHED, SEE_OWN_OFFERS_MATCHED
from marketplace.trade.matching.queries import own_distributor_id, own_producer_id
from marketplace.trade.matching.score import Weights, check_weights

LONGEST_REASON = 300


def wish_producer(*, slug: str, wish: Wish | None, reason: str = "", by: Actor, at: datetime) -> None:
    """The acting distributor says what it wishes of a verified producer; None takes it back."""
    if not SEE_OWN_OFFERS_MATCHED.held_by(by):
        raise Forbidden
    producer_id = db.session.scalar(select(Producer.id).where(Producer.slug == slug, Producer.verified_at.is_not(None)))
    _say(own_distributor_id(by), producer_id, True, wish, reason, by=by, at=at)


def wish_distributor(*, slug: str, wish: Wish | None, reason: str = "", by: Actor, at: datetime) -> None:
    """The acting producer says what it wishes of a verified distributor; None takes it back."""
    if not SEE_DEMANDS_MATCHED.held_by(by):
        raise Forbidden
    distributor_id = db.session.scalar(
        select(Distributor.id)
        .join(Distributor.organisation)
        .where(Distributor.organisation.has(slug=slug), Distributor.standing == Standing.VERIFIED)
    )
    _say(distributor_id, own_producer_id(by), False, wish, reason, by=by, at=at)


def _say(
    distributor_id: int | None,
    producer_id: int | None,
    by_buyer: bool,
    wish: Wish | None,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    if distributor_id is None or producer_id is None:
        raise NotFound
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": N_("Lý do dài nhất 300 ký tự.")})
    row = db.session.get(PartyWish, (distributor_id, producer_id, by_buyer), with_for_update=True)
    if wish is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        row = PartyWish(distributor_id=distributor_id, producer_id=producer_id, by_buyer=by_buyer)
        row.wish, row.reason, row.said_at = wish, reason.strip(), at
        db.session.add(row)
    else:
        row.wish, row.reason, row.said_at = wish, reason.strip(), at
    db.session.flush()
    subject = f"{distributor_id}:{producer_id}"
    detail = {"wish": wish.value if wish else "", "by": "buyer" if by_buyer else "producer"}
    record(by=by, action="match.wished", subject_type="party_pair", subject=subject, at=at, detail=detail)


def set_weights(*, weights: Weights, note: str, by: Actor, at: datetime) -> MatchWeights:
    """A new version of the weights; the ones before stay, and campaigns that began with them keep them."""
    if not RUN_MATCHMAKING.held_by(by):
        raise Forbidden
    check_weights(weights)
    number = (db.session.scalar(select(func.max(MatchWeights.number))) or 0) + 1
    row = MatchWeights(
        number=number,
        buyer={part.value: weight for part, weight in weights.buyer.items()},
        producer={part.value: weight for part, weight in weights.producer.items()},
        note=note.strip()[:LONGEST_REASON],
        made_by=by.name,
        made_at=at,
    )
    db.session.add(row)
    db.session.flush()
    record(by=by, action="match.weights_set", subject_type="match_weights", subject=str(number), at=at)
    return row


def tell_makers(*, near: NearMiss, words: Words, by: Actor, at: datetime) -> int:
    """Write to every producer that one gate alone keeps from buyers: what to do, and how many would open.

    Answers to how many producers; one that was told of this gate in the same month gets no second letter.
    """
    if not RUN_MATCHMAKING.held_by(by):
        raise Forbidden
    told = near.told
    for producer in db.session.scalars(select(Producer).where(Producer.id.in_(list(told))).order_by(Producer.id)):
        mails.near_miss(producer, gate=near.gate, buyers=told[producer.id], words=words, at=at)
    detail = {"producers": len(told)}
    record(by=by, action="match.makers_told", subject_type="gate", subject=near.gate, at=at, detail=detail)
    return len(told)


def count_shown(matches: Iterable[Match], *, side: str) -> None:
    """Each offer ("offer") or demand ("demand") of a list was shown once more, in ascending order."""
    table = SHOWN[side]
    for row_id, times in sorted(Counter(subject_of(each, side) for each in matches).items()):
        more = update(table).where(table.row_id == row_id).values(times=table.times + times)
        if rows_changed(more) == 0:
            db.session.add(table(row_id=row_id, times=times))
    db.session.flush()
