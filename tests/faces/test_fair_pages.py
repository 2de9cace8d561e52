"""Fairs through pages: planned by the office, what is wrong beside its field; seen by the public in both languages."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.queries import budget_of, get_edition, list_budget
from marketplace.trade.fairs.services import move
from tests.builders import BY, make_user
from tests.conftest import Client, new_client
from tests.fairing import EDITION_TYPED, SESSION_TYPED, make_edition, release, session_facts
from tests.pages import send, sign_in


@pytest.fixture
def officer(app: Flask, client: Client, at: datetime) -> Client:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    return client


def test_from_plan_to_public(app: Flask, officer: Client, at: datetime) -> None:
    assert "Chưa có hội chợ nào." in officer.get("/office/fairs").text
    wrong = send(
        officer, "/office/fairs/new", **{**EDITION_TYPED, "ticket_price": "rẻ", "closes": "07:00", "title": ""}
    )
    assert wrong.status_code == 422
    for words in ("Đặt tên.", "Viết số tiền bằng chữ số", 'value="rẻ"', 'value="Quảng trường Thử"'):
        assert words in wrong.text, words
    assert "Giờ đóng cửa" in send(officer, "/office/fairs/new", **{**EDITION_TYPED, "closes": "07:00"}).text
    made = send(officer, "/office/fairs/new", **{**EDITION_TYPED, "ticket_price": "20.000đ", "sets": ["I.3.b"]})
    edition = db.session.scalars(select(Edition)).one()
    base = f"/office/fairs/{edition.code}"
    assert (made.headers["Location"], edition.ticket_price) == (base, Money(20_000))
    form = officer.get(f"{base}/edit").text
    assert 'value="20000"' in form
    assert send(officer, f"{base}/edit", **{**EDITION_TYPED, "venue": ""}).status_code == 422
    assert send(officer, f"{base}/edit", **EDITION_TYPED).status_code == 302
    send(officer, f"{base}/zones", zone=["Khu chè", ""], zone_en=["Tea", ""])
    bad = send(officer, f"{base}/quotas", place=["outside", "outside"], most=["3", "4"])
    assert (bad.status_code, "Mỗi nơi chỉ một dòng." in bad.text) == (422, True)
    bad = send(officer, f"{base}/quotas", place=["outside"], most=["ba"])
    assert (bad.status_code, 'value="ba"' in bad.text) == (422, True)
    send(officer, f"{base}/quotas", place=["outside", ""], most=["3", ""])
    bad = send(officer, f"{base}/budget", what=["Nhà bạt"], planned=["nhiều"], spent=["0"])
    assert (bad.status_code, 'value="nhiều"' in bad.text) == (422, True)
    bad = send(officer, f"{base}/budget", what=[""], planned=[""], spent=["5.000"])
    assert (bad.status_code, "Mỗi khoản cần tên" in bad.text) == (422, True)  # an amount without a name is not dropped
    send(officer, f"{base}/budget", what=["Nhà bạt", ""], planned=["12.000.000", ""], spent=["", ""])
    kept = get_edition(edition.code)
    assert [zone.name for zone in kept.zones] == ["Khu chè"]
    assert [(quota.place, quota.most) for quota in kept.quotas] == [("outside", 3)]
    assert budget_of(list_budget(kept.id)) == (Money(12_000_000), Money(0))
    assert new_client(app).get(f"/fairs/{edition.slug}").status_code == 404
    send(officer, f"{base}/open")
    page = new_client(app).get(f"/fairs/{edition.slug}")
    assert (page.status_code, "Đang nhận đăng ký" in page.text, '"ExhibitionEvent"' in page.text) == (200, True, True)
    assert "Hội chợ OCOP thử" in new_client(app).get("/").text
    told = send(officer, f"{base}/cancelled", note="")
    assert (told.status_code, "Ghi lý do hủy" in told.text) == (422, True)
    send(officer, f"{base}/cancelled", note="Bão số 9")
    assert "Hội chợ này không diễn ra. Bão số 9" in new_client(app).get(f"/fairs/{edition.slug}").text
    refused = officer.get(send(officer, f"{base}/selection").headers["Location"])
    assert "Hội chợ đang ở bước khác" in refused.text


def test_a_programme_is_written_and_released(app: Flask, officer: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    base = f"/office/fairs/{edition.code}/programme"
    assert "Chưa có mục nào" in officer.get(base).text
    wrong = send(officer, f"{base}/new", **{**SESSION_TYPED, "ends_at": "2026-12-18T08:00"})
    assert (wrong.status_code, "Giờ kết thúc phải sau giờ bắt đầu." in wrong.text) == (422, True)
    send(officer, f"{base}/new", **SESSION_TYPED, seats="30")
    send(officer, f"{base}/new", **{**SESSION_TYPED, "title": "Nói chuyện chè"})
    page = officer.get(base).text
    assert "Trùng giờ: " in page
    assert "Chưa công bố lần nào" in page
    public = new_client(app)
    assert "Nói chuyện chè" not in public.get(f"/fairs/{edition.slug}").text
    send(officer, f"{base}/release")
    assert "Nói chuyện chè" in public.get(f"/fairs/{edition.slug}").text
    item = next(part for part in officer.get(base).text.split('"') if part.startswith(f"{base}/TR")).rsplit("/", 1)
    code = item[-1] if item[-1] != "drop" else item[0].rsplit("/", 1)[-1]
    assert 'value="2026-12-18T09:00"' in officer.get(f"{base}/{code}").text
    send(officer, f"{base}/{code}", **{**SESSION_TYPED, "place": "Cổng"})
    assert "đổi giờ hoặc nơi" in officer.get(base).text
    send(officer, f"{base}/{code}/drop")
    assert ": bỏ" in officer.get(base).text


def test_what_programs_and_calendars_read(app: Flask, client: Client, at: datetime) -> None:
    edition = make_edition(at=at, title_en="Trial fair", latitude=22.4, longitude=103.4)
    release(edition.code, session_facts(about="Múa, hát", title_en="Opening"), at=at)
    text = client.get(f"/fairs/{edition.slug}/calendar.ics").text
    assert text.count("BEGIN:VEVENT") == 4  # three days and a session
    assert "DTSTART:20261218T010000Z" in text
    assert "SUMMARY:Khai mạc (Hội chợ OCOP thử)" in text
    assert "SUMMARY:Opening (Trial fair)" in client.get(f"/fairs/{edition.slug}/calendar.ics?lang=en").text
    (item,) = client.get("/api/v1/fairs").get_json()["items"]
    assert (item["slug"], item["first_day"], item["ticket_vnd"]) == (edition.slug, "2026-12-18", 0)
    assert client.get("/api/v1/fairs?x=1").status_code == 422
    assert f"/fairs/{edition.slug}<" in client.get("/sitemap.xml").text
    with transaction():
        move(code=edition.code, to=EditionState.CANCELLED, note="Bão", by=BY, at=at)
    assert "STATUS:CANCELLED" in client.get(f"/fairs/{edition.slug}/calendar.ics?lang=vi").text
    assert '"https://schema.org/EventCancelled"' in client.get(f"/fairs/{edition.slug}").text


def test_fairs_that_are_over_stay_to_be_read(app: Flask, client: Client, at: datetime) -> None:
    assert "Chưa có hội chợ nào sắp mở." in client.get("/fairs").text
    old = make_edition(at=at, title="Hội chợ mùa xuân")
    with transaction():
        row = db.session.get_one(Edition, old.id)
        row.first_day = row.last_day = at.date().replace(month=3)
    new = make_edition(at=at, series=old.fair.code, title="Hội chợ mùa đông")
    page = client.get("/fairs").text
    assert page.index("Hội chợ mùa đông") < page.index("Đã qua") < page.index("Hội chợ mùa xuân")
    assert "Các lần trước" in client.get(f"/fairs/{new.slug}").text
