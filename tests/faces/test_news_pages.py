"""News on the page: read, fed, written, scheduled; handbooks; notices on desks; the newsletter from end to end."""

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.faces.office_desk.newsletter_pages import LETTER_POLICY
from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.news.links import leave_token
from marketplace.trade.news.models import Article, Category, Issue, Notice, Subscriber
from marketplace.trade.news.queries import get_article, list_news
from marketplace.trade.news.services import withdraw_article
from tests.builders import BY, make_producer, make_user
from tests.conftest import Client
from tests.pages import hidden, send, sign_in
from tests.platform.media.drawing import photo, saved
from tests.showing import POINT_TYPED
from tests.telling import ARTICLE_TYPED, NOTICE_TYPED, make_article, make_notice, subscribe

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def office(app: Flask, at: datetime, client: Client) -> Client:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    return client


def test_news_are_read_in_both_languages(app: Flask, client: Client, at: datetime) -> None:
    article = make_article(at=at, text_en="Opens on **1 December**.")
    make_article(at=at, title="Ngày mai", when=at + timedelta(days=1))
    page = client.get("/news").text
    assert ("Đợt chấm tháng 12" in page, "Ngày mai" in page) == (True, False)
    assert "Đợt chấm" not in client.get("/news?category=market").text
    assert client.get("/news?category=xx&page=9").status_code == 200
    shown = client.get(f"/news/{article.slug}").text
    assert "<strong>1/12</strong>" in shown
    assert "<strong>1 December</strong>" in client.get(f"/news/{article.slug}?lang=en").text
    assert client.get("/news/ngay-mai").status_code == 404
    assert f"/news/{article.slug}" in client.get("/sitemap.xml").text


def test_the_feed_is_sound_atom(app: Flask, client: Client, at: datetime) -> None:
    make_article(at=at, title="Chè & miến <b>", summary="Một & hai")
    answer = client.get("/news/feed.xml")
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", namespaces=ATOM)
    (entry,) = feed.findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Chè & miến <b>"
    for name in ("id", "updated", "published", "summary"):
        assert entry.findtext(f"a:{name}", namespaces=ATOM)
    content = entry.find("a:content", ATOM)
    assert content is not None
    assert (content.get("type"), "<strong>" in (content.text or "")) == ("html", True)
    assert "December" not in answer.text
    english = ET.fromstring(client.get("/news/feed.xml?lang=en").data)
    assert english.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_the_office_writes_looks_and_schedules(app: Flask, office: Client, at: datetime) -> None:
    wrong = send(office, "/office/news/new", **{**ARTICLE_TYPED, "text": ""})
    assert (wrong.status_code, 'value="Giá miến"' in wrong.text) == (422, True)
    assert db.session.scalar(select(Article.id)) is None
    assert send(office, "/office/news/new", **ARTICLE_TYPED).status_code == 302
    base = "/office/news/gia-mien"
    assert send(office, base, **{**ARTICLE_TYPED, "text": "Lên rồi."}).status_code == 302
    stale = send(office, base, **{**ARTICLE_TYPED, "text": "Của tôi"})
    assert (stale.status_code, "Của tôi" in stale.text, "Có người vừa sửa" in stale.text) == (422, True, True)
    assert get_article("gia-mien", by=BY).text == "Lên rồi."
    assert "Lên rồi." in office.get(f"{base}/preview").text
    typed = {**ARTICLE_TYPED, "text": "Lên rồi.", "seen": "2"}
    for day, hour in (("x", "8"), ("1/12/2026", "25:00"), ("2026-12-01", ""), ("", "8")):
        refused = send(office, f"{base}/publish", **typed, day=day, hour=hour)
        assert (refused.status_code, f'value="{day}"' in refused.text, NO_INSTANT in refused.text) == (422, True, True)
    assert '<input class="input" type="date" id="day" name="day"' in office.get(base).text
    scheduled = send(office, f"{base}/publish", **typed, day="2026-11-24", hour="8")
    assert "Bài hiện từ giờ đã chọn" in office.get(scheduled.location).text
    assert get_article("gia-mien", by=BY).published_at == datetime.fromisoformat("2026-11-24T01:00:00+00:00")
    assert send(office, f"{base}/publish", **typed, day="24/11/2026", hour="7h30").status_code == 302
    assert list_news(at) == []
    assert [a.slug for a in list_news(datetime.fromisoformat("2026-11-24T00:30:00+00:00"))] == ["gia-mien"]
    assert "hẹn giờ" in office.get("/office/news").text
    assert "Đã đăng: bài đang hiện." in office.get(send(office, f"{base}/publish", **typed).location).text
    assert office.get("/news/gia-mien").status_code == 200
    assert send(office, f"{base}/pictures", **typed, alt="Giá").status_code == 422
    assert send(office, f"{base}/pictures", **typed, alt="Giá", picture=a_picture()).status_code == 302
    (shot,) = get_article("gia-mien", by=BY).pictures
    assert shot.picture.name in office.get("/news/gia-mien").text
    assert send(office, f"{base}/pictures/{shot.picture.name}/drop", **typed).status_code == 302
    assert get_article("gia-mien", by=BY).pictures == []
    assert send(office, f"{base}/withdraw", **typed).status_code == 302
    assert office.get("/news/gia-mien").status_code == 404
    again = send(office, f"{base}/withdraw", **typed)
    assert (again.status_code, "Bài này đang ở trạng thái khác." in again.text) == (422, True)


