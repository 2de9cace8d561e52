"""Articles are written, scheduled without a write, shown, taken off; no HTML of a writer's gets through."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.media.intake import take_in
from marketplace.platform.web.written import html_of
from marketplace.trade.news.models import Article, ArticleState, Category
from marketplace.trade.news.queries import (
    count_articles,
    count_news,
    get_article,
    get_guide,
    get_news,
    list_articles,
    list_guides,
    list_news,
    list_slugs,
)
from marketplace.trade.news.services import (
    ChangedMeanwhile,
    NotThisStep,
    add_picture,
    change_article,
    publish_article,
    remove_picture,
    withdraw_article,
    write_article,
)
from tests.builders import BY, make_user
from tests.platform.media.drawing import photo, saved
from tests.telling import FACTS, make_article


def test_the_time_alone_brings_it_out(app: Flask, at: datetime) -> None:
    later = at + timedelta(hours=3)
    article = make_article(at=at, when=later)
    draft = make_article(at=at, out=False)
    assert (draft.slug, list_news(at)) == ("dot-cham-thang-12-2", [])
    with pytest.raises(NotFound):
        get_news(article.slug, later - timedelta(seconds=1))
    assert get_news(article.slug, later).id == article.id
    assert ([a.id for a in list_news(later)], count_news(later)) == ([article.id], 1)
    assert count_news(later, category=Category.MARKET) == 0
    assert [slug for slug, _changed in list_slugs(later)] == [article.slug]
    with transaction():
        publish_article(slug=article.slug, when=None, by=BY, at=at)  # sooner after all
    assert list_news(at, category=Category.PROGRAMME)[0].id == article.id
    with transaction():
        withdraw_article(slug=article.slug, by=BY, at=at)
    assert list_news(later) == []
    for slug in (article.slug, draft.slug):
        with pytest.raises(NotThisStep), transaction():
            withdraw_article(slug=slug, by=BY, at=at)
    actions = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == article.slug)))
    assert actions == ["article.written", "article.published", "article.published", "article.withdrawn"]
    assert (count_articles(), len(list_articles(category=Category.PROGRAMME))) == (2, 2)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"summary_en": "x" * 401}, "summary_en"),
        ({"text": " "}, "text"),
        ({"text_en": "x" * 40_001}, "text_en"),
        ({"place": 1000}, "place"),
    ],
)
def test_what_will_not_do_is_told_by_field(app: Flask, at: datetime, said: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_article(at=at, **said)
    assert set(refused.value.fields) == {wrong}
    assert db.session.scalar(select(Article.id)) is None


def test_of_two_who_write_the_second_overwrites_nothing(app: Flask, at: datetime) -> None:
    article = make_article(at=at)
    with transaction():
        change_article(slug=article.slug, facts=FACTS, seen=1, by=BY, at=at)
    assert get_article(article.slug, by=BY).version == 1, "it said the same before"
    with transaction():
        change_article(slug=article.slug, facts=replace(FACTS, text="Mở rồi."), seen=1, by=BY, at=at)
    with pytest.raises(ChangedMeanwhile), transaction():
        change_article(slug=article.slug, facts=FACTS, seen=1, by=BY, at=at)
    assert get_article(article.slug, by=BY).version == 2


def test_each_handbook_is_for_those_concerned(app: Flask, at: datetime) -> None:
    one = make_article(at=at, category=Category.PRODUCER_GUIDE, title="Làm hồ sơ", place=2)
    two = make_article(at=at, category=Category.PRODUCER_GUIDE, title="Mở gian", place=1)
    towns = make_article(at=at, category=Category.COMMUNE_GUIDE, title="Kiểm tra")
    producer, commune, buyer = (make_user(r, at=at).actor() for r in (Role.PRODUCER, Role.COMMUNE_OFFICER, Role.BUYER))
    assert [a.id for a in list_guides(at, by=producer)] == [two.id, one.id]
    assert [a.id for a in list_guides(at, by=commune)] == [two.id, one.id, towns.id]
    assert list_guides(at, by=buyer) == list_news(at) == []
    assert get_guide(towns.slug, at, by=commune).id == towns.id
    for slug, by in ((towns.slug, producer), (one.slug, buyer)):
        with pytest.raises(NotFound):
            get_guide(slug, at, by=by)


def test_pictures(app: Flask, at: datetime) -> None:
    article = make_article(at=at)
    made = take_in(saved(photo(330, 330)))
    with transaction():
        add_picture(slug=article.slug, made=made, alt="Phơi miến", alt_en="", by=BY, at=at)
    for alt, alt_en in ((" ", ""), ("x" * 201, ""), ("x", "y" * 201)):
        with pytest.raises(Invalid), transaction():
            add_picture(slug=article.slug, made=made, alt=alt, alt_en=alt_en, by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        remove_picture(slug=article.slug, name="other", by=BY, at=at)
    with transaction():
        remove_picture(slug=article.slug, name=made.name, by=BY, at=at)
    assert get_article(article.slug, by=BY).pictures == []
    for n in range(12):
        with transaction():
            add_picture(slug=article.slug, made=take_in(saved(photo(330, 330))), alt=f"{n}", alt_en="", by=BY, at=at)
    with pytest.raises(Invalid) as refused, transaction():
        add_picture(slug=article.slug, made=take_in(saved(photo(330, 330))), alt="13", alt_en="", by=BY, at=at)
    assert set(refused.value.fields) == {"picture"}


def test_only_the_province_writes(app: Flask, at: datetime) -> None:
    article = make_article(at=at)
    for role in (Role.COMMUNE_OFFICER, Role.PRODUCER, Role.BUYER):
        by = make_user(role, at=at).actor()
        with pytest.raises(Forbidden), transaction():
            write_article(facts=FACTS, by=by, at=at)
        with pytest.raises(Forbidden), transaction():
            withdraw_article(slug=article.slug, by=by, at=at)
        with pytest.raises(NotFound):
            get_article(article.slug, by=by)
    assert get_article(article.slug, by=BY).state is ArticleState.PUBLISHED


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("//evil.example", False),
        ("//evil.example/products", False),
        ("/&#47;evil.example", False),
        ("HTTPS:evil.example", False),
        ("ftp://evil.example", False),
        ("file:///etc/passwd", False),
        ("https://ocop.example", True),
        ("mailto:a@example.com", True),
        ("tel:+842131234", True),
        ("/products", True),
        ("/", True),
        ("#muc", True),
        ("trang?x=1", True),
    ],
)
def test_links_are_plain_addresses(address: str, kept: bool) -> None:
    for text in (f"[x]({address})", f"[x]\n\n[x]: {address}"):
        assert ("<a href=" in html_of(text)) is kept, text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.gif)",
        "<a href='//evil' onclick='x'>",
        "[x](vbscript:x)",
        '[x](https://a.example "\\" onmouseover=alert(1) \\"")',
        "<svg/onload=alert(1)>",
        "<https://a.example/\"onmouseover='x'>",
    ],
)
def test_no_html_of_a_writers_gets_through(hostile: str) -> None:
    html = html_of(f"Đầu\n\n{hostile}\n")
    for mark in ("<script", "<img", "<svg", "onerror=alert", 'href="javascript', 'href="data', 'href="vbscript'):
        assert mark not in html.replace("&lt;", "") or "&lt;" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "<svg" not in html
    assert " onclick" not in html.replace("&lt;a href='//evil' onclick", "")
    assert 'href="javascript' not in html
    assert 'href="data' not in html
