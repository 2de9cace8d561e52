"""The pages of councils: formed, seated, scored on a tablet and from paper, closed, decided, appealed."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.people.accounts.models import Role, User
from marketplace.people.accounts.queries import acting_now
from marketplace.platform.core.db import db, transaction
from marketplace.platform.imports.jobs import apply, check
from marketplace.platform.imports.models import ImportFinding, StagedImport
from marketplace.platform.imports.rules import Weight
from marketplace.platform.imports.services import APPLY, CHECK
from marketplace.platform.jobs.running import run_due
from marketplace.registry.certification.models import Product
from marketplace.registry.councils.importing import COLUMNS, SCORES, ScoresImporter
from marketplace.registry.councils.models import Council, ScoreSheet, Sitting
from marketplace.registry.councils.queries import get_sitting
from marketplace.registry.councils.services import (
    Ruling,
    SheetFacts,
    close_sitting,
    decide,
    make_appeal,
    plan_sitting,
    save_sheet,
)
from marketplace.registry.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.registry.dossiers.services import start_from_certificate, withdraw_dossier
from marketplace.registry.rounds.services import RoundFacts, close_round, open_round
from tests.builders import (
    BY,
    make_dossier,
    make_paper,
    make_producer,
    make_round,
    make_sitting,
    make_user,
    members_of,
    password_hash,
    pdf,
    scored_sitting,
)
from tests.conftest import TODAY, Client, new_client
from tests.pages import hidden, send, sign_in, token
from tests.pdf_text import pdf_words
from tests.registry.councils.test_councils import FULL, decision
from tests.registry.councils.test_days_and_rounds import LATER

POINTS = {"p-A": "30", "p-B": "20,5", "p-C": "25"}


@pytest.fixture
def maker(app: Flask, at: datetime) -> User:
    user = make_user(Role.PRODUCER, at=at)
    make_producer("Lò miến", at=at, user=user)
    return user


def signed_in(app: Flask, user: User) -> Client:
    visitor = new_client(app)
    sign_in(visitor, user)
    return visitor


def opened(user: User) -> User:
    """The member has set a password by the letter's link."""
    with transaction():
        db.session.get_one(User, user.id).password_hash = password_hash()
    return user


def upload(client: Client, path: str, field: str, data: bytes, name: str, **fields: str) -> TestResponse:
    answer = client.post(path, data={"csrf_token": token(client), **fields, field: (BytesIO(data), name)})
    answer.request.environ["wsgi.input"].close()
    return answer


def state_of(dossier: Dossier) -> DossierState:
    db.session.rollback()
    db.session.expunge_all()
    return db.session.get_one(Dossier, dossier.id).state