NO_INSTANT = "Nhập ngày như 31/12/2026 và giờ như 7:30."


def a_picture() -> tuple[BytesIO, str]:
    return BytesIO(saved(photo(400, 400))), "a.jpg"


@pytest.mark.parametrize("button", ["/publish", "/withdraw", "/pictures", "/pictures/{name}/drop", ""])
def test_no_button_throws_away_what_is_typed(app: Flask, office: Client, at: datetime, button: str) -> None:
    article = make_article(at=at)
    base = f"/office/news/{article.slug}"
    assert send(office, base, **ARTICLE_TYPED, alt="Ruộng", picture=a_picture()).status_code == 302
    (shot,) = get_article(article.slug, by=BY).pictures
    path = base + button.format(name=shot.picture.name)
    typed = {**ARTICLE_TYPED, "seen": "2", "text": "Viết dở.", "alt": "Phiên chợ", "day": "1/12/2026", "hour": "9:15"}
    refused = send(office, path, **{**typed, "title": ""}, picture=a_picture())
    assert refused.status_code == 422
    for kept in (">Viết dở.<", 'value="Phiên chợ"', 'value="1/12/2026"', 'value="9:15"', "Chọn lại tệp ảnh"):
        assert kept in refused.text
    stale = send(office, path, **{**typed, "seen": "1"})
    assert (stale.status_code, "Viết dở." in stale.text) == (422, True)
    unchanged = get_article(article.slug, by=BY)
    assert (unchanged.text, len(unchanged.pictures), unchanged.state.value) == ("Lên.", 1, "published")
    went_on = send(office, path, **typed, picture=a_picture())
    now = get_article(article.slug, by=BY)
    alts = ["Phiên chợ"] if "drop" in button else ["Ruộng", "Phiên chợ"]
    assert (now.text, [each.alt for each in now.pictures]) == ("Viết dở.", alts)
    assert went_on.location == (base if button == "/publish" else f"{base}?day=1/12/2026&hour=9:15")
    shown = office.get(went_on.location).text
    assert ('value="1/12/2026"' in shown, 'value="9:15"' in shown) == (button != "/publish",) * 2


def test_another_button_of_an_unchanged_page_writes_no_change(app: Flask, office: Client, at: datetime) -> None:
    article = make_article(at=at)
    base = f"/office/news/{article.slug}"
    send(office, base, **ARTICLE_TYPED)
    send(office, f"{base}/withdraw", **{**ARTICLE_TYPED, "seen": "2"})
    actions = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == article.slug)))
    assert actions[-2:] == ["article.changed", "article.withdrawn"]
    assert get_article(article.slug, by=BY).version == 2


