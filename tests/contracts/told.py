"""Articles, notices and newsletters for the table of access, and more of them for the table of costs."""

from collections.abc import Mapping
from datetime import datetime

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import transaction
from marketplace.platform.media.intake import take_in
from marketplace.trade.news.links import confirm_token, leave_token
from marketplace.trade.news.models import Category
from marketplace.trade.news.queries import get_issue
from marketplace.trade.news.services import add_picture, mark_of_issue, mark_read
from tests.builders import BY
from tests.platform.media.drawing import photo, saved
from tests.telling import ARTICLE_TYPED, NOTICE_TYPED, make_article, make_issue, make_notice, subscribe

TOLD_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    "POST /office/news/new": ARTICLE_TYPED,
    "POST /office/news/{tale}": ARTICLE_TYPED,
    "POST /office/news/{tale}/withdraw": ARTICLE_TYPED,
    "POST /office/news/{taledraft}/publish": ARTICLE_TYPED,
    "POST /office/news/{tale}/pictures/{talepicture}/drop": ARTICLE_TYPED,
    "POST /office/notices": NOTICE_TYPED,
    "POST /office/newsletter": {"subject": "Tin", "subject_en": "News", "articles": ["{tale}"]},
    "POST /office/newsletter/{issue}": {
        "subject": "Tin",
        "subject_en": "News",
        "articles": ["{tale}"],
        "seen": "{issuemark}",
    },
    "POST /office/newsletter/{issue}/send": {"sure": "1"},
    "POST /newsletter": {"email": "new@example.com"},
}


def told(at: datetime) -> dict[str, str]:
    """An article with a picture, handbook pages, a notice to each role, a draft newsletter, somebody who gets it."""
    article = make_article(at=at)
    made = take_in(saved(photo(330, 330)))
    with transaction():
        add_picture(slug=article.slug, made=made, alt="Phơi miến", alt_en="", by=BY, at=at)
    subscribe("reader@example.com", at=at)
    return {
        "tale": article.slug,
        "taledraft": make_article(at=at, out=False).slug,
        "talepicture": made.name,
        "guide": make_article(at=at, category=Category.PRODUCER_GUIDE, title="Làm hồ sơ").slug,
        "townguide": make_article(at=at, category=Category.COMMUNE_GUIDE, title="Kiểm tra").slug,
        "word": make_notice(at=at).code,
        "townword": make_notice(at=at, role=Role.COMMUNE_OFFICER, unit="2025:03390").code,
        "issue": (code := make_issue(article, at=at).code),
        "issuemark": mark_of_issue(get_issue(code)),
        "joinnews": confirm_token("joining@example.com", "vi"),
        "leavenews": leave_token("reader@example.com"),
    }


def grow_told(there: Mapping[str, str], producer: User, at: datetime, name: str) -> dict[str, str]:
    """One more of each."""
    article = make_article(at=at, title=f"Tin {name}")
    with transaction():
        add_picture(slug=article.slug, made=take_in(saved(photo(330, 330))), alt=name, alt_en="", by=BY, at=at)
    guide = make_article(at=at, category=Category.PRODUCER_GUIDE, title=f"Cẩm nang {name}")
    notice, read = (make_notice(at=at, title=f"{what} {name}") for what in ("Chưa đọc", "Đọc rồi"))
    with transaction():
        mark_read(code=read.code, by=producer.actor(), at=at)
    issue = make_issue(article, at=at)
    subscribe(f"{name}@example.com", at=at)
    return {
        "tale": there.get("tale", article.slug),
        "guide": there.get("guide", guide.slug),
        "word": there.get("word", notice.code),
        "issue": there.get("issue", issue.code),
    }
