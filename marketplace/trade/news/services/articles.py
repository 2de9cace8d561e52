"""Articles and handbook pages are written, shown from an instant on, taken off; their pictures."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug
from marketplace.platform.core.words import N_
from marketplace.platform.media.intake import Made
from marketplace.platform.media.services import drop_picture, note_picture
from marketplace.trade.news.models import TRANSITIONS, Article, ArticlePicture, ArticleState, Category
from marketplace.trade.news.policies import WRITE_NEWS
from marketplace.trade.news.queries import get_article

LONGEST = 40_000
MOST_PICTURES = 12


class ChangedMeanwhile(Conflict):
    """Somebody else saved first: nothing was overwritten."""

    code = "changed_meanwhile"
    message = N_("Có người vừa sửa bài này. Chưa lưu gì: chép phần bạn viết, mở lại trang rồi sửa tiếp.")


class NotThisStep(Conflict):
    """The article's state does not lead there."""

    code = "not_this_step"
    message = N_("Bài này đang ở trạng thái khác. Hãy xem lại rồi làm tiếp.")


@dataclass(frozen=True)
class ArticleFacts:
    """What an article says; texts are Markdown."""

    category: Category
    title: str
    text: str
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""
    text_en: str = ""
    place: int = 0


def write_article(*, facts: ArticleFacts, by: Actor, at: datetime) -> Article:
    """A new draft; raises Invalid by field."""
    if not WRITE_NEWS.held_by(by):
        raise Forbidden
    _check(facts)
    article = Article(
        slug=free_slug(facts.title, _taken), state=ArticleState.DRAFT, created_at=at, created_by=by.name, updated_at=at
    )
    _fill(article, facts)
    db.session.add(article)
    db.session.flush()
    _record(article, "written", by, at)
    return article


def change_article(*, slug: str, facts: ArticleFacts, seen: int, by: Actor, at: datetime) -> Article:
    """Change what was seen as version `seen`; raises ChangedMeanwhile where it is another now. Its address stays.

    Where it says the same as before nothing is written: who presses another button of its page has changed nothing.
    """
    article = _kept(slug, by)
    _check(facts)
    if article.version != seen:
        raise ChangedMeanwhile
    _fill(article, facts)
    if not db.session.is_modified(article):
        return article
    article.version += 1
    article.updated_at = at
    db.session.flush()
    _record(article, "changed", by, at)
    return article


def publish_article(*, slug: str, when: datetime | None, by: Actor, at: datetime) -> Article:
    """Show it from an instant on, or now; nothing is done when that comes."""
    article = _kept(slug, by)
    article.state = ArticleState.PUBLISHED
    article.published_at = when or at
    article.updated_at = at
    _record(article, "published", by, at, {"from": article.published_at.isoformat()})
    return article


def withdraw_article(*, slug: str, by: Actor, at: datetime) -> Article:
    """Show it no more."""
    article = _kept(slug, by)
    if ArticleState.WITHDRAWN not in TRANSITIONS[article.state]:
        raise NotThisStep
    article.state = ArticleState.WITHDRAWN
    article.updated_at = at
    _record(article, "withdrawn", by, at)
    return article


def add_picture(*, slug: str, made: Made, alt: str, alt_en: str, by: Actor, at: datetime) -> None:
    """Show a picture, whose files are kept already; the first one stands above the article."""
    article, words = _kept(slug, by), nfc(alt)
    if not words or len(words) > 200 or len(nfc(alt_en)) > 200:
        raise Invalid({"alt": N_("Ghi ảnh cho thấy gì, trong 200 ký tự.")})
    if len(article.pictures) >= MOST_PICTURES:
        raise Invalid({"picture": N_("Nhiều nhất 12 ảnh một bài.")})
    picture = note_picture(made, by=by, at=at)
    db.session.add(ArticlePicture(article_id=article.id, picture_id=picture.id, alt=words, alt_en=nfc(alt_en)))
    db.session.flush()
    _record(article, "picture", by, at, {"picture": made.name})


def remove_picture(*, slug: str, name: str, by: Actor, at: datetime) -> None:
    """Show a picture no more."""
    article = _kept(slug, by)
    found = next((each for each in article.pictures if each.picture.name == name), None)
    if found is None:
        raise NotFound
    db.session.delete(found)
    db.session.flush()
    drop_picture(found.picture, at=at)
    _record(article, "picture_dropped", by, at, {"picture": name})


def _kept(slug: str, by: Actor) -> Article:
    if not WRITE_NEWS.held_by(by):
        raise Forbidden
    return get_article(slug, by=by, hold=True)


def _check(facts: ArticleFacts) -> None:
    errors = {}
    for name, longest in (("title", 200), ("title_en", 200), ("summary", 400), ("summary_en", 400)):
        if len(nfc(getattr(facts, name))) > longest:
            errors[name] = N_("Viết ngắn hơn.")
    if not nfc(facts.title):
        errors["title"] = N_("Đặt tên bài.")
    for name in ("text", "text_en"):
        if len(getattr(facts, name)) > LONGEST:
            errors[name] = N_("Viết ngắn hơn: nhiều nhất 40.000 ký tự.")
    if not facts.text.strip():
        errors["text"] = N_("Viết nội dung.")
    if not 0 <= facts.place <= 999:
        errors["place"] = N_("Nhập số từ 0 đến 999.")
    if errors:
        raise Invalid(errors)


def _fill(article: Article, facts: ArticleFacts) -> None:
    for name in ("title", "title_en", "summary", "summary_en"):
        setattr(article, name, nfc(getattr(facts, name)))
    for name in ("category", "text", "text_en", "place"):
        setattr(article, name, getattr(facts, name))


def _taken(slug: str) -> bool:
    return bool(db.session.scalar(select(func.count(Article.id)).where(Article.slug == slug)))


def _record(article: Article, what: str, by: Actor, at: datetime, detail: dict[str, object] | None = None) -> None:
    record(by=by, action=f"article.{what}", subject_type="article", subject=article.slug, at=at, detail=detail)
