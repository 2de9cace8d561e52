"""The office's register and decisions: narrowed, counted, taken away; a decision entered once with many papers."""

import csv
import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db
from marketplace.platform.web.spreadsheets import harmless
from marketplace.registry.certification.authorities import authorities
from marketplace.registry.certification.models import Certificate, Decision
from marketplace.registry.certification.register import Asked, count_by_standing, count_register, list_register
from tests.builders import (
    BY,
    make_certificate,
    make_producer,
    make_product,
    make_user,
    revoke_certificate,
)
from tests.conftest import TODAY, Client
from tests.pages import send, sign_in

REGISTER = "/office/certification"


@pytest.fixture
def officer(client: Client, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))


def some_products(at: datetime) -> None:
    """One of each standing."""
    producer = make_producer("HTX Bình Lư", at=at)
    make_certificate(make_product(producer, "Miến còn hạn", at=at), at=at, stars=4)
    soon = make_product(producer, "Chè sắp hết", at=at, set_code="I.5.a")
    make_certificate(soon, at=at, stars=3, days_ago=500, expires_on=TODAY + timedelta(days=30))
    lapsed = make_product(producer, "Gạo đã hết", at=at, set_code="I.2.a")
    make_certificate(lapsed, at=at, days_ago=500, expires_on=TODAY - timedelta(days=1))
    revoked = make_product(make_producer("Tổ Mường Tè", at=at, commune="03445"), "Mật ong thu hồi", at=at)
    revoke_certificate(make_certificate(revoked, at=at), at=at)
    make_product(producer, "Chưa có giấy", at=at)


def names(at: datetime, **asked: Any) -> list[str]:
    found = list_register(by=BY, on=TODAY, asked=Asked(**asked))
    assert count_register(by=BY, on=TODAY, asked=Asked(**asked)) == len(found)
    return [entry.product.name for entry in found]


def test_the_register_narrows(app: Flask, at: datetime) -> None:
    some_products(at)
    assert count_by_standing(by=BY, on=TODAY) == {
        "in_force": 2, "expiring": 1, "lapsed": 1, "revoked": 1, "none": 1,
    }  # fmt: skip
    assert names(at, standing="in_force") == ["Chè sắp hết", "Miến còn hạn"]
    assert names(at, standing="expiring") == ["Chè sắp hết"]
    assert names(at, standing="lapsed") == ["Gạo đã hết"]
    assert names(at, standing="revoked") == names(at, commune="03445") == ["Mật ong thu hồi"]
    assert names(at, standing="none") == ["Chưa có giấy"]
    assert names(at, stars=3) == ["Chè sắp hết"]
    assert names(at, set_code="I.2.a") == ["Gạo đã hết"]
    assert names(at, words="mien binh lu") == ["Miến còn hạn"]
    assert names(at, words="MUONG te") == ["Mật ong thu hồi"]
    assert names(at, words="%") == names(at, words="_") == []
    assert {e.standing for e in list_register(by=BY, on=TODAY, per_page=None)} == {
        "in_force", "lapsed", "revoked", "none",
    }  # fmt: skip


@pytest.mark.usefixtures("officer")
def test_the_page_shows_what_is_asked(client: Client, at: datetime) -> None:
    some_products(at)
    page = client.get(f"{REGISTER}?standing=lapsed").text
    assert ("Gạo đã hết" in page, "Miến còn hạn" in page) == (True, False)
    assert f"{REGISTER}/export.xlsx?standing=lapsed" in page
    strange = client.get(f"{REGISTER}?standing=x&stars=9&set=x&commune=x&page=x")
    assert (strange.status_code, "Không có sản phẩm nào khớp" in strange.text) == (200, True)


