"""Articles and handbook pages with pictures, notices and who has read them, the newsletter and who gets it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import Role
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.platform.media.models import KeptPicture


class Category(StrEnum):
    PROGRAMME = "programme"  # of the province's plan, rounds, results
    MARKET = "market"  # prices, seasons, what sells
    EVENTS = "events"
    PEOPLE = "people"  # stories of makers
    PRODUCER_GUIDE = "producer_guide"  # handbook for producers
    COMMUNE_GUIDE = "commune_guide"  # handbook for communes


NEWS = (Category.PROGRAMME, Category.MARKET, Category.EVENTS, Category.PEOPLE)  # read by all
HANDBOOK = (Category.PRODUCER_GUIDE, Category.COMMUNE_GUIDE)


class ArticleState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"  # seen from `published_at` on
    WITHDRAWN = "withdrawn"


TRANSITIONS: dict[ArticleState, frozenset[ArticleState]] = {
    ArticleState.DRAFT: frozenset({ArticleState.PUBLISHED}),
    ArticleState.PUBLISHED: frozenset({ArticleState.PUBLISHED, ArticleState.WITHDRAWN}),  # again: at another time
    ArticleState.WITHDRAWN: frozenset({ArticleState.PUBLISHED}),
}


class Article(Model):
    """An article, or a page of a handbook. Texts are Markdown. `place` orders a handbook; smaller comes first.

    `version` counts what was said: who changes an article changes what they saw, or nothing.
    """

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR published_at IS NOT NULL", name="published"),
        Index("ix_articles_category", "category", "state", "published_at"),
    )

    id: Mapped[RowId]
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    category: Mapped[Category] = mapped_column(choice(Category, "category"))
    state: Mapped[ArticleState] = mapped_column(choice(ArticleState, "state"))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(String(400), default="")
    summary_en: Mapped[str] = mapped_column(String(400), default="")
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    updated_at: Mapped[datetime]

    pictures: Mapped[list["ArticlePicture"]] = related(order_by="ArticlePicture.id", viewonly=True)

    def out(self, at: datetime) -> bool:
        """Whether it is read at an instant."""
        return self.state is ArticleState.PUBLISHED and self.published_at is not None and self.published_at <= at


class ArticlePicture(Model):
    """A picture of an article; the first stands above it."""

    __tablename__ = "article_pictures"
    __table_args__ = (Index("ix_article_pictures_article_id", "article_id"),)

    id: Mapped[RowId]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    picture_id: Mapped[int] = mapped_column(ForeignKey("kept_pictures.id"), unique=True)
    alt: Mapped[str] = mapped_column(String(200))
    alt_en: Mapped[str] = mapped_column(String(200), default="")

    picture: Mapped[KeptPicture] = related()


class Notice(Model):
    """A word to everybody of a role, in one commune or former district or everywhere, until read or over."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("role IN ('producer', 'distributor', 'commune_officer', 'district_officer')", name="concerned"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime]
    sent_by: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime]  # stands no longer afterwards
    withdrawn_at: Mapped[datetime | None]

    unit: Mapped[AdministrativeUnit | None] = related()


class NoticeRead(Model):
    """Somebody said that they have read a notice."""

    __tablename__ = "notice_reads"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]


class Subscriber(Model):
    """Somebody who asked for the newsletter, and confirmed it from their own mailbox; gone when they end it."""

    __tablename__ = "newsletter_subscribers"

    id: Mapped[RowId]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[str] = mapped_column(String(5))
    confirmed_at: Mapped[datetime]


class Departure(Model):
    """Somebody ended the newsletter: links asked for before have it come no more. Kept as long as such links last, by
    a mark of the address that nobody reads back without this application's secret.
    """

    __tablename__ = "newsletter_departures"
    __table_args__ = (Index("ix_newsletter_departures_left_at", "left_at"),)

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    left_at: Mapped[datetime]


class Issue(Model):
    """A newsletter: a few words and some articles. Once sent it does not change."""

    __tablename__ = "newsletter_issues"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    subject: Mapped[str] = mapped_column(String(120))
    subject_en: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text, default="")
    words_en: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime | None]

    items: Mapped[list["IssueItem"]] = related(order_by="IssueItem.position", viewonly=True)


class IssueItem(Model):
    """An article of an issue."""

    __tablename__ = "newsletter_items"

    issue_id: Mapped[int] = mapped_column(ForeignKey("newsletter_issues.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))

    article: Mapped[Article] = related()
