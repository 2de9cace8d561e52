"""The newsletter: asked for, confirmed from the mailbox, ended by one click; an issue is written and sent once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code, token_hash
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.trade.news import mails
from marketplace.trade.news.links import TWO_DAYS, mark_of
from marketplace.trade.news.models import NEWS, Article, Departure, Issue, IssueItem, Subscriber
from marketplace.trade.news.policies import WRITE_NEWS
from marketplace.trade.news.queries import find_subscriber, get_issue, left_at

SEND = "newsletter.send"
MOST_ARTICLES = 10
LONGEST = 4_000


class SentAlready(Conflict):
    """The issue has left, or is leaving."""

    code = "sent_already"
    message = N_("Bản tin này đã gửi rồi.")


class LeftSince(Conflict):
    """The newsletter was ended after the link was asked for."""

    code = "newsletter_left_since"
    message = N_("Bạn đã thôi nhận bản tin sau khi xin liên kết này. Muốn nhận lại, hãy đăng ký lại.")


class ArticleGone(Conflict):
    """An article of the issue is not to be read any more."""

    code = "article_gone"
    message = N_("Có bài trong bản tin chưa đăng hoặc đã gỡ. Soạn lại bản tin.")


class IssueChanged(Conflict):
    """Somebody else saved first: nothing was overwritten."""

    code = "issue_changed"
    message = N_("Có người vừa sửa bản tin này. Chưa lưu gì: chép phần bạn viết, mở lại trang rồi sửa tiếp.")


@dataclass(frozen=True)
class IssueFacts:
    """What an issue says, in both languages, and which articles it leads to, by slug."""

    subject: str
    subject_en: str
    words: str = ""
    words_en: str = ""
    articles: tuple[str, ...] = ()


def ask_for_newsletter(*, email: str, language: str, at: datetime) -> None:
    """Send a link to confirm to the address (as `read_email` gives it). Who has it already is told so, there alone.

    Nothing is kept of who does not confirm; one letter an address and hour, however often it is asked.
    """
    known = find_subscriber(email)
    if known is None:
        _forget_departures(at)
        mails.confirm(email, language, left_at=left_at(email), at=at)
    else:
        mails.known(known, at=at)


def confirm_newsletter(*, email: str, language: str, asked: datetime, by: Actor, at: datetime) -> None:
    """Have the newsletter come to an address, whose reader has just shown the link `asked` for then; once more is no
    error. Raises LeftSince where it was ended afterwards.
    """
    if find_subscriber(email) is not None:
        return
    left = left_at(email)
    if left is not None and asked <= left:
        raise LeftSince
    try:
        with db.session.begin_nested():
            db.session.add(Subscriber(email=email, language=language, confirmed_at=at))
    except IntegrityError:  # pragma: no cover - clicked twice in one instant
        return
    record(by=by, action="newsletter.joined", subject_type="newsletter", subject=language, at=at)


def leave_newsletter(*, email: str, by: Actor, at: datetime) -> None:
    """End it, and forget the address; where there is none nothing happens. Links asked for before confirm no more."""
    if rows_changed(delete(Subscriber).where(Subscriber.email == email)):
        _forget_departures(at)
        db.session.merge(Departure(mark=mark_of(email), left_at=at))
        db.session.flush()
        record(by=by, action="newsletter.left", subject_type="newsletter", subject="", at=at)


def write_issue(*, facts: IssueFacts, by: Actor, at: datetime) -> Issue:
    """A draft; raises Invalid by field."""
    if not WRITE_NEWS.held_by(by):
        raise Forbidden
    articles = _checked(facts, at)
    issue = Issue(code=f"BT{random_code(8)}", created_at=at, created_by=by.name, **_said(facts))
    db.session.add(issue)
    db.session.flush()
    _lead_to(issue, articles)
    record(by=by, action="issue.written", subject_type="issue", subject=issue.code, at=at)
    return issue


def change_issue(*, code: str, seen: str, facts: IssueFacts, by: Actor, at: datetime) -> None:
    """Write a draft anew; `seen` is the `mark_of_issue` of what was changed.

    Raises SentAlready, IssueChanged where another has changed it since, Invalid by field.
    """
    issue = _draft(code, by)
    if seen != mark_of_issue(issue):
        raise IssueChanged
    articles = _checked(facts, at)
    for name, value in _said(facts).items():
        setattr(issue, name, value)
    db.session.execute(delete(IssueItem).where(IssueItem.issue_id == issue.id))
    _lead_to(issue, articles)
    db.session.expire(issue, ["items"])
    record(by=by, action="issue.changed", subject_type="issue", subject=code, at=at)


def discard_issue(*, code: str, by: Actor, at: datetime) -> None:
    """Throw a draft away; raises SentAlready."""
    issue = _draft(code, by)
    db.session.execute(delete(IssueItem).where(IssueItem.issue_id == issue.id))
    db.session.delete(issue)
    record(by=by, action="issue.discarded", subject_type="issue", subject=code, at=at)


def send_issue(*, code: str, by: Actor, at: datetime) -> None:
    """Have the worker send it to everybody who gets it; raises SentAlready, ArticleGone."""
    issue = _draft(code, by)
    if not all(each.article.out(at) for each in issue.items):
        raise ArticleGone
    issue.sent_at = at
    enqueue(name=SEND, key=f"{SEND}:{code}", at=at, payload={"code": code})
    record(by=by, action="issue.sent", subject_type="issue", subject=code, at=at)


def mark_of_issue(issue: Issue) -> str:
    """A mark of all that an issue says: it tells whether another has changed it since."""
    said = (issue.subject, issue.subject_en, issue.words, issue.words_en, [each.article_id for each in issue.items])
    return token_hash(repr(said))[:16]


def _draft(code: str, by: Actor) -> Issue:
    """The issue, kept from others until the block ends; raises SentAlready."""
    if not WRITE_NEWS.held_by(by):
        raise Forbidden
    issue = get_issue(code, hold=True)
    if issue.sent_at is not None:
        raise SentAlready
    return issue


def _checked(facts: IssueFacts, at: datetime) -> list[Article]:
    """The articles that an issue leads to; raises Invalid by field where something will not do."""
    articles = _articles(facts.articles, at)
    errors = {}
    for name in ("subject", "subject_en"):
        if not 0 < len(nfc(getattr(facts, name))) <= 120:
            errors[name] = N_("Đặt tên bản tin, trong 120 ký tự.")
    if len(facts.words) > LONGEST or len(facts.words_en) > LONGEST:
        errors["words"] = N_("Viết ngắn hơn: nhiều nhất 4.000 ký tự.")
    if not 0 < len(articles) <= MOST_ARTICLES or len(articles) < len(set(facts.articles)):
        errors["articles"] = N_("Chọn từ 1 đến 10 bài đã đăng.")
    if errors:
        raise Invalid(errors)
    return articles


def _said(facts: IssueFacts) -> dict[str, str]:
    return {
        "subject": nfc(facts.subject),
        "subject_en": nfc(facts.subject_en),
        "words": facts.words.strip(),
        "words_en": facts.words_en.strip(),
    }


def _lead_to(issue: Issue, articles: Sequence[Article]) -> None:
    rows = [IssueItem(issue_id=issue.id, position=n, article_id=each.id) for n, each in enumerate(articles)]
    db.session.add_all(rows)
    db.session.flush()


def _forget_departures(at: datetime) -> None:
    """Of who left longer ago than a link lasts nothing is kept."""
    db.session.execute(delete(Departure).where(Departure.left_at < at - TWO_DAYS))


def _articles(slugs: Sequence[str], at: datetime) -> list[Article]:
    """The articles of these slugs that everybody may read, in their order."""
    query = select(Article).where(Article.slug.in_(slugs), Article.category.in_(NEWS)).order_by(Article.id)
    found = {each.slug: each for each in db.session.scalars(query) if each.out(at)}
    return [found[slug] for slug in dict.fromkeys(slugs) if slug in found]
