"""Reading reviews: for the public, for who wrote them, for the maker, for the office."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from marketplace.people.accounts.models import User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartEvent, PartState
from marketplace.shop.reviews.models import Review, ReviewReport, ReviewState, ReviewTotal
from marketplace.shop.reviews.policies import answered_by, judged_by
from marketplace.shop.reviews.rules import Totals

RECEIVED = frozenset({PartState.DELIVERED, PartState.COMPLETED})
COLUMNS: tuple[InstrumentedAttribute[int], ...] = (
    ReviewTotal.ones,
    ReviewTotal.twos,
    ReviewTotal.threes,
    ReviewTotal.fours,
    ReviewTotal.fives,
)
MOST = 200  # of what waits at once


class Pile(StrEnum):
    """How the office sorts reviews."""

    WAITING = "waiting"
    REPORTED = "reported"
    PUBLISHED = "published"
    REFUSED = "refused"


PILES: dict[Pile, ColumnElement[bool]] = {
    Pile.WAITING: Review.state == ReviewState.WAITING,
    Pile.REPORTED: Review.reported_at.is_not(None),
    Pile.PUBLISHED: (Review.state == ReviewState.PUBLISHED) & Review.reported_at.is_(None),
    Pile.REFUSED: Review.state == ReviewState.REFUSED,
}
TO_JUDGE = (Pile.WAITING, Pile.REPORTED)


def get_line(number: str, part: int, line: int, *, hold: bool = False) -> OrderLine:
    """A line of an order by its places, with part, producer and order. `hold`: kept from others in the block."""
    query = (
        select(OrderLine)
        .join(OrderLine.part)
        .join(OrderPart.order)
        .options(contains_eager(OrderLine.part).contains_eager(OrderPart.order))
        .options(contains_eager(OrderLine.part).joinedload(OrderPart.producer))
        .where(Order.number == number, OrderPart.position == part, OrderLine.position == line)
    )
    found = db.session.scalar(held(query, OrderLine) if hold else query)
    if found is None:
        raise NotFound
    return found


def bought_line(review: Review) -> OrderLine:
    """What a review is of, with part and order."""
    query = select(OrderLine).where(OrderLine.id == review.line_id)
    return db.session.scalars(query.options(joinedload(OrderLine.part).joinedload(OrderPart.order))).one()


def is_erased(order: Order) -> bool:
    """Whether the account behind an order was struck out: nobody is written to any more."""
    return bool(db.session.scalar(select(exists().where(User.id == order.buyer_id, User.erased_at.is_not(None)))))


def delivered_at(part: OrderPart) -> datetime | None:
    """When the buyer had the goods; None while they have not."""
    if part.state not in RECEIVED:
        return None
    query = select(func.min(PartEvent.at)).where(PartEvent.part_id == part.id, PartEvent.state == PartState.DELIVERED)
    return db.session.scalar(query)


def find_of_line(line_id: int, *, hold: bool = False) -> Review | None:
    """The review of an order line, if one was written."""
    query = select(Review).where(Review.line_id == line_id)
    return db.session.scalar(held(query) if hold else query)


def find_of_lines(line_ids: Iterable[int]) -> dict[int, Review]:
    """The reviews of these order lines, by line."""
    query = select(Review).where(Review.line_id.in_(list(line_ids))).order_by(Review.id)
    return {review.line_id: review for review in db.session.scalars(query)}


def listing_of(line: OrderLine) -> Listing:
    """The listing that a line was bought from, today's name and all."""
    return db.session.scalars(_whole(select(Listing)).where(Listing.slug == line.listing_slug)).one()


def get_published(code: str, *, hold: bool = False) -> Review:
    """A review that the public sees, with its listing, or NotFound."""
    query = _reviews().where(Review.code == code, Review.state == ReviewState.PUBLISHED)
    return _one(query, hold)


def get_judged(code: str, *, by: Actor, hold: bool = False) -> Review:
    """A review that `by` judges, or NotFound; one that its writer took back is nobody's to judge."""
    query = _reviews().where(Review.code == code, Review.state != ReviewState.WITHDRAWN, judged_by(by))
    return _one(query, hold)


def get_answered(code: str, *, by: Actor, hold: bool = False) -> Review:
    """A published review of goods of the actor's own producer, or NotFound."""
    query = _reviews().where(Review.code == code, Review.state == ReviewState.PUBLISHED, answered_by(by))
    return _one(query, hold)


def list_published(listing_id: int, *, page: int = 1, per_page: int = 10) -> list[Review]:
    """A page of a listing's published reviews, newest first."""
    query = select(Review).where(Review.listing_id == listing_id, Review.state == ReviewState.PUBLISHED)
    query = query.order_by(Review.published_at.desc(), Review.id.desc())
    return list(db.session.scalars(_paged(query, page, per_page)))


def totals_of(listing_id: int) -> Totals:
    """What the published reviews of a listing come to, as kept."""
    row = db.session.execute(select(*COLUMNS).where(ReviewTotal.listing_id == listing_id)).first()
    return Totals((row[0], row[1], row[2], row[3], row[4])) if row else Totals()


