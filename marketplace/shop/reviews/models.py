"""Reviews, who reported them, what they come to for each listing, and which once-only letters were written."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import User
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.shop.catalog.models import Listing
from marketplace.shop.orders.models import OrderLine


class ReviewState(StrEnum):
    WAITING = "waiting"  # its words have not been looked at
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by its writer, who may write again


class Ground(StrEnum):
    """Why a review is refused, or reported. Few stars are no ground."""

    INSULT = "insult"
    PERSONAL_DATA = "personal_data"
    OFF_TOPIC = "off_topic"
    ADVERTISING = "advertising"
    OTHER = "other"


TRANSITIONS: dict[ReviewState, frozenset[ReviewState]] = {  # of an officer's decisions; its writer may mend any
    ReviewState.WAITING: frozenset({ReviewState.PUBLISHED, ReviewState.REFUSED}),
    ReviewState.PUBLISHED: frozenset({ReviewState.REFUSED}),
    ReviewState.REFUSED: frozenset({ReviewState.PUBLISHED}),
    ReviewState.WITHDRAWN: frozenset(),
}


class Review(Model):
    """What the buyer of one order line says of the goods, and what their maker answers.

    `version` counts what was written and decided, `reports` the reports that no officer has answered: together they
    are the `mark` that an officer's page carries. `signed` is the name shown, "" for a nameless buyer.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("version >= 1 AND reply_version >= 0", name="version"),
        CheckConstraint("length(words) <= 1000 AND length(reply) <= 600", name="length"),
        CheckConstraint("state <> 'waiting' OR words <> ''", name="waiting"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published"),
        CheckConstraint("(state = 'refused') = (ground IS NOT NULL)", name="refused"),
        CheckConstraint("state <> 'withdrawn' OR words = ''", name="withdrawn"),
        CheckConstraint("reports >= 0 AND (reports = 0) = (reported_at IS NULL)", name="reports"),
        CheckConstraint("reports = 0 OR state = 'published'", name="reported"),
        CheckConstraint("(reply = '') = (replied_at IS NULL)", name="reply"),
        CheckConstraint("erased_at IS NULL OR (words = '' AND signed = '' AND reply = '')", name="erased"),
        Index("ix_reviews_listing_id_state_published_at", "listing_id", "state", "published_at"),
        Index("ix_reviews_state_said_at", "state", "said_at"),
        Index("ix_reviews_reported_at", "reported_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), unique=True)  # one review a line
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    stars: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    signed: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(5))  # of the page it was written on
    state: Mapped[ReviewState] = mapped_column(choice(ReviewState, "state"))
    version: Mapped[int] = mapped_column(default=1)
    bought_on: Mapped[date]
    written_at: Mapped[datetime]  # first
    said_at: Mapped[datetime]  # as it is now
    published_at: Mapped[datetime | None]  # first
    ground: Mapped[Ground | None] = mapped_column(choice(Ground, "ground"))
    remark: Mapped[str] = mapped_column(String(500), default="")  # what the officer who refused it said
    reports: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[datetime | None]  # the first that is not answered
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_version: Mapped[int] = mapped_column(default=0)
    replied_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # its writer was struck out: stars without name and words

    line: Mapped[OrderLine] = related()
    listing: Mapped[Listing] = related()

    @property
    def mark(self) -> str:
        """What an officer has seen of it: changes with every new word, decision and report."""
        return f"{self.version}.{self.reports}"

    @property
    def since(self) -> datetime:
        """Since when it waits for an officer, if it does."""
        return self.reported_at or self.said_at

    @property
    def answered_before(self) -> bool:
        """Whether the maker's reply is older than what the buyer says now."""
        return self.replied_at is not None and self.replied_at < self.said_at


class ReviewReport(Model):
    """Somebody signed in finds that a published review breaks the rules; once for each version of it."""

    __tablename__ = "review_reports"
    __table_args__ = (
        UniqueConstraint("review_id", "reporter_id", "version"),
        Index("ix_review_reports_reporter_id", "reporter_id"),
    )

    id: Mapped[RowId]
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int]
    ground: Mapped[Ground] = mapped_column(choice(Ground, "ground"))
    words: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    reporter: Mapped[User] = related()


class ReviewTotal(Model):
    """How many published reviews of a listing gave one, two … five stars: kept in the block that publishes."""

    __tablename__ = "review_totals"
    __table_args__ = (
        CheckConstraint("ones >= 0 AND twos >= 0 AND threes >= 0 AND fours >= 0 AND fives >= 0", name="counts"),
    )

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True, autoincrement=False)
    ones: Mapped[int] = mapped_column(default=0)
    twos: Mapped[int] = mapped_column(default=0)
    threes: Mapped[int] = mapped_column(default=0)
    fours: Mapped[int] = mapped_column(default=0)
    fives: Mapped[int] = mapped_column(default=0)


class ReviewAsked(Model):
    """The buyer of a part was asked what they think of it, or was not to be asked: once either way."""

    __tablename__ = "review_asked"

    part_id: Mapped[int] = mapped_column(ForeignKey("order_parts.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class ReviewTidings(Model):
    """A producer's people were told on a day that something was published: one letter a day."""

    __tablename__ = "review_tidings"

    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