def test_from_forming_a_council_to_an_appeal(app: Flask, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "Chưa có hội đồng nào." in office.get("/office/councils").text
    bad = send(office, "/office/councils/new", name="Hội đồng tỉnh", level="province", decision_number="")
    assert (bad.status_code, "Hội đồng tỉnh" in bad.text) == (422, True)
    facts = {"name": "Hội đồng tỉnh", "level": "province", "decision_number": "5/QĐ", "established_on": "2026-11-01"}
    council = send(office, "/office/councils/new", **facts).headers["Location"]
    seat = {"email": "hoa@example.com", "name": "Bà Hoa", "department": "Sở Y tế", "seat": "chair"}
    wrong = send(office, f"{council}/members", **{**seat, "email": "không"})
    assert (wrong.status_code, "Bà Hoa" in wrong.text) == (422, True)
    send(office, f"{council}/members", **seat)
    again = send(office, f"{council}/members", **seat)
    assert (again.status_code, "đã có ghế trong hội đồng" in again.text) == (422, True)
    refused = send(office, f"{council}/sittings", round=row.code, held_on="", place="Sở")
    assert (refused.status_code, "Nhập ngày" in refused.text) == (422, True)
    sitting = send(
        office, f"{council}/sittings", round=row.code, held_on=TODAY.isoformat(), place="Hội trường"
    ).headers["Location"]
    empty = send(office, f"{sitting}/open")
    assert (empty.status_code, "phiên cần có sản phẩm" in empty.text) == (409, True)
    send(office, f"{sitting}/lay", dossier=dossier.code)
    send(office, f"{sitting}/take-off/{dossier.code}")
    send(office, f"{sitting}/lay", dossier=dossier.code)
    send(office, f"{sitting}/open")
    _score_on_a_tablet(app, sitting, dossier)
    assert office.get(f"{sitting}/minutes.pdf").status_code == 404
    send(office, f"{sitting}/close")
    assert "75,50" in office.get(sitting).text
    minutes = pdf_words(office.get(f"{sitting}/minutes.pdf").data)
    assert "Biên bản phiên 1, đợt 1 năm 2026" in minutes
    assert "Bà Hoa" in minutes
    assert "75,50" in minutes
    facts = {"authority": "UBND tỉnh", "level": "province", "number": "9/QĐ", "issued_on": TODAY.isoformat()}
    no_reason = send(office, f"{sitting}/decide", **facts, **{f"ruling-{dossier.code}": "refuse"})
    assert (no_reason.status_code, "Ghi lý do không công nhận." in no_reason.text) == (422, True)
    nothing = send(office, f"{sitting}/decide", **facts, **{f"ruling-{dossier.code}": "wait"})
    assert (nothing.status_code, "Không có hồ sơ nào đã chấm" in nothing.text) == (422, True)
    ruling = {f"ruling-{dossier.code}": "refuse", f"reason-{dossier.code}": "Thiếu giấy kiểm nghiệm"}
    early = send(office, f"{sitting}/decide", **{**facts, "issued_on": "2026-11-22"}, **ruling)
    assert (early.status_code, 'id="issued_on-error"' in early.text, "Thiếu giấy" in early.text) == (422, True, True)
    assert "phải từ ngày họp trở đi" in early.text
    send(office, f"{sitting}/decide", **facts, **ruling)
    assert state_of(dossier) is DossierState.REFUSED
    _appeal(signed_in(app, maker), office, dossier)
    assert state_of(dossier) is DossierState.ADMITTED
    page = office.get(council).text
    assert "chưa có chủ tịch" not in page
    member = re.search(rf"<details><summary>Rút ghế.*?{council}/members/(\w+)/end", page)
    assert member is not None  # the button stands behind a question
    send(office, f"{council}/members/{member.group(1)}/end")
    page = office.get(council).text
    assert ("Bà Hoa" in page, "chưa có chủ tịch" in page) == (False, True)


def _score_on_a_tablet(app: Flask, sitting: str, dossier: Dossier) -> None:
    hoa = db.session.scalars(select(User).where(User.email == "hoa@example.com")).one()
    member = new_client(app)
    assert sign_in(member, opened(hoa)).headers["Location"] == "/council/"
    table = sitting.replace("/office/sittings/", "/council/")
    assert dossier.name in member.get(table).text
    sheet = f"{table}/{dossier.code}"
    assert member.get(sheet).status_code == 200
    typo = send(member, sheet, **{**POINTS, "p-B": "hai mươi"})
    assert (typo.status_code, "hai mươi" in typo.text, "Nhập điểm bằng số" in typo.text) == (422, True, True)
    short = send(member, sheet, **{"p-A": "41"}, sign="1")
    assert (short.status_code, "từ 0 đến mức cao nhất" in short.text) == (422, True)
    saved = send(member, sheet, **POINTS, comment="Dai, thơm")
    assert saved.headers["Location"] == sheet
    assert 'value="20,5"' in member.get(sheet).text
    unseen = send(member, sheet, **{**POINTS, "p-A": "31"}, comment="", sign="1")
    assert (unseen.status_code, 'value="31"' in unseen.text, "Đã lưu: 30" in unseen.text) == (409, True, True)
    assert "Nhận xét đã lưu: Dai, thơm" in unseen.text
    met = [m.code for m in dossier.rules.minimum]
    seen = hidden(member.get(sheet), sheet)["seen"]
    assert hidden(unseen, sheet)["seen"] == seen
    assert send(member, sheet, **POINTS, sign="1", met=met, seen=seen).status_code == 302
    assert "Đã ký" in member.get(table).text
    send(member, f"{sheet}/reopen")
    seen = hidden(member.get(sheet), sheet)["seen"]
    assert send(member, sheet, **POINTS, sign="1", met=met, seen=seen).status_code == 302
    twice = send(member, sheet, **POINTS, sign="1")
    assert (twice.status_code, "Phiếu đã ký." in twice.text) == (409, True)
    assert member.get("/office/").status_code == 403
    assert member.get(f"/office/dossiers/{dossier.code}").status_code == 403


def _appeal(producer: Client, office: Client, dossier: Dossier) -> None:
    page = f"/producer/dossiers/{dossier.code}"
    empty = send(producer, f"{page}/appeal", words=" ")
    assert (empty.status_code, "Viết vì sao bạn không đồng ý" in empty.text) == (422, True)
    send(producer, f"{page}/appeal", words="Giấy kiểm nghiệm có trong hồ sơ")
    found = re.search(r"/office/appeals/\w+", office.get("/office/councils").text)
    assert found is not None
    page_of_appeal = office.get(found.group()).text
    assert "Giấy kiểm nghiệm có trong hồ sơ" in page_of_appeal
    assert "được chấm lại ở đợt 1 năm 2026; chưa xếp phiên nào" in page_of_appeal
    silent = send(office, found.group(), answer="", verdict="uphold")
    assert (silent.status_code, "Ghi câu trả lời và lý do" in silent.text) == (422, True)
    told = office.get(send(office, found.group(), answer="Đúng là có", verdict="uphold").headers["Location"]).text
    assert "Chấm lại ở đợt 1 năm 2026." in told
    again = send(office, found.group(), answer="Thôi, không", verdict="dismiss")
    assert (again.status_code, "Chấp nhận" in again.text, "đã được trả lời" in again.text) == (409, True, True)
    assert "Thôi, không" in again.text
    assert "Khiếu nại được chấp nhận" in producer.get(page).text


def test_papers_of_the_table_are_open_to_its_members_alone(app: Flask, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    sitting = make_sitting(dossier, round_code=row.code, at=at, members=1)
    elsewhere = make_sitting(round_code=row.code, at=at, members=1, opened=False)
    outside = make_paper(maker, "award", at=at)
    inside, stranger = (signed_in(app, opened(members_of(s)[0])) for s in (sitting, elsewhere))
    page = f"/council/{sitting.code}/{dossier.code}"
    link = re.search(rf'href="({page}/files/\w+)"', inside.get(page).text)
    assert link is not None
    assert inside.get(link.group(1)).data.startswith(b"%PDF")
    assert inside.get(f"{page}/files/{outside.files[0].file.code}").status_code == 404
    assert [stranger.get(path).status_code for path in (page, link.group(1), f"/council/{sitting.code}")] == [404] * 3
    assert stranger.get("/council/").status_code == 200
    assert send(stranger, page, **POINTS).status_code == 404
    assert send(inside, f"{page}/reopen").status_code == 404
    with transaction():
        member = members_of(sitting)[0].actor()
    facts = {"sitting_code": sitting.code, "dossier_code": dossier.code}
    with transaction():
        save_sheet(**facts, facts=FULL, sign=True, by=member, at=at)
        close_sitting(code=sitting.code, by=BY, at=at)
    closed = send(inside, f"{page}/reopen")
    assert "chưa mở hoặc đã khép" in inside.get(closed.headers["Location"]).text


def test_a_paper_sheet_is_copied_with_its_scan(app: Flask, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    sitting = make_sitting(dossier, round_code=row.code, at=at, members=1)
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    member = get_sitting(sitting.code, by=BY).council.members[0].code
    page = f"/office/sittings/{sitting.code}/sheets/{dossier.code}/{member}"
    assert office.get(page).status_code == 200
    without = send(office, page, **POINTS)
    assert (without.status_code, "bản quét của phiếu giấy" in without.text, 'value="20,5"' in without.text) == (
        422, True, True,
    )  # fmt: skip
    bad = upload(office, page, "scan", b"<html>", "phieu.html", **POINTS)
    assert (bad.status_code, "không phải PDF hay ảnh" in bad.text) == (422, True)
    upload(office, page, "scan", pdf(), "phieu.pdf", **POINTS)
    shown = office.get(f"/office/sittings/{sitting.code}").text
    link = re.search(rf"/office/sittings/{sitting.code}/scans/\w+", shown)
    assert link is not None
    assert office.get(link.group()).data == pdf()
    assert office.get(f"/office/sittings/{sitting.code}/scans/TT0").status_code == 404
    assert office.get(f"/office/sittings/{sitting.code}/sheets/{dossier.code}/TV0").status_code == 404
    assert send(office, f"/office/sittings/{sitting.code}/sheets/{dossier.code}/TV0", **POINTS).status_code == 404
    send(office, f"/office/sittings/{sitting.code}/close")
    late = send(office, page, **POINTS)
    assert (late.status_code, "chưa mở hoặc đã khép" in late.text) == (409, True)


def test_who_is_missing_is_listed_and_accepted(app: Flask, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    sitting = make_sitting(dossier, round_code=row.code, at=at, members=2)
    member = signed_in(app, opened(members_of(sitting)[0]))
    paper = f"/council/{sitting.code}/{dossier.code}"
    part = send(member, paper, **{"p-A": "30"}, sign="1")
    assert (part.status_code, 'name="knowingly"' in part.text, 'value="30"' in part.text) == (422, True, True)
    assert send(member, paper, **{"p-A": "30"}, sign="1", knowingly="1").status_code == 302
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    page = f"/office/sittings/{sitting.code}"
    shown = office.get(page)
    assert "<b>Ông Thử 2</b>" in shown.text
    listed = hidden(shown, f"{page}/close")["missing"]
    for typed in ({"missing": listed}, {"accept": "1"}, {"accept": "1", "missing": "TV0"}):
        held = send(office, f"{page}/close", **typed)
        assert (held.status_code, "Còn thiếu phiếu của thành viên" in held.text) == (409, True)
    assert send(office, f"{page}/close", missing=listed, accept="1").status_code == 302
    assert "Không có phiếu của Ông Thử 2" in pdf_words(office.get(f"{page}/minutes.pdf").data)


def test_an_officer_sees_which_dossier_is_open(app: Flask, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    sitting = scored_sitting(dossier, round_code=row.code, at=at, points=("25", "15", "20"))
    with transaction():
        decide(sitting_code=sitting.code, decision=decision(), rulings=[Ruling(dossier.code, True)], by=BY, at=at)
    with transaction():
        appeal = make_appeal(dossier_code=dossier.code, words="Đáng 4 sao", by=maker.actor(), at=at).code
    with transaction():
        product = db.session.get_one(Product, dossier.product_id).code
        again = start_from_certificate(product_code=product, kind=DossierKind.UPGRADE, by=maker.actor(), at=at).code
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    assert f"/office/dossiers/{again}" in office.get(f"/office/appeals/{appeal}").text
    held = send(office, f"/office/appeals/{appeal}", answer="Đúng", verdict="uphold")
    assert (held.status_code, f"đang có hồ sơ {again} chưa xong" in held.text, ">Đúng<" in held.text) == (
        409,
        True,
        True,
    )
    with transaction():
        withdraw_dossier(code=again, by=maker.actor(), at=at)
        close_round(code=row.code, by=BY, at=at)
    assert "chưa có đợt nào khác đang mở" in office.get(f"/office/appeals/{appeal}").text
    with transaction():
        open_round(year=2026, number=2, facts=RoundFacts(LATER), by=BY, at=at)
    with transaction():
        council = get_sitting(sitting.code, by=BY).council.code
        plan_sitting(council_code=council, round_code="2026-2", held_on=TODAY, place="Sở", by=BY, at=at)
    assert "chờ lên bàn Phiên 1, đợt 2 năm 2026, ngày 23/11/2026." in office.get(f"/office/appeals/{appeal}").text
    assert send(office, f"/office/appeals/{appeal}", answer="Đúng", verdict="uphold").status_code == 302


# --- sheets by spreadsheet


def run(at: datetime) -> None:
    known: Any = {"importers": {SCORES: ScoresImporter()}, "identify": acting_now}
    handlers = {CHECK: partial(check, **known), APPLY: partial(apply, **known)}
    run_due(at, handlers=handlers, lease=timedelta(minutes=1))


def bring(office: Client, at: datetime, *rows: str) -> str:
    head = "sitting,dossier,member,a,b,c,1.1,met,comment"
    answer = upload(office, "/office/imports/scores", "file", "\n".join((head, *rows)).encode(), "diem.csv")
    run(at + timedelta(minutes=1))
    return answer.headers["Location"]


def test_sheets_by_spreadsheet_wait_for_their_scan(app: Flask, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    sitting = make_sitting(dossier, round_code=row.code, at=at, members=2)
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    one, two = (user.email for user in members_of(sitting))
    key = f"{sitting.code},{dossier.code}"
    page = bring(office, at, f'{key},{one},30,20,"25,5",,,Ngon', f"{key},{two},28,20,25,,,")
    assert "Chờ bản quét phiếu giấy" in office.get(page).text
    send(office, f"{page}/apply")
    run(at + timedelta(minutes=2))
    sheets = db.session.scalars(select(ScoreSheet).order_by(ScoreSheet.member_id)).all()
    assert [(str(s.total), s.signed_at, s.comment) for s in sheets] == [("75.50", None, "Ngon"), ("73.00", None, "")]
    db.session.rollback()
    assert COLUMNS[3].name == "a"


def test_rows_that_cannot_be_are_told(app: Flask, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    sitting = make_sitting(dossier, round_code=row.code, at=at, members=1)
    planned = make_sitting(round_code=row.code, at=at, members=1, opened=False)
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    one, key = members_of(sitting)[0].email, f"{sitting.code},{dossier.code}"
    bring(
        office, at,
        f"PH0,{dossier.code},{one},1,1,1,,,",
        f"{planned.code},{dossier.code},{one},1,1,1,,,",
        f"{sitting.code},HS0,{one},1,1,1,,,",
        f"{key},ai@example.com,1,1,1,,,",
        f"{key},{one},nhiều,1,1,,,",
        f"{key},{one},41,1,1,,,",
        f"{key},{one},1,1,1,3,,",
        f"{key},{one},1,1,1,,9-none,",
        f"{key},{one},1,1,1,,,",
        f"{key},{one},1,1,1,,,",
    )  # fmt: skip
    bad = db.session.scalars(
        select(ImportFinding).where(ImportFinding.weight == Weight.BAD).order_by(ImportFinding.line)
    )
    assert [(f.line, f.column_name) for f in bad] == [
        (2, "sitting"), (3, "sitting"), (4, "dossier"), (5, "member"), (6, "a"), (7, "a"), (8, "1.1"), (9, "met"),
        (11, "member"),
    ]  # fmt: skip
    assert db.session.scalars(select(ScoreSheet.id)).all() == []


def test_a_sheet_signed_meanwhile_stops_the_file(app: Flask, maker: User, at: datetime) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    sitting = make_sitting(dossier, round_code=row.code, at=at, members=1)
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    member = members_of(sitting)[0]
    page = bring(office, at, f"{sitting.code},{dossier.code},{member.email},30,20,25,,,")
    with transaction():
        save_sheet(
            sitting_code=sitting.code, dossier_code=dossier.code, facts=FULL, sign=True, by=member.actor(), at=at
        )
    send(office, f"{page}/apply")
    run(at + timedelta(minutes=2))
    run(at + timedelta(minutes=3))
    told = db.session.execute(
        select(ImportFinding.line, ImportFinding.column_name).where(ImportFinding.weight == Weight.BAD)
    )
    assert [tuple(each) for each in told] == [(2, "member")]
    assert [s.entered_by for s in db.session.scalars(select(ScoreSheet))] == [member.name]
    assert "Phiếu này đã ký trên máy." in office.get(page).text
    assert db.session.scalars(select(StagedImport.rows_bad)).one() == 1
    assert db.session.scalars(select(Council.name)).all() == ["Hội đồng Thử"]
    assert db.session.scalars(select(Sitting.code)).all() == [sitting.code]


def test_a_file_says_where_it_replaces_a_sheet_begun_and_where_a_line_is_empty(
    app: Flask, maker: User, at: datetime
) -> None:
    row = make_round(at=at)
    dossier = make_dossier(maker, at=at, to=DossierState.ADMITTED, round_code=row.code)
    sitting = make_sitting(dossier, round_code=row.code, at=at, members=2)
    office = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    one, two = members_of(sitting)
    codes = {"sitting_code": sitting.code, "dossier_code": dossier.code}
    with transaction():
        save_sheet(**codes, facts=SheetFacts({"A": Decimal(1)}), sign=False, by=one.actor(), at=at)
    key = f"{sitting.code},{dossier.code}"
    bring(office, at, f"{key},{one.email},30,20,25,,,", f"{key},{two.email},30,,25,,,")
    found = db.session.execute(
        select(ImportFinding.line, ImportFinding.column_name, ImportFinding.weight).order_by(
            ImportFinding.line, ImportFinding.column_name
        )
    )
    assert [tuple(each) for each in found] == [(2, "dossier", "note"), (2, "member", "warning"), (3, "b", "bad")]