def list_astray() -> list[int]:
    """The listings whose kept totals are not what counting their published reviews comes to; none, or a fault."""
    counted = [func.sum(case((Review.stars == stars, 1), else_=0)) for stars in range(1, 6)]
    published = select(Review.listing_id, *counted).where(Review.state == ReviewState.PUBLISHED)
    found = {row[0]: tuple(row[1:]) for row in db.session.execute(published.group_by(Review.listing_id))}
    kept = {row[0]: tuple(row[1:]) for row in db.session.execute(select(ReviewTotal.listing_id, *COLUMNS))}
    none = (0,) * 5
    return sorted(each for each in found.keys() | kept.keys() if found.get(each, none) != kept.get(each, none))


def list_pile(pile: Pile, *, by: Actor, page: int = 1, per_page: int = 30) -> list[Review]:
    """A page of the reviews that `by` judges: what waits longest first, of what is decided the newest."""
    query = _reviews().where(PILES[pile], judged_by(by))
    waits = func.coalesce(Review.reported_at, Review.said_at)
    order = waits.asc() if pile in TO_JUDGE else Review.said_at.desc()
    return list(db.session.scalars(_paged(query.order_by(order, Review.id), page, per_page)))


def count_piles(*, by: Actor) -> dict[Pile, int]:
    """How many are in each pile of `by`."""
    counts = [func.sum(case((condition, 1), else_=0)) for condition in PILES.values()]
    query = select(*counts).select_from(Review).join(Review.listing).join(Listing.product).join(Product.producer)
    row = db.session.execute(query.where(judged_by(by))).one()
    return {pile: int(n or 0) for pile, n in zip(PILES, row, strict=True)}


def list_to_judge(*, by: Actor) -> list[Review]:
    """Everything that waits for a decision of `by`, longest waiting first."""
    waiting = [review for pile in TO_JUDGE for review in list_pile(pile, by=by, per_page=MOST)]
    return sorted(waiting, key=lambda each: (each.since, each.id))


def list_reports(review_id: int) -> list[ReviewReport]:
    """What was reported of a review, with who, newest first."""
    query = select(ReviewReport).where(ReviewReport.review_id == review_id).options(joinedload(ReviewReport.reporter))
    return list(db.session.scalars(query.order_by(ReviewReport.id.desc())))


def list_own(*, by: Actor, unanswered: bool = False, page: int = 1, per_page: int = 20) -> list[Review]:
    """A page of the published reviews of the actor's own producer's goods, newest first."""
    query = _own(_reviews(), by, unanswered).order_by(Review.published_at.desc(), Review.id.desc())
    return list(db.session.scalars(_paged(query, page, per_page)))


def count_own(*, by: Actor, unanswered: bool = False) -> int:
    """How many reviews `list_own` has in all."""
    query = select(func.count(Review.id)).join(Review.listing).join(Listing.product).join(Product.producer)
    return db.session.scalar(_own(query, by, unanswered)) or 0


def list_of_buyer(user_id: int) -> list[Review]:
    """Every review of a member's orders, with line and listing, oldest first: what they may take along."""
    line = joinedload(Review.line).joinedload(OrderLine.part).joinedload(OrderPart.order)
    query = select(Review).where(Review.line_id.in_(lines_of(user_id))).options(line, joinedload(Review.listing))
    return list(db.session.scalars(query.order_by(Review.id)))


def lines_of(user_id: int) -> Select[int]:
    """The rows of all lines that a member ordered."""
    query = select(OrderLine.id).join(OrderLine.part).join(OrderPart.order)
    return query.where(Order.buyer_id == user_id)


def list_reports_of(user_id: int) -> list[tuple[ReviewReport, str]]:
    """What a person reported, with the review's code, oldest first."""
    query = select(ReviewReport, Review.code).join(Review, Review.id == ReviewReport.review_id)
    query = query.where(ReviewReport.reporter_id == user_id).order_by(ReviewReport.id)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _own(query: Select[Any], by: Actor, unanswered: bool) -> Select[Any]:
    query = query.where(Review.state == ReviewState.PUBLISHED, answered_by(by))
    return query.where(Review.reply == "") if unanswered else query


def _reviews() -> Select[Review]:
    """Reviews with the line, the listing and whose it is."""
    loaded = contains_eager(Review.listing).contains_eager(Listing.product).contains_eager(Product.producer)
    query = select(Review).join(Review.listing).join(Listing.product).join(Product.producer)
    return query.options(loaded.joinedload(Producer.commune), joinedload(Review.line))


def _whole(query: Select[Listing]) -> Select[Listing]:
    return query.options(joinedload(Listing.product).joinedload(Product.producer))


def _one(query: Select[Review], hold: bool) -> Review:
    found = db.session.scalar(held(query, Review) if hold else query)
    if found is None:
        raise NotFound
    return found


def _paged(query: Select[Review], page: int, per_page: int) -> Select[Review]:
    return query.limit(per_page).offset((page - 1) * per_page)
