"""The legal pages: drafts in both languages, versions in force by day, written by administrators alone."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.office.legal.models import Page, PageVersion
from marketplace.office.legal.queries import draft, in_force
from marketplace.office.legal.services import NewWording, WrittenMeanwhile, write_page
from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.web.written import html_of
from tests.builders import BY, make_user
from tests.conftest import TODAY, Client, new_client
from tests.pages import send, sign_in


def wording(
    text: str = "Chữ", *, on: date = TODAY, seen: int = 0, text_en: str = "Words", reason: str = "vì"
) -> NewWording:
    return NewWording(text, text_en, on, reason, seen)


def write(new: NewWording, at: datetime, by: Actor = BY) -> None:
    with transaction():
        write_page(page=Page.PRIVACY, wording=new, by=by, at=at)


@pytest.mark.parametrize("page", list(Page))
def test_each_page_has_a_draft_in_both_languages(client: Client, at: datetime, page: Page) -> None:
    assert draft(page).text != draft(page).text_en
    for lang, text in (("vi", draft(page).text), ("en", draft(page).text_en)):
        shown = client.get(f"/legal/{page.value}?lang={lang}")
        assert shown.status_code == 200
        assert html_of(text) in shown.text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("# Một\n\nhai", "<h2>Một</h2>\n<p>hai</p>\n"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](/legal/owner)", '<p><a href="/legal/owner">x</a></p>\n'),
        ("![x](http://elsewhere/p.png)", '<p>!<a href="http://elsewhere/p.png">x</a></p>\n'),
    ],
)
def test_markdown_lets_no_html_through(typed: str, shown: str) -> None:
    assert html_of(typed) == shown


def test_versions_come_into_force_by_day_and_stay_readable(app: Flask, client: Client, at: datetime) -> None:
    write(wording("Bản một"), at)
    write(wording("Bản hai", on=TODAY + timedelta(days=10), seen=1), at)
    assert [in_force(Page.PRIVACY, on=TODAY + timedelta(days=n)).number for n in (-1, 0, 9, 10)] == [0, 1, 1, 2]
    assert "Bản một" in client.get("/legal/privacy").text
    assert "Bản hai" in client.get("/legal/privacy?version=2").text
    assert "Bản một" in client.get("/legal/privacy?version=9").text
    assert client.get("/legal/nothing").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " "}, "text"),
        ({"text_en": ""}, "text_en"),
        ({"text": "x" * 40_001}, "text"),
        ({"reason": " "}, "reason"),
        ({"on": TODAY - timedelta(days=1)}, "effective_on"),
    ],
)
def test_a_wording_is_checked(app: Flask, at: datetime, change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(wording(**change), at)  # type: ignore[arg-type] # a table of facts
    assert list(refused.value.fields) == [field]
    assert db.session.scalar(select(func.count()).select_from(PageVersion)) == 0


def test_only_administrators_write_and_never_over_each_other(app: Flask, at: datetime) -> None:
    with pytest.raises(Forbidden):
        write(wording(), at, by=Actor(name="x", role=Role.PROVINCE_OFFICER))
    write(wording(), at)
    with pytest.raises(WrittenMeanwhile):
        write(wording("Bản khác"), at)
    assert db.session.scalars(select(PageVersion.text)).all() == ["Chữ"]


def test_the_desk_previews_saves_and_keeps_what_was_typed(app: Flask, at: datetime) -> None:
    client = new_client(app)
    sign_in(client, make_user(Role.ADMIN, at=at))
    assert client.get("/office/legal").text.count("bản mẫu, chưa ai duyệt") == len(Page)
    typed = {"text": "# Mới", "text_en": "# New", "effective_on": TODAY.isoformat(), "reason": "sửa", "seen": "0"}
    preview = send(client, "/office/legal/owner", **typed, preview="1")
    assert "<h2>Mới</h2>" in preview.text
    assert db.session.scalar(select(func.count()).select_from(PageVersion)) == 0
    bad = send(client, "/office/legal/owner", **{**typed, "reason": ""})
    assert (bad.status_code, "# Mới" in bad.text) == (422, True)
    assert send(client, "/office/legal/owner", **typed).status_code == 302
    assert "<h2>Mới</h2>" in client.get("/legal/owner").text
    late = send(client, "/office/legal/owner", **{**typed, "text": "# Muộn"})
    assert "Có người vừa lưu một bản mới" in late.text
    assert "# Muộn" in late.text
