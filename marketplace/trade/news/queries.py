"""Reading articles, handbooks, notices with who has read them, the newsletter."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.people.accounts.models import Role, User
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.trade.news.links import mark_of
from marketplace.trade.news.models import (
    NEWS,
    Article,
    ArticlePicture,
    ArticleState,
    Category,
    Departure,
    Issue,
    IssueItem,
    Notice,
    NoticeRead,
    Subscriber,
)
from marketplace.trade.news.policies import READ_NOTICES, WRITE_NEWS, guides_of


def list_news(at: datetime, *, category: Category | None = None, page: int = 1, per_page: int = 20) -> list[Article]:
    """A page of the articles that everybody may read at an instant, newest first."""
    query = _with_pictures().where(*_out(at, [category] if category else NEWS))
    query = query.order_by(Article.published_at.desc(), Article.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_news(at: datetime, *, category: Category | None = None) -> int:
    """How many `list_news` has in all."""
    query = select(func.count(Article.id)).where(*_out(at, [category] if category else NEWS))
    return db.session.scalar(query) or 0


def get_news(slug: str, at: datetime) -> Article:
    """An article that everybody may read at an instant, or NotFound."""
    return _one(_with_pictures().where(Article.slug == slug, *_out(at, NEWS)))


def list_slugs(at: datetime) -> list[tuple[str, datetime]]:
    """The slugs of those articles with the instant each was changed, by slug."""
    query = select(Article.slug, Article.updated_at).where(*_out(at, NEWS)).order_by(Article.slug)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def list_guides(at: datetime, *, by: Actor) -> list[Article]:
    """The handbook pages that somebody may read at an instant, each handbook in its order."""
    query = select(Article).where(*_out(at, guides_of(by)))
    return list(db.session.scalars(query.order_by(Article.category.desc(), Article.place, Article.id).limit(200)))


def get_guide(slug: str, at: datetime, *, by: Actor) -> Article:
    """One of them, or NotFound."""
    return _one(_with_pictures().where(Article.slug == slug, *_out(at, guides_of(by))))


def list_articles(*, category: Category | None = None, page: int = 1, per_page: int = 30) -> list[Article]:
    """A page of all articles and handbook pages for the office, those changed last first."""
    query = _of(select(Article), category).order_by(Article.updated_at.desc(), Article.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_articles(*, category: Category | None = None) -> int:
    """How many `list_articles` has in all."""
    return db.session.scalar(_of(select(func.count(Article.id)), category)) or 0


def get_article(slug: str, *, by: Actor, hold: bool = False) -> Article:
    """An article whatever its state, for who writes, or NotFound. `hold` keeps it from others until the block ends."""
    if not WRITE_NEWS.held_by(by):
        raise NotFound
    query = _with_pictures().where(Article.slug == slug)
    return _one(held(query, Article) if hold else query)


def list_unread(at: datetime, *, by: Actor) -> list[Notice]:
    """The notices that concern somebody and that they have not read, newest first."""
    read = exists().where(NoticeRead.notice_id == Notice.id, NoticeRead.user_id == by.user_id)
    query = select(Notice).where(_standing(at), _concerns(by), ~read)
    return list(db.session.scalars(query.order_by(Notice.sent_at.desc(), Notice.id.desc()).limit(50)))


def list_own_notices(at: datetime, *, by: Actor, page: int = 1, per_page: int = 20) -> list[Notice]:
    """A page of the notices that concern somebody, read or not, newest first."""
    query = select(Notice).where(_standing(at), _concerns(by)).order_by(Notice.sent_at.desc(), Notice.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_own_notices(at: datetime, *, by: Actor) -> int:
    """How many `list_own_notices` has in all."""
    return db.session.scalar(select(func.count(Notice.id)).where(_standing(at), _concerns(by))) or 0


def get_own_notice(code: str, at: datetime, *, by: Actor) -> Notice:
    """One of them, or NotFound."""
    notice = db.session.scalar(select(Notice).where(Notice.code == code, _standing(at), _concerns(by)))
    if notice is None:
        raise NotFound
    return notice


def read_by(notice_ids: Collection[int], *, by: Actor) -> set[int]:
    """Which of these notices somebody has read."""
    query = select(NoticeRead.notice_id).where(NoticeRead.user_id == by.user_id, NoticeRead.notice_id.in_(notice_ids))
    return set(db.session.scalars(query))


def list_notices(*, page: int = 1, per_page: int = 30) -> list[Notice]:
    """A page of all notices for the office, newest first."""
    query = select(Notice).options(joinedload(Notice.unit)).order_by(Notice.sent_at.desc(), Notice.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_notices() -> int:
    """How many notices there are."""
    return db.session.scalar(select(func.count(Notice.id))) or 0


def get_notice(code: str) -> Notice:
    """A notice for the office, with its unit, or NotFound."""
    notice = db.session.scalar(select(Notice).where(Notice.code == code).options(joinedload(Notice.unit)))
    if notice is None:
        raise NotFound
    return notice


def count_reads(notice_ids: Collection[int]) -> dict[int, int]:
    """How many have read each of these notices; none is not in the answer."""
    query = select(NoticeRead.notice_id, func.count()).where(NoticeRead.notice_id.in_(notice_ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(NoticeRead.notice_id))}


def list_concerned(notice: Notice, *, page: int = 1, per_page: int = 50) -> list[tuple[User, datetime | None]]:
    """A page of whom a notice concerns, with when each read it: who has not yet first, then by name."""
    query = (
        select(User, NoticeRead.at)
        .outerjoin(NoticeRead, and_(NoticeRead.user_id == User.id, NoticeRead.notice_id == notice.id))
        .where(*_people(notice))
        .options(joinedload(User.organisation), joinedload(User.unit))
        .order_by(NoticeRead.at.is_not(None), User.name, User.id)
    )
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return [(row[0], row[1]) for row in rows]


def count_concerned(notice: Notice) -> int:
    """How many people a notice concerns."""
    return db.session.scalar(select(func.count(User.id)).where(*_people(notice))) or 0


def find_subscriber(email: str) -> Subscriber | None:
    """Who gets the newsletter at this address."""
    return db.session.scalar(select(Subscriber).where(Subscriber.email == email))


def left_at(email: str) -> datetime | None:
    """When the newsletter was last ended at this address, as long as a link from before may still be about."""
    return db.session.scalar(select(Departure.left_at).where(Departure.mark == mark_of(email)))


def count_subscribers() -> dict[str, int]:
    """How many get the newsletter, by language; none is not in the answer."""
    query = select(Subscriber.language, func.count()).group_by(Subscriber.language)
    return {row[0]: row[1] for row in db.session.execute(query)}


def list_subscribers(after: int, *, limit: int) -> list[Subscriber]:
    """Some of them by row number, those behind `after`."""
    return list(
        db.session.scalars(select(Subscriber).where(Subscriber.id > after).order_by(Subscriber.id).limit(limit))
    )


def list_issues(*, page: int = 1, per_page: int = 20) -> list[Issue]:
    """A page of the newsletters with their articles, newest first."""
    query = _with_items().order_by(Issue.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_issues() -> int:
    """How many newsletters there are."""
    return db.session.scalar(select(func.count(Issue.id))) or 0


def get_issue(code: str, *, hold: bool = False) -> Issue:
    """A newsletter with its articles, or NotFound. `hold` keeps it from others until the block ends."""
    query = _with_items().where(Issue.code == code)
    issue = db.session.scalar(held(query, Issue) if hold else query)
    if issue is None:
        raise NotFound
    return issue


def _with_items() -> Select[Issue]:
    return select(Issue).options(selectinload(Issue.items).joinedload(IssueItem.article))


def _with_pictures() -> Select[Article]:
    return select(Article).options(selectinload(Article.pictures).joinedload(ArticlePicture.picture))


def _out(at: datetime, categories: Collection[Category]) -> tuple[ColumnElement[bool], ...]:
    """Published, and its time has come: nothing is written when it comes."""
    return Article.state == ArticleState.PUBLISHED, Article.published_at <= at, Article.category.in_(categories)


def _of(query: Select[Any], category: Category | None) -> Select[Any]:
    return query if category is None else query.where(Article.category == category)


def _standing(at: datetime) -> ColumnElement[bool]:
    return and_(Notice.withdrawn_at.is_(None), Notice.sent_at <= at, Notice.until > at)


def _concerns(by: Actor) -> ColumnElement[bool]:
    """To the person's role, everywhere or where they are: the commune, or the former district it lay in; a district
    officer is in all communes of theirs.
    """
    if not READ_NOTICES.held_by(by):
        return false()
    here: Select[Any]
    if by.role == Role.PRODUCER:
        here = select(AdministrativeUnit.id).join(Producer, Producer.commune_id == AdministrativeUnit.id)
        here = here.where(Producer.organisation_id == by.organisation_id)
    else:
        here = select(AdministrativeUnit.id).where(_within(by.unit_id, also=by.role == Role.DISTRICT_OFFICER))
    former = here.with_only_columns(AdministrativeUnit.former_district_id)
    placed = or_(Notice.unit_id.is_(None), Notice.unit_id.in_(here), Notice.unit_id.in_(former))
    return and_(Notice.role == by.role, placed)


def _people(notice: Notice) -> tuple[ColumnElement[bool], ...]:
    """The same from the other side."""
    alive = (User.role == notice.role, User.disabled_at.is_(None), User.confirmed_at.is_not(None))
    if notice.unit_id is None:
        return alive
    communes = select(AdministrativeUnit.id).where(_within(notice.unit_id))
    if notice.role is Role.PRODUCER:
        makers = select(Producer.organisation_id).where(Producer.commune_id.in_(communes))
        return *alive, User.organisation_id.in_(makers)
    here: ColumnElement[bool] = User.unit_id.in_(communes)
    if notice.role is Role.DISTRICT_OFFICER:
        around = select(AdministrativeUnit.former_district_id).where(AdministrativeUnit.id == notice.unit_id)
        here = or_(here, User.unit_id.in_(around))
    return *alive, here


def _within(unit_id: int | None, *, also: bool = True) -> ColumnElement[bool]:
    """A unit and, `also`, the communes that lay in it where it is a former district."""
    itself = AdministrativeUnit.id == unit_id
    return or_(itself, AdministrativeUnit.former_district_id == unit_id) if also else itself


def _one(query: Select[Article]) -> Article:
    article = db.session.scalar(query)
    if article is None:
        raise NotFound
    return article