@pytest.mark.usefixtures("officer")
def test_what_is_taken_away_computes_nothing(client: Client, at: datetime) -> None:
    evil = '=HYPERLINK("http://x","y")'
    product = make_product(make_producer("@SUM(1)", at=at), evil, at=at)
    make_certificate(product, at=at, printed="+1")
    make_product(make_producer("HTX", at=at), "-2+3", at=at)
    answer = client.get(f"{REGISTER}/export.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Sản phẩm", "'-2+3", f"'{evil}"]
    assert (rows[2][2], rows[2][8], rows[2][5]) == ("'@SUM(1)", "'+1", "4")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert "attachment" in answer.headers["Content-Disposition"]
    book = client.get(f"{REGISTER}/export.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0)
    assert [row[1] for row in sheet.to_python()] == ["Sản phẩm", "-2+3", evil]
    held = zipfile.ZipFile(io.BytesIO(book.data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in held
    assert [row[1] for row in csv.reader(io.StringIO(client.get(f"{REGISTER}/export.csv?q=zzz").text))] == ["Sản phẩm"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "＝1", "\r1"])
def test_what_starts_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("Miến 1+1") == "Miến 1+1"


@pytest.mark.usefixtures("officer")
def test_a_decision_is_entered_once_and_filled(app: Flask, client: Client, at: datetime) -> None:
    producer = make_producer("HTX Bình Lư", at=at)
    one, two = (make_product(producer, name, at=at) for name in ("Miến dong", "Miến đao"))
    page = client.get(f"{REGISTER}/decisions/new").text
    assert '<option value="UBND tỉnh Lai Châu">' in page
    assert '<option value="UBND huyện Tam Đường">24/02/2023' in page
    facts = {"authority": "UBND tỉnh Lai Châu", "level": "province", "number": "12/QĐ-UBND", "issued_on": "2026-03-02"}
    early = send(client, f"{REGISTER}/decisions/new", **(facts | {"issued_on": "2018-01-01"}))
    assert (early.status_code, "07/05/2018" in early.text) == (422, True)
    path = send(client, f"{REGISTER}/decisions/new", **facts).headers["Location"]
    assert send(client, f"{REGISTER}/decisions/new", **facts).headers["Location"] == path  # the same decision
    other = send(client, f"{REGISTER}/decisions/new", **(facts | {"level": "ministry"}))
    assert (other.status_code, "cấp ban hành khác" in other.text) == (422, True)
    assert db.session.scalar(select(func.count(Decision.id))) == 1
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "decision.entered")) == 1
    assert "Chưa có sản phẩm nào" in client.get(path).text
    found = client.get(f"{path}?q=mien").text
    assert one.code in found
    assert two.code in found
    none = send(client, f"{path}?q=mien", stars="4")
    assert (none.status_code, "Tìm rồi chọn một sản phẩm" in none.text) == (422, True)
    five = send(client, f"{path}?q=mien", product=one.code, stars="5", score="91", printed_number="7/OCOP")
    assert (five.status_code, "không có quyền công nhận" in five.text, 'value="7/OCOP"' in five.text) == (
        422,
        True,
        True,
    )
    assert send(client, path, product=one.code, stars="4", score="91", potential_five="1").status_code == 302
    again = send(client, path, product=one.code, stars="4")
    assert (again.status_code, "đã cấp chứng nhận" in again.text) == (422, True)
    assert send(client, path, product=two.code, stars="3").status_code == 302
    assert send(client, path, product="SPNOPE", stars="3").status_code == 404
    whole = client.get(path).text
    assert "Công nhận 2 sản phẩm" in whole
    left = client.get(f"{path}?q=mien").text
    assert "hoặc đã có trong quyết định này" in left
    kept = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [(c.stars, c.potential_five) for c in kept] == [(4, True), (3, False)]
    listed = client.get(f"{REGISTER}/decisions").text
    assert "12/QĐ-UBND" in listed


@pytest.mark.usefixtures("officer")
def test_a_decision_shows_what_it_took_back(client: Client, at: datetime) -> None:
    revoke_certificate(make_certificate(make_product(make_producer(at=at), at=at), at=at), at=at, reason="Sai hồ sơ")
    decision = db.session.scalars(select(Decision).order_by(Decision.id.desc())).first()
    assert decision is not None
    page = client.get(f"{REGISTER}/decisions/{decision.code}").text
    assert "Thu hồi 1 giấy" in page
    assert "Sai hồ sơ" in page
    assert client.get(f"{REGISTER}/decisions/QDNOPE").status_code == 404


def test_authorities_by_level_and_date() -> None:
    found = authorities("Tỉnh Lai Châu", ["Huyện Tam Đường"])
    assert [(a.name, a.level.value, str(a.valid_from), str(a.valid_until)) for a in found] == [
        ("UBND tỉnh Lai Châu", "province", "None", "None"),
        ("Bộ Nông nghiệp và Môi trường", "ministry", "2025-03-01", "None"),
        ("Bộ Nông nghiệp và Phát triển nông thôn", "ministry", "None", "2025-02-28"),
        ("UBND huyện Tam Đường", "district", "2023-02-24", "2025-06-30"),
    ]
