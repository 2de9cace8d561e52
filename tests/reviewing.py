"""Goods that were ordered and received, and what is said of them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.models import Variant
from marketplace.shop.fulfilment.services import confirm_part, deliver_part, ship_part
from marketplace.shop.orders.models import Order
from marketplace.shop.reviews.models import Review
from marketplace.shop.reviews.services import Said, publish_review, write_review
from tests.builders import BY, make_offer, make_order, make_producer, make_user


def make_shop(at: datetime, name: str = "Lò miến") -> tuple[User, Producer, Variant]:
    """A producer with somebody who acts for it, and one thing on sale."""
    maker = make_user(Role.PRODUCER, at=at)
    producer = make_producer(name, at=at, user=maker)
    return maker, producer, make_offer(f"Miến của {name}", at=at, producer=producer, stock=90)


def receive(order: Order, maker: User, *, at: datetime, position: int = 1) -> None:
    """A part of an order is confirmed, sent and delivered at an instant."""
    by = maker.actor()
    with transaction():
        confirm_part(number=order.number, position=position, by=by, at=at)
        ship_part(number=order.number, position=position, carrier="Bưu điện", tracking_number="", by=by, at=at)
        deliver_part(number=order.number, position=position, by=by, at=at)


def buy(variant: Variant, maker: User, *, at: datetime, by: Actor = GUEST, days_ago: int = 3) -> Order:
    """One unit, ordered today and said to have been delivered some days ago."""
    order = make_order((variant, 1), at=at, by=by)
    receive(order, maker, at=at - timedelta(days=days_ago))
    return order


def say(
    order: Order,
    *,
    at: datetime,
    stars: int = 5,
    words: str = "",
    named: bool = False,
    seen: int = 0,
    by: Actor = GUEST,
) -> Review:
    """A review of the order's first line."""
    said = Said(stars=stars, words=words, named=named)
    with transaction():
        return write_review(number=order.number, part=1, line=1, said=said, seen=seen, by=by, at=at)


def make_review(
    variant: Variant,
    maker: User,
    *,
    at: datetime,
    stars: int = 5,
    words: str = "",
    shown: bool = True,
    named: bool = False,
    by: Actor = GUEST,
) -> Review:
    """A review of one unit bought and received; with words published by an officer where it is `shown`."""
    review = say(buy(variant, maker, at=at, by=by), at=at, stars=stars, words=words, named=named, by=by)
    if shown and words:
        publish(review, at=at)
    return kept(review)


def publish(review: Review, *, at: datetime) -> None:
    """An officer lets everybody see it as it is now."""
    mark = kept(review).mark
    with transaction():
        publish_review(code=review.code, seen=mark, by=BY, at=at)


def kept(review: Review) -> Review:
    """The review as the database has it now."""
    db.session.expunge_all()  # what was read before keeps what it showed
    db.session.rollback()
    return db.session.scalars(select(Review).where(Review.code == review.code)).one()