@pytest.mark.parametrize("day", ["0001-01-01", "01/01/0001", "31/12/9999", "1/1/202"])
def test_a_day_of_another_time_is_none(app: Flask, office: Client, at: datetime, day: str) -> None:
    article = make_article(at=at, out=False)
    refused = send(office, f"/office/news/{article.slug}/publish", **ARTICLE_TYPED, day=day, hour="00:00")
    assert (refused.status_code, NO_INSTANT in refused.text) == (422, True)
    assert get_article(article.slug, by=BY).published_at is None
    told = send(office, "/office/notices", **{**NOTICE_TYPED, "until": day})
    assert (told.status_code, db.session.scalar(select(Notice.id))) == (422, None)


def test_what_is_called_new_is_opened_again(app: Flask, client: Client, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    made = send(client, "/office/news/new", **{**ARTICLE_TYPED, "title": "New"})
    assert made.location == "/office/news/new-2"
    assert send(client, "/office/news/new-2/publish", **ARTICLE_TYPED, day="", hour="").status_code == 302
    assert client.get("/news/new-2").status_code == 200
    point = send(client, "/office/showcase/new", **{**POINT_TYPED, "name": "New"})
    assert (point.location, client.get("/office/showcase/new-2").status_code) == ("/office/showcase/new-2", 200)


def test_handbooks_are_for_those_concerned(app: Flask, client: Client, at: datetime) -> None:
    page = make_article(at=at, category=Category.PRODUCER_GUIDE, title="Làm hồ sơ")
    towns = make_article(at=at, category=Category.COMMUNE_GUIDE, title="Kiểm tra điểm")
    sign_in(client, make_user(Role.PRODUCER, at=at))
    shown = client.get("/handbook").text
    assert ("Làm hồ sơ" in shown, "Kiểm tra điểm" in shown) == (True, False)
    assert client.get(f"/handbook/{page.slug}").status_code == 200
    assert client.get(f"/handbook/{towns.slug}").status_code == 404
    assert client.get(f"/news/{page.slug}").status_code == 404


def test_a_notice_stands_on_the_desk_until_it_is_read(app: Flask, office: Client, at: datetime) -> None:
    wrong = send(office, "/office/notices", **{**NOTICE_TYPED, "until": "x"})
    assert (wrong.status_code, 'value="Họp"' in wrong.text, db.session.scalar(select(Notice.id))) == (422, True, None)
    assert send(office, "/office/notices", **{**NOTICE_TYPED, "unit": "2025:03390"}).status_code == 302
    code = str(db.session.scalar(select(Notice.code)))
    desk = _producer(app, at)
    assert "Họp" in desk.get("/producer/").text
    assert send(desk, f"/notices/{code}/read").status_code == 302
    assert "Họp" not in desk.get("/producer/").text
    assert "đã đọc" in desk.get("/notices").text
    assert "1 trên 1 người đã đọc" in office.get(f"/office/notices/{code}").text
    assert send(office, f"/office/notices/{code}/withdraw").status_code == 302
    assert "Họp" not in desk.get("/notices").text
    for n in range(5):
        make_notice(at=at, title=f"Tin {n}")
    assert "Còn 2 thông báo chưa đọc" in desk.get("/producer/").text


def _producer(app: Flask, at: datetime) -> Client:
    visitor = app.test_client()
    assert isinstance(visitor, Client)
    user = make_user(Role.PRODUCER, at=at)
    make_producer(at=at, user=user)
    sign_in(visitor, user)
    return visitor


def test_the_newsletter_from_end_to_end(app: Flask, client: Client, at: datetime) -> None:
    wrong = send(client, "/newsletter", email="x")
    assert (wrong.status_code, 'value="x"' in wrong.text) == (422, True)
    subscribe("has@example.com", at=at)
    answers = [send(client, "/newsletter", email=email) for email in ("new@example.com", "HAS@example.com")]
    assert [(a.status_code, a.location) for a in answers] == [(302, "/newsletter/asked")] * 2
    assert client.get("/newsletter/asked").status_code == 200
    letter = db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address == "new@example.com")).one()
    path = "/newsletter/confirm/" + letter.text.split("/newsletter/confirm/")[1].split()[0]
    page = client.get(path)  # a program that opens links confirms nothing
    assert db.session.scalar(select(Subscriber.id).where(Subscriber.email == "new@example.com")) is None
    assert client.post(path, data=hidden(page, path)).status_code == 200
    assert db.session.scalar(select(Subscriber.id).where(Subscriber.email == "new@example.com")) is not None
    assert client.get("/newsletter/confirm/x").status_code == 404
    leave = f"/newsletter/leave/{leave_token('new@example.com')}"
    assert client.get(leave).status_code == 200
    assert client.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200  # no token, no cookie
    assert list(db.session.scalars(select(Subscriber.email))) == ["has@example.com"]
    assert client.post("/newsletter/leave/x").status_code == 404
    again = send(client, path)
    assert (again.status_code, "Muốn nhận lại, hãy đăng ký lại." in again.text) == (409, True)
    assert list(db.session.scalars(select(Subscriber.email))) == ["has@example.com"]


