"""The pages of dossiers: an idea to the council's door, by a producer and two officers, without JavaScript."""

import re
from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db
from marketplace.registry.dossiers.models import Dossier, DossierState, PreAssessment
from tests.builders import (
    fill_dossier,
    make_certificate,
    make_dossier,
    make_paper,
    make_producer,
    make_product,
    make_round,
    make_user,
    pdf,
)
from tests.conftest import Client, new_client
from tests.pages import send, sign_in, token

IDEA = {"name": "Trà hoa", "set_code": "I.5.b", "exists": "no", "wanted_stars": "3", "idea": "Hoa rừng của bản"}
ASSESSED = {
    "held_on": "2026-11-20",
    "conclusion": "Đề nghị tỉnh chấm",
    **{f"met-{t}": "yes" for t in ("local_material", "local_labour", "origin_of_idea", "local_identity")},
    **dict.fromkeys(("local_material", "local_labour", "origin_of_idea", "local_identity"), "Đủ"),
}


@pytest.fixture
def maker(client: Client, at: datetime) -> User:
    user = make_user(Role.PRODUCER, at=at)
    make_producer("Lò miến", at=at, user=user)
    sign_in(client, user)
    return user


def signed_in(app: Flask, role: Role, at: datetime) -> Client:
    visitor = new_client(app)
    sign_in(visitor, make_user(role, at=at))
    return visitor


def state() -> DossierState:
    db.session.rollback()
    db.session.expunge_all()
    return db.session.scalars(select(Dossier.state)).one()


def upload(client: Client, path: str, field: str, data: bytes, name: str, **fields: str) -> TestResponse:
    answer = client.post(path, data={"csrf_token": token(client), **fields, field: (BytesIO(data), name)})
    answer.request.environ["wsgi.input"].close()
    return answer


