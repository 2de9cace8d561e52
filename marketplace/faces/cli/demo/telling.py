"""News, handbooks, notices and a newsletter of the demonstration."""

import json
from datetime import datetime, timedelta

from marketplace.faces.cli.demo.texts import DATA
from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST, Actor
from marketplace.trade.news.models import Category
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

READERS = (("yen@example.com", "vi"), ("lan@example.com", "vi"), ("kate@example.com", "en"))
NOTICES = (
    (Role.PRODUCER, "", "Hạn nộp hồ sơ: 20 tháng 12", "Dossiers are due on 20 December",
     "Mang **bản gốc** tới xã để đối chiếu.", "Bring the **originals** to the commune."),
    (Role.PRODUCER, "2025:03390", "Mất điện ngày thứ Năm", "Power cut on Thursday",
     "Từ 8 đến 11 giờ ở Bình Lư.", "From 8 to 11 in Bình Lư."),
    (Role.COMMUNE_OFFICER, "", "Tập huấn chấm hồ sơ", "Training on dossiers",
     "Thứ Ba, 8 giờ, trực tuyến.", "Tuesday, 8 o'clock, online."),
)  # fmt: skip


def load_news(*, by: Actor, at: datetime) -> None:
    """Write and publish the articles, send notices, compose a newsletter; in the open block."""
    slugs = []
    for row in json.loads((DATA / "articles.json").read_text(encoding="utf-8")):
        when = at - timedelta(days=row.pop("days"))
        facts = ArticleFacts(**{**row, "category": Category(row["category"])})
        slug = write_article(facts=facts, by=by, at=min(when, at)).slug
        publish_article(slug=slug, when=when, by=by, at=min(when, at))
        if when <= at and facts.place == 0:
            slugs.append(slug)
    for role, unit, title, title_en, text, text_en in NOTICES:
        notice = NoticeFacts(role, title, text, at + timedelta(days=21), title_en, text_en, unit)
        send_notice(facts=notice, by=by, at=at - timedelta(days=1))
    for email, language in READERS:
        confirm_newsletter(email=email, language=language, asked=at, by=GUEST, at=at)
    issue = IssueFacts(
        "Phiên tháng này", "This month's market", "Miến vào vụ rồi.", "The noodles are here.", tuple(slugs[:3])
    )
    write_issue(facts=issue, by=by, at=at)