def test_an_issue_is_written_and_sent_once(app: Flask, office: Client, at: datetime) -> None:
    article = make_article(at=at)
    subscribe("a@example.com", at=at)
    assert send(office, "/office/newsletter", subject="Tin", subject_en="").status_code == 422
    typed = {"subject": "Tin", "subject_en": "News", "articles": article.slug}
    assert send(office, "/office/newsletter", **typed).status_code == 302
    code = str(db.session.scalar(select(Issue.code)))
    there = f"/office/newsletter/{code}"
    assert f'href="{there}"' in office.get("/office/newsletter").text
    subscribe("b@example.com", at=at, language="en")
    asked = "Gửi bản đã lưu này cho 2 người. Gửi rồi không lấy lại được."
    page = office.get(there).text
    assert (asked in page, "<details><summary>Gửi cho mọi người</summary>" in page) == (True, True)
    unsure = send(office, f"{there}/send")
    assert (unsure.status_code, "<details open>" in unsure.text, 'value="Tin"' in unsure.text) == (422, True, True)
    assert "Đánh dấu vào đây rồi mới gửi được." in unsure.text
    assert db.session.scalar(select(Issue.sent_at)) is None
    for _ in range(2):
        assert send(office, f"{there}/send", sure="1").status_code == 302
    page = office.get(there).text
    assert ("Bản tin này đã gửi rồi." in page, "1 người nhận bằng tiếng Việt" in page) == (True, True)
    assert ("Sửa bản nháp" in page, "/discard" in page) == (False, False)


def test_a_draft_is_looked_at_changed_and_thrown_away(app: Flask, office: Client, at: datetime) -> None:
    article = make_article(at=at)
    typed = {"subject": "Tin", "subject_en": "News", "words": "Chào.", "articles": article.slug}
    there = send(office, "/office/newsletter", **typed).headers["Location"]
    page = office.get(there).text
    assert [text in page for text in ("Chào.", "December round", "/newsletter/leave/")] == [True] * 3
    letter = office.get(f"{there}/letter/en")
    assert (letter.headers["Content-Security-Policy"], "December round" in letter.text) == (LETTER_POLICY, True)
    assert office.get(f"{there}/letter/fr").status_code == 404
    seen = hidden(office.get(there), there)["seen"]
    assert send(office, there, **{**typed, "subject_en": ""}, seen=seen).status_code == 422
    assert send(office, there, **{**typed, "subject": "Tin chạp"}, seen=seen).status_code == 302
    late = send(office, there, **{**typed, "subject": "Tin muộn"}, seen=seen)
    assert (late.status_code, "Có người vừa sửa bản tin này" in late.text, 'value="Tin muộn"' in late.text) == (
        422,
        True,
        True,
    )
    with transaction():
        withdraw_article(slug=article.slug, by=BY, at=at)
    assert "chưa gửi được" in office.get(there).text
    assert send(office, f"{there}/discard").headers["Location"] == "/office/newsletter"
    assert (office.get(there).status_code, "Tin chạp" in office.get("/office/newsletter").text) == (404, False)