def test_from_an_idea_to_the_councils_door(app: Flask, client: Client, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    commune, province = signed_in(app, Role.COMMUNE_OFFICER, at), signed_in(app, Role.PROVINCE_OFFICER, at)
    bad = send(client, "/producer/dossiers/new", **{**IDEA, "name": "", "idea": "Hoa rừng"})
    assert (bad.status_code, "Hoa rừng" in bad.text, "Nhập tên sản phẩm" in bad.text) == (422, True, True)
    for typed in ("", "Hoa", " \n"):
        refused = send(client, "/producer/dossiers/new", **{**IDEA, "idea": typed})
        assert (refused.status_code, "Kể vài dòng: món này là gì" in refused.text) == (422, True)
    assert db.session.scalars(select(Dossier)).all() == []
    page = send(client, "/producer/dossiers/new", **IDEA).headers["Location"]
    assert "Đã lưu ý tưởng." in client.get(page).text
    office = page.replace("/producer/", "/office/")
    short = send(client, f"{page}/idea", **{**IDEA, "idea": "Hoa"})
    assert (short.status_code, "Kể vài dòng: món này là gì" in short.text) == (422, True)
    send(client, f"{page}/send")
    assert "Đã gửi ý tưởng." in client.get(page).text
    look = commune.get(office).text
    assert ("Hoa rừng của bản" in look, "Minh chứng chưa nộp" in look, "Hồ sơ theo" in look) == (True, False, False)
    asked = send(commune, f"{office}/decline", remark="")
    assert (asked.status_code, "Ghi điều cần sửa" in asked.text) == (422, True)
    send(commune, f"{office}/accept", remark="Hay")
    assert state() is DossierState.PREPARING
    assert "Minh chứng chưa nộp" in commune.get(office).text
    told = client.get(send(client, f"{page}/samples", samples="3").headers["Location"]).text
    assert "Đã ghi: có sẵn 3 mẫu." in told
    lacking = send(client, f"{page}/submit", round=row.code)
    assert (lacking.status_code, "Còn thiếu giấy bắt buộc này." in lacking.text) == (422, True)
    wrong = send(client, f"{page}/samples", samples="năm")
    assert (wrong.status_code, "Số mẫu từ 0 đến 1.000." in wrong.text) == (422, True)
    answer = upload(client, f"{page}/papers/business_plan", "files", pdf("kế hoạch"), "ke-hoach.pdf")
    assert answer.headers["Location"].startswith("/producer/papers/GT")
    back = send(client, answer.headers["Location"], kind="business_plan").headers["Location"]
    assert back == f"{page}#business_plan"
    dossier = db.session.scalars(select(Dossier)).one()
    fill_dossier(dossier, maker, at=at)
    send(client, f"{page}/submit", round=row.code)
    assert state() is DossierState.SUBMITTED
    send(commune, f"{office}/return", remark="Ảnh mờ quá")
    assert "Ảnh mờ quá" in client.get(page).text
    send(client, f"{page}/submit", round=row.code)
    short = send(commune, f"{office}/assess", **{**ASSESSED, "local_labour": "", "held_on": "hôm qua"})
    assert (short.status_code, "Nhập ngày như 31/12/2026." in short.text, "Đề nghị tỉnh chấm" in short.text) == (
        422, True, True,
    )  # fmt: skip
    unsound = upload(commune, f"{office}/assess", "report", b"<html>", "bao-cao.html", **ASSESSED)
    assert (unsound.status_code, "không phải PDF hay ảnh" in unsound.text) == (422, True)
    upload(commune, f"{office}/assess", "report", pdf("báo cáo"), "bao-cao.pdf", **ASSESSED)
    assert state() is DossierState.FORWARDED
    report = db.session.scalars(select(PreAssessment.report_id)).one()
    assert report is not None
    for visitor, place in ((client, page), (province, office)):
        found = re.search(rf'href="({place}/reports/[^"]+)"', visitor.get(place).text)
        assert found is not None
        assert visitor.get(found.group(1)).data == pdf("báo cáo")
    assert client.get(f"{page}/reports/TT00000000").status_code == 404
    not_his = send(commune, f"{office}/admit")
    assert (not_his.status_code, state()) == (403, DossierState.FORWARDED)
    send(province, f"{office}/samples", units="5")
    send(province, f"{office}/admit")
    assert state() is DossierState.ADMITTED
    assert "Chờ hội đồng" in client.get("/producer/dossiers").text
    too_late = send(province, f"{office}/accept")
    assert (too_late.status_code, "Hồ sơ đang ở bước khác" in too_late.text) == (409, True)
    send(client, f"{page}/withdraw")
    assert state() is DossierState.WITHDRAWN


def test_papers_from_the_vault_and_out_again(client: Client, maker: User, at: datetime) -> None:
    dossier = make_dossier(maker, at=at)
    paper = make_paper(maker, "award", at=at)
    page = f"/producer/dossiers/{dossier.code}"
    assert "Dùng giấy này" in client.get(page).text
    send(client, f"{page}/papers/award", paper=paper.code)
    assert f"Bỏ {paper.title} khỏi hồ sơ" in client.get(page).text
    send(client, f"{page}/papers/award/{paper.code}/remove")
    assert "Bỏ Giấy thử khỏi hồ sơ" not in client.get(page).text
    send(client, f"{page}/fill")
    assert "Bỏ Giấy thử khỏi hồ sơ" in client.get(page).text
    assert send(client, f"{page}/papers/samples").status_code == 404
    assert send(client, f"{page}/papers/award", paper="GT00000000").status_code == 404


def test_renewal_and_upgrade_begin_from_the_certificate(client: Client, maker: User, at: datetime) -> None:
    own = db.session.scalars(select(Producer).where(Producer.organisation_id == maker.organisation_id)).one()
    mine = make_product(own, "Miến sợi", at=at)
    make_certificate(mine, at=at, stars=3)
    make_certificate(make_product(make_producer("Khác", at=at), "Của người", at=at), at=at)
    listed = client.get("/producer/dossiers").text
    assert ("Miến sợi" in listed, "Của người" in listed, "Làm hồ sơ nâng sao" in listed) == (True, False, True)
    assert send(client, "/producer/dossiers/again", kind="other", product=mine.code).status_code == 404
    refused = send(client, "/producer/dossiers/again", kind="upgrade", product="SP00000000")
    assert "chưa làm được hồ sơ loại ấy" in client.get(refused.headers["Location"]).text
    made = send(client, "/producer/dossiers/again", kind="upgrade", product=mine.code)
    assert "Nâng sao" in client.get(made.headers["Location"]).text


def test_the_offices_list(app: Flask, client: Client, maker: User, at: datetime) -> None:
    officer = signed_in(app, Role.PROVINCE_OFFICER, at)
    assert "Không có hồ sơ nào ở đây." in officer.get("/office/dossiers").text
    row = make_round(at=at)
    sent = make_dossier(maker, at=at, name="Miến gửi", to=DossierState.SUBMITTED, round_code=row.code)
    make_dossier(maker, at=at, name="Chè gom")
    assert "2 hồ sơ" in officer.get("/office/dossiers").text
    narrowed = officer.get(f"/office/dossiers?state=submitted&round={row.code}&q=mien").text
    assert ("Miến gửi" in narrowed, "Chè gom" in narrowed) == (True, False)
    assert "2 hồ sơ" in officer.get("/office/dossiers?state=nonsense").text
    assert "1 hồ sơ" not in officer.get(f"/office/rounds/{row.code}").text
    assert sent.code in officer.get(f"/office/dossiers/{sent.code}").text
