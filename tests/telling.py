"""Builders of what the office tells: articles, notices, who gets the newsletter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import transaction
from marketplace.trade.news.models import Article, Category, Issue, Notice
from marketplace.trade.news.queries import get_article
from marketplace.trade.news.services import (
    ArticleFacts,
    IssueFacts,
    NoticeFacts,
    confirm_newsletter,
    publish_article,
    send_notice,
    write_article,
    write_issue,
)
from tests.builders import BY

FACTS = ArticleFacts(Category.PROGRAMME, "Đợt chấm tháng 12", "Mở từ **1/12**.", "December round", "Ba tuần nhận hồ sơ")
ARTICLE_TYPED: Mapping[str, str] = {
    "category": "market",
    "title": "Giá miến",
    "text": "Lên.",
    "place": "0",
    "seen": "1",
}
NOTICE_TYPED: Mapping[str, str] = {
    "role": "producer",
    "unit": "",
    "title": "Họp",
    "text": "Thứ Sáu.",
    "until": "31/12/2026",
}


def make_article(*, at: datetime, out: bool = True, when: datetime | None = None, **said: Any) -> Article:
    """An article, read by all from now on unless said otherwise."""
    with transaction():
        slug = write_article(facts=replace(FACTS, **said), by=BY, at=at).slug
    if out:
        with transaction():
            publish_article(slug=slug, when=when, by=BY, at=at)
    return get_article(slug, by=BY)


def make_notice(*, at: datetime, role: Role = Role.PRODUCER, unit: str = "", days: int = 9, **said: Any) -> Notice:
    """A notice that stands for some days."""
    facts = NoticeFacts(role, "Nộp hồ sơ trước 20/12", "Mang **bản gốc**.", at + timedelta(days=days), unit=unit)
    with transaction():
        return send_notice(facts=replace(facts, **said), by=BY, at=at)


def subscribe(email: str, *, at: datetime, language: str = "vi") -> None:
    """An address that gets the newsletter."""
    with transaction():
        confirm_newsletter(email=email, language=language, asked=at, by=GUEST, at=at)


def make_issue(*articles: Article, at: datetime, **said: Any) -> Issue:
    """A draft newsletter of these articles."""
    facts = IssueFacts("Phiên tháng 12", "December market", "Chào bạn.", "Hello.", tuple(a.slug for a in articles))
    with transaction():
        return write_issue(facts=replace(facts, **said), by=BY, at=at)
