"""What buyers of the past year say: published, answered, waiting for an officer, refused, reported; made up."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.orm import joinedload

from marketplace.faces.cli.demo.texts import DATA
from marketplace.people.accounts.models import User
from marketplace.people.accounts.queries import find_user
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.types import UtcDateTime
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartEvent, PartState
from marketplace.shop.reviews.models import Ground, Review, ReviewAsked, ReviewState
from marketplace.shop.reviews.queries import RECEIVED
from marketplace.shop.reviews.rules import ASK_AFTER
from marketplace.shop.reviews.services import (
    Said,
    publish_review,
    refuse_review,
    reply_to_review,
    report_review,
    write_review,
)

ANSWERING = {"binhlu": "producer@demo.test", "tanphong": "producer2@demo.test"}  # they are bought and answer most
OFTEN, SELDOM, LATELY = 0.85, 0.06, 0.35  # how many lines are reviewed: theirs, others', those of the last days
UNSEEN = timedelta(days=6)  # an officer has not come to what was written since
WORDY = 0.65
STARS = ((5, 4, 3, 2, 1), (52, 29, 11, 5, 3))
TAKING = timedelta(hours=20)  # what an officer needs, and a maker after that


@dataclass(frozen=True)
class Received:
    """A line of an order that came to its buyer."""

    number: str
    part: int
    line: int
    producer_id: int
    set_code: str
    buyer: User | None
    at: datetime


def make_reviews(found: Mapping[str, Producer], *, at: datetime) -> None:
    """Write a year of reviews by the same verbs as everybody, in the open block; of their letters none is sent."""
    chance, texts = random.Random(91), json.loads((DATA / "reviews.json").read_text(encoding="utf-8"))
    answering = {found[key].id: _person(email) for key, email in ANSWERING.items()}
    officer = _person("province@demo.test")
    for bought in _received():
        written = bought.at + timedelta(days=chance.uniform(1, 20))
        lately = written > at - UNSEEN
        share = OFTEN if bought.producer_id in answering else LATELY if lately else SELDOM
        if written < at and chance.random() < share:
            _one(chance, texts, bought, answering.get(bought.producer_id), officer, written, at)
    db.session.flush()
    _flagged(texts, officer, at)
    _asked_already(at)
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.key.like("review-%")))


def _received() -> list[Received]:
    """What was delivered, by the row, so that it is the same each time."""
    query = (
        select(OrderLine, PartEvent.at, Order, OrderPart, Product.set_code, User)
        .join(OrderLine.part)
        .join(OrderPart.order)
        .join(Listing, Listing.slug == OrderLine.listing_slug)
        .join(Listing.product)
        .join(PartEvent, (PartEvent.part_id == OrderPart.id) & (PartEvent.state == PartState.DELIVERED))
        .outerjoin(User, User.id == Order.buyer_id)
        .where(OrderPart.state.in_(RECEIVED))
        .order_by(OrderLine.id)
    )
    return [
        Received(order.number, part.position, line.position, part.producer_id, set_code, buyer, came)
        for line, came, order, part, set_code, buyer in db.session.execute(query)
    ]


def _one(
    chance: random.Random,
    texts: Mapping[str, Any],
    bought: Received,
    maker: Actor | None,
    officer: Actor,
    written: datetime,
    at: datetime,
) -> None:
    """One review; what is older than a few days an officer has published, and half of these are answered."""
    stars, words = chance.choices(*STARS)[0], ""
    if chance.random() < WORDY:
        stars, words = chance.choice(texts["of_set"].get(bought.set_code, []) + texts["of_any"])
    said = Said(stars=stars, words=words, named=chance.random() < 0.6)
    by, answered = bought.buyer.actor() if bought.buyer else GUEST, chance.random() < 0.5
    place: dict[str, Any] = {"number": bought.number, "part": bought.part, "line": bought.line}
    review = write_review(**place, said=said, seen=0, by=by, at=written)
    if written > at - UNSEEN or not words:
        return
    publish_review(code=review.code, seen=review.mark, by=officer, at=written + TAKING)
    if maker is not None and answered:
        reply = texts["replies"][0 if stars > 4 else 1 if stars > 2 else 2]
        reply_to_review(code=review.code, words=reply, seen=0, by=maker, at=written + 2 * TAKING)


def _flagged(texts: Mapping[str, Any], officer: Actor, at: datetime) -> None:
    """Of those that wait two advertise: one was refused, one is to be; and a published one was reported."""
    waiting = _reviews(ReviewState.WAITING)
    for review, kind in zip(waiting[:2], ("flagged", "refused"), strict=True):
        review.stars, review.words = texts[kind][0]
    db.session.flush()
    refused = waiting[1]
    ground, then = Ground.ADVERTISING.value, max(refused.said_at, at - timedelta(hours=30))
    refuse_review(code=refused.code, seen=refused.mark, ground=ground, remark="", by=officer, at=then)
    maker = _person(ANSWERING["binhlu"])
    own = [row for row in _reviews(ReviewState.PUBLISHED) if _of(row, maker) and row.words]
    worst = min(own, key=lambda row: (row.stars, -row.id))
    facts = {"code": worst.code, "ground": Ground.OFF_TOPIC.value, "words": texts["report"]}
    report_review(**facts, by=maker, at=at - timedelta(hours=9))


def _of(review: Review, maker: Actor) -> bool:
    return review.listing.product.producer.organisation_id == maker.organisation_id


def _reviews(state: ReviewState) -> list[Review]:
    whole = joinedload(Review.listing).joinedload(Listing.product).joinedload(Product.producer)
    return list(db.session.scalars(select(Review).where(Review.state == state).options(whole).order_by(Review.id)))


def _asked_already(at: datetime) -> None:
    """Nobody of the made-up past is asked by letter; who received something in the last days will be."""
    came = select(PartEvent.part_id, literal(at, UtcDateTime())).distinct()
    came = came.where(PartEvent.state == PartState.DELIVERED, PartEvent.at <= at - ASK_AFTER)
    db.session.execute(insert(ReviewAsked).from_select(["part_id", "at"], came))


def _person(email: str) -> Actor:
    user = find_user(email)
    assert user is not None
    return user.actor()
