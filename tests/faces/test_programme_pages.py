"""The programme as officers read it: figures lead to their rows, rows are taken away, the plan is written."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import combinations
from math import dist

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from time_machine import travel

from marketplace.office.programme.jobs import count_sales
from marketplace.office.programme.models import Indicator, PlanTarget
from marketplace.office.programme.queries import find_plan, home_of
from marketplace.office.programme.services import Aim
from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db
from marketplace.registry.dossiers.models import DossierState
from tests.builders import BY, make_certificate, make_dossier, make_producer, make_product, make_round, make_user, pdf
from tests.conftest import Client
from tests.pages import send, sign_in
from tests.pdf_text import pdf_words
from tests.planning import Year, make_activity, make_support, make_year, plan

BASE = "/office/programme"


@pytest.fixture
def year(app: Flask, at: datetime) -> Year:
    found = make_year(at=at)
    plan(at=at)
    make_activity(at=at, people=40)
    make_support(found.here, at=at)
    make_certificate(make_product(found.there, "Trà", at=at), at=at, days_ago=900, expires_on=date(2027, 1, 9))
    owner = make_user(Role.PRODUCER, at=at)
    make_producer("Trại", at=at, user=owner)
    make_dossier(owner, at=at, to=DossierState.SUBMITTED, round_code=make_round(at=at).code)
    count_sales(at)
    return found


def test_the_year_on_one_page(client: Client, year: Year, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get(BASE).text
    for words in (
        "2 chỉ tiêu đang chậm",
        "12/KH-UBND",
        "4–6",
        "Có 2 trên 4; theo tiến độ phải có 3. 1 hồ sơ đang xét. Còn 1 đợt, mỗi đợt cần 2.",
        "chậm, hồ sơ đang xét đủ bù",
        "Có 40 trên 100; theo tiến độ phải có 89.",
        "Hàng đã bán năm 2026: 190.000",
        "+200%",
        "Số liệu tính đến 23/11/2026",
        f'href="{BASE}/rows/new_products?year=2026"',
        f'href="{BASE}/rows/in_review?indicator=new_products&amp;year=2026"',
        f'href="{BASE}/rows/sales?year=2026&amp;led=woman"',
        f'href="{BASE}/activities?year=2026&amp;district=106"',
        f'href="{BASE}/rows/in_force?commune=03390"',
        'href="/office/showcase?state=open&amp;year=2026"',
        'href="/office/showcase?state=open&amp;year=2025"',
        "Giấy hết hạn trong sáu tháng tới (1)",
    ):
        assert words in page, words
    points = [tuple(map(float, spot)) for spot in re.findall(r'cx="(\S+)" cy="(\S+)" r="(\S+)"', page)]
    assert len(points) > 30
    assert all(dist(one[:2], other[:2]) >= one[2] + other[2] for one, other in combinations(points, 2))
    assert all(radius <= min(x, y) and x + radius <= 100 for x, y, radius in points), "none leaves the drawing"
    first = client.get("/office/").text
    assert ("Chương trình năm 2026" in first, "2 chỉ tiêu đang chậm" in first, "190.000" in first) == (True,) * 3
    for other in ("1999", "x", "²", "2025"):
        assert client.get(f"{BASE}?year={other}").status_code == 200


def test_more_than_planned_and_a_month_not_over_are_said(client: Client, year: Year, at: datetime) -> None:
    plan(at=at, aims={Indicator.NEW_PRODUCTS: Aim(1, 1), Indicator.UPGRADES: Aim(1, 1)}, seen=1, sets=None)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get(BASE).text
    assert (page.count("đã đạt, vượt mức nhiều nhất"), page.count("đã đạt<")) == (1, 1)
    assert ("11/2026, chưa hết tháng: 40.000" in page, "10/2026, chưa" in page) == (True, False)
    assert re.search(r">40\.000\s₫</a><br><span[^>]*>10 tháng: 0\s₫<", page), "what is compared, beside what was sold"
    assert "đã đạt, vượt mức nhiều nhất" in pdf_words(client.get(f"{BASE}/report.pdf").data)


def test_before_anything_is_known(client: Client, app: Flask, at: datetime) -> None:
    for role in (Role.PROVINCE_OFFICER, Role.DISTRICT_OFFICER, Role.COMMUNE_OFFICER, Role.ADMIN):
        sign_in(client, make_user(role, at=at))
        page = client.get(BASE).text
        assert ("Chưa có mục tiêu cho đơn vị này." in page, "Chưa bán gì." in page) == (True, True)
        assert ("Nhập kế hoạch năm" in page) == (role in (Role.PROVINCE_OFFICER, Role.ADMIN))
        assert "Máy chủ chưa đếm lần nào" in page
        assert client.get("/office/").status_code == 200
        assert client.get(f"{BASE}/report.pdf").data[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("new_products?year=2026", ["Miến", "Chè", "2 dòng"]),
        ("new_products?year=2026&district=106", ["Miến", "1 dòng", "Huyện Tam Đường (cũ)"]),
        ("upgrades?year=2026", ["Mứt", "1 dòng"]),
        ("priority_products?year=2026", ["Miến", "1 dòng"]),
        ("in_review?indicator=new_products&year=2026", ["Miến dong Thử", "Đã nộp, chờ đánh giá"]),
        ("in_review?indicator=x&year=2026", ["Đã nộp, chờ đánh giá"]),
        ("lapsing", ["Trà", "09/01/2027"]),
        ("in_force?commune=03390", ["Miến", "Bún", "3 dòng", "mã 03390"]),
        ("sales?year=2026", ["150.000", "40.000", "2 dòng"]),
        ("sales?year=2026&month=3&set=I.3.b&kind=cooperative&led=woman", ["150.000", "Tháng 3/2026", "Hợp tác xã"]),
        ("sales?year=2026&month=13&kind=x&led=x&page=x", ["2 dòng"]),
        ("effects?effect=upgrade", ["Mứt", "Trước và sau: Nâng sao"]),
        ("effects?effect=certification", ["Miến", "16.667"]),
        ("new_products?year=2020", ["Không có dòng nào."]),
    ],
)
def test_rows_behind_a_figure(client: Client, year: Year, at: datetime, path: str, words: list[str]) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get(f"{BASE}/rows/{path}").text
    for each in words:
        assert each in page, each
    what, _mark, asked = path.partition("?")
    book = client.get(f"{BASE}/rows/{what}.xlsx?{asked}")
    rows = CalamineWorkbook.from_filelike(BytesIO(book.data)).get_sheet_by_index(0).to_python()
    lines = client.get(f"{BASE}/rows/{what}.csv?{asked}").data.decode("utf-8-sig").splitlines()
    assert len(rows) == len(lines) == (1 + page.count('<th class="lead"'))


def test_no_cell_becomes_a_formula(client: Client, year: Year, at: datetime) -> None:
    make_activity(at=at, title='=HYPERLINK("http://x")')
    evil = make_producer("@SUM(A1)", at=at)
    make_certificate(make_product(evil, "+cmd|x", at=at), at=at, days_ago=20)
    make_support(evil, at=at)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    for path, start in (
        (f"{BASE}/activities/list", "=HYPERLINK"),
        (f"{BASE}/rows/new_products", "+cmd|x"),
        (f"{BASE}/support/list", "@SUM(A1)"),
    ):
        text = client.get(f"{path}.csv?year=2026").data.decode("utf-8-sig")
        assert f"'{start}" in text.replace('"', "")
        book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{path}.xlsx?year=2026").data))
        cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
        assert any(str(cell).startswith(start) for cell in cells)  # as text: a computed cell would be empty


def test_the_official_report_and_all_figures(client: Client, year: Year, at: datetime) -> None:
    plan(at=at, unit="106", seen=1, sets=None)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    paper = pdf_words(client.get(f"{BASE}/report.pdf?year=2026").data)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Lai Châu, ngày 23 tháng 11 năm 2026",
        "Kết quả thực hiện Chương trình OCOP năm 2026",
        "Kính gửi: Ủy ban nhân dân tỉnh Lai Châu",
        "Nơi nhận:",
        "Huyện Tam Đường (cũ)",
        "150.000",
        "Trà",
    ):
        assert words in paper, words
    rows = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{BASE}/figures.xlsx?year=2026").data))
    cells = rows.get_sheet_by_index(0).to_python()
    none = [""] * 5
    for row in (
        ["Mục tiêu", "Sản phẩm mới từ 3 sao", "Tỉnh Lai Châu", 2, 1, 4, 6, "", "", "", *none],
        ["Mục tiêu", "Sản phẩm mới từ 3 sao", "Huyện Tam Đường (cũ)", 1, 1, 4, 6, "", "", "", *none],
        ["Giấy sắp hết hạn", "01/2027", "", 1, "", "", "", "", "", "", *none],
        ["Hàng đã bán: theo người đứng đầu", "Phụ nữ đứng đầu", "", 1, "", "", "", 150_000, 150_000, 50_000, *none],
        ["Hàng đã bán theo tháng", "03/2026", "", "", "", "", "", 150_000, "", "", *none],
    ):
        assert row in cells, row
    sold = {"theo huyện, thành phố cũ": 190_000, "theo bộ sản phẩm": 190_000, "theo loại hình": 190_000}
    for how, amount in sold.items():
        assert sum(int(str(row[7]).removesuffix(".0")) for row in cells if row[0] == f"Hàng đã bán: {how}") == amount
    assert {len(row) for row in cells} == {15}
    assert rows.sheet_names == ["chuong-trinh-2026"]
    assert len(client.get(f"{BASE}/figures.csv?year=2026").data.decode("utf-8-sig").splitlines()) == len(cells)
    sign_in(client, make_user(Role.COMMUNE_OFFICER, at=at))
    own = pdf_words(client.get(f"{BASE}/report.pdf").data)
    assert ("UBND xã" in own, "Chè" in own) == (True, False)


def test_a_commune_is_not_measured_by_its_former_district(client: Client, year: Year, at: datetime) -> None:
    plan(at=at, unit="106", seen=1, aims={Indicator.NEW_PRODUCTS: Aim(7)}, sets=None)
    for role, seen in ((Role.COMMUNE_OFFICER, False), (Role.DISTRICT_OFFICER, True), (Role.PROVINCE_OFFICER, True)):
        sign_in(client, make_user(role, at=at))
        page = client.get(BASE).text
        shown = "Theo huyện, thành phố cũ" in page, "/ 7" in page, f'href="{BASE}/rows/sales?year=2026"' in page
        assert shown == (seen, seen, False), role
        for listed in ("activities", "support"):
            assert ('name="district"' in client.get(f"{BASE}/{listed}").text) is seen, (role, listed)
        paper = pdf_words(client.get(f"{BASE}/report.pdf").data)
        assert ("Tam Đường (cũ)" in paper, "IV. Trước và sau" in paper) == (seen, not seen), role
        figures = client.get(f"{BASE}/figures.csv").data.decode("utf-8-sig")
        assert (("Tam Đường" in figures), "nơi khác" in figures) == (seen, False), role
        assert "Hàng đã bán: theo loại hình,Hợp tác xã,,1" in figures, role


TYPED = {
    "year": "2026", "unit": "12", "seen": "0", "decision_number": "7/KH", "decided_on": "20/01/2026",
    "new_products-least": "25", "new_products-most": "30", "new_products-weight": "5", "people_reached-least": "20.000",
    "with_sets": "1", "priority_sets": "I.3.b",
}  # fmt: skip


def test_the_plan_is_written(client: Client, app: Flask, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "Huyện Tam Đường (cũ)" in client.get(f"{BASE}/plan").text
    assert send(client, f"{BASE}/plan", **TYPED).status_code == 302
    page = client.get(f"{BASE}/plan?year=2026").text
    for words in ('value="25"', 'value="20000"', 'value="7/KH"', 'value="I.3.b" checked', 'name="seen" value="1"'):
        assert words in page, words
    wrong = TYPED | {
        "seen": "1", "upgrades-least": "tám", "new_products-most": "3", "activities-most": "9", "decided_on": "mai",
        "decision_number": "",
    }  # fmt: skip
    refused = send(client, f"{BASE}/plan", **wrong)
    assert (refused.status_code, refused.text.count('aria-invalid="true"')) == (422, 5)
    for kept in ('value="tám"', 'value="mai"', 'value="3"'):
        assert kept in refused.text, kept
    district = {"year": "2026", "unit": "106", "seen": "1", "decision_number": "8/KH", "decided_on": "2026-02-01"}
    assert send(client, f"{BASE}/plan", **district, **{"upgrades-least": "2"}).status_code == 302
    assert send(client, f"{BASE}/plan", **(district | {"unit": "999", "seen": "x"})).status_code == 422
    kept_plan = find_plan(2026, province_id=home_of(BY, province_code="12").province.id)
    assert kept_plan is not None
    assert (kept_plan.version, kept_plan.priority_sets, db.session.query(PlanTarget).count()) == (2, ["I.3.b"], 3)
    assert 'aria-current="page">Huyện Tam Đường' in client.get(f"{BASE}/plan?unit=106").text


def test_two_officers_at_the_plan(client: Client, app: Flask, at: datetime) -> None:
    """Who comes second keeps what was typed, reads what the plan says where it differs, and saves knowingly."""
    province = home_of(BY, province_code="12").province.id
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    send(client, f"{BASE}/plan", **TYPED)
    mine = TYPED | {
        "new_products-least": "28", "upgrades-least": "9", "decision_number": "9/KH", "priority_sets": "I.5.a",
    }  # fmt: skip
    late = send(client, f"{BASE}/plan", **mine)
    assert late.status_code == 409
    for words in (
        "vừa được người khác sửa",
        'value="28"',
        'value="9"',
        'value="20.000"',
        'value="9/KH"',
        'value="I.5.a" checked',
        'name="seen" value="1"',
        'id="new_products-least-now">kế hoạch đang ghi: 25<',
        'id="upgrades-least-now">kế hoạch đang ghi: –<',
        "kế hoạch đang ghi: 7/KH, 20/01/2026",
    ):
        assert words in late.text, words
    assert (late.text.count("kế hoạch đang ghi"), "people_reached-least-now" in late.text) == (4, False)
    kept = find_plan(2026, province_id=province)
    assert kept is not None
    assert (kept.version, kept.decision_number, kept.priority_sets, len(kept.targets)) == (1, "7/KH", ["I.3.b"], 2)
    db.session.rollback()
    assert send(client, f"{BASE}/plan", **mine | {"seen": "1"}).status_code == 302
    page = client.get(f"{BASE}/plan").text
    assert ('value="28"' in page, 'value="9/KH"' in page, "vừa được người khác sửa" in page) == (True, True, False)


@pytest.mark.parametrize("seen", ["9" * 5000, "٣", "²", "-1", "", "0x1"])
def test_a_version_that_is_no_number_is_none(client: Client, app: Flask, at: datetime, seen: str) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    refused = send(client, f"{BASE}/plan", **(TYPED | {"seen": seen}))
    assert (refused.status_code < 500, find_plan(2026, province_id=home_of(BY, province_code="12").province.id)) == (
        True, None,
    )  # fmt: skip


def test_activities_from_form_to_paper(client: Client, app: Flask, at: datetime) -> None:
    sign_in(client, make_user(Role.COMMUNE_OFFICER, at=at))
    typed = {
        "unit": "2025:03390", "kind": "training", "title": "Tập huấn ghi nhãn", "held_on": "10/11/2026",
        "audience": "Nơi làm", "people": "31",
    }  # fmt: skip
    page = client.get(f"{BASE}/activities/new").text
    assert (page.count('<option value="2025:'), 'value="2026-11-23"' in page) == (1, True)
    wrong = send(client, f"{BASE}/activities/new", **{**typed, "people": "nhiều", "held_on": "mai", "title": ""})
    assert (wrong.status_code, wrong.text.count('aria-invalid="true"'), 'value="nhiều"' in wrong.text) == (422, 3, True)
    for odd in ("1.20", "1,200", "1.200.0"):
        refused = send(client, f"{BASE}/activities/new", **{**typed, "people": odd}).text
        assert ("Bao nhiêu người: Nhập bằng chữ số." in refused, f'value="{odd}"' in refused) == (True, True)
    late = send(client, f"{BASE}/activities/new", **{**typed, "held_on": "24/11/2026"})
    assert (late.status_code, "Chưa diễn ra thì chưa ghi được." in late.text) == (422, True)
    made = send(client, f"{BASE}/activities/new", **typed)
    at_home = made.headers["Location"]
    assert "Tập huấn ghi nhãn" in client.get(at_home).text
    files = {"files": [(BytesIO(pdf("một")), "danh-sach.pdf"), (BytesIO(b"x"), "x.txt")]}
    sent = client.post(f"{at_home}/papers", data={"csrf_token": _token(client), **files}, follow_redirects=True).text
    assert ("Đã giữ 1 tệp." in sent, "không phải PDF hay ảnh" in sent, "Giấy tờ (1)" in sent) == (True, True, True)
    paper = sent.split(f'href="{at_home}/papers/')[1].split('"')[0]
    assert client.get(f"{at_home}/papers/{paper}").headers["Content-Type"] == "application/pdf"
    assert send(client, f"{at_home}/edit", **{**typed, "people": "1.200"}).status_code == 302
    assert 'value="1200"' in client.get(f"{at_home}/edit").text
    assert send(client, f"{at_home}/edit", **{**typed, "people": "32"}).status_code == 302
    assert "32" in client.get(f"{at_home}/edit").text
    assert send(client, f"{at_home}/papers/{paper}/remove").status_code == 302
    assert "Giấy tờ (0)" in client.get(at_home).text
    listed = client.get(f"{BASE}/activities?year=2026&kind=training&district=106").text
    assert ("1 hoạt động truyền thông" in listed, "32 lượt người" in listed) == (True, True)
    assert send(client, f"{at_home}/withdraw", why="").status_code == 422
    assert send(client, f"{at_home}/withdraw", why="Ghi hai lần").status_code == 302
    assert "Ghi hai lần" in client.get(at_home).text
    assert send(client, f"{at_home}/edit", **typed).status_code == 422
    assert "Chưa ghi hoạt động nào trong năm này." in client.get(f"{BASE}/activities").text


def _token(client: Client) -> str:
    return client.get(f"{BASE}/activities/new").text.split('name="csrf_token" value="')[1].split('"')[0]


def test_support_stands_on_the_producers_page(client: Client, app: Flask, at: datetime) -> None:
    maker = make_producer("Lò miến", at=at)
    sign_in(client, make_user(Role.COMMUNE_OFFICER, at=at))
    typed = {
        "producer": maker.slug, "kind": "packaging", "programme": "Chương trình OCOP", "what": "In bao bì",
        "amount": "18.000.000", "given_on": "10/11/2026",
    }  # fmt: skip
    page = client.get(f"/office/producers/{maker.slug}").text
    assert f'href="{BASE}/support/new?producer={maker.slug}"' in page
    assert f'value="{maker.slug}" selected' in client.get(f"{BASE}/support/new?producer={maker.slug}").text
    wrong = send(client, f"{BASE}/support/new", **{**typed, "amount": "nhiều", "producer": "x", "what": ""})
    assert (wrong.status_code, wrong.text.count('aria-invalid="true"'), 'value="nhiều"' in wrong.text) == (422, 3, True)
    made = send(client, f"{BASE}/support/new", **typed)
    at_home = made.headers["Location"]
    assert 'value="18.000.000"' in client.get(at_home).text
    assert send(client, at_home, **{**typed, "result": "Đơn lẻ tăng"}).status_code == 302
    page = client.get(f"/office/producers/{maker.slug}").text
    assert ("Đã được hỗ trợ (1)" in page, "Đơn lẻ tăng" in page, "18.000.000" in page) == (True, True, True)
    listed = client.get(f"{BASE}/support?kind=packaging").text
    assert ("1 nơi làm được hỗ trợ" in listed, "1 khoản" in listed) == (True, True)
    assert send(client, f"{at_home}/withdraw", why="").status_code == 422
    assert send(client, f"{at_home}/withdraw", why="Nhầm").status_code == 302
    assert ("Nhầm" in client.get(at_home).text, send(client, at_home, **typed).status_code) == (True, 422)
    assert "Chưa ghi khoản hỗ trợ nào." in client.get(f"/office/producers/{maker.slug}").text


def test_support_stands_on_the_producers_own_desk(client: Client, app: Flask, at: datetime) -> None:
    owner = make_user(Role.PRODUCER, at=at)
    own, other = make_producer("Lò miến", at=at, user=owner), make_producer("Lò khác", at=at)
    sign_in(client, owner)
    assert "Chưa ghi khoản hỗ trợ nào." in client.get("/producer/profile/").text
    make_support(own, at=at, amount=7_000_000)
    make_support(other, at=at, amount=9_000_000)
    page = client.get("/producer/profile/").text
    for words in (
        "Đã được hỗ trợ (1)",
        "Bao bì, nhãn",
        "Chương trình OCOP",
        "7.000.000",
        "13/11/2026",
        "Thiết kế bao bì",
    ):
        assert words in page, words
    assert ("9.000.000" in page, "/office/" in page) == (False, False)


def test_the_months_to_lapse_in_come_to_the_total(client: Client, app: Flask, at: datetime) -> None:
    """From 31 August half a year reaches into an eighth month."""
    maker = make_producer("Lò miến", at=at)
    for n, ends in enumerate((date(2026, 8, 31), date(2027, 2, 28), date(2027, 3, 1), date(2027, 3, 2))):
        make_certificate(make_product(maker, f"Miến {n}", at=at), at=at, days_ago=900, expires_on=ends)
    user = make_user(Role.PROVINCE_OFFICER, at=at)
    with travel(datetime(2026, 8, 31, 5, tzinfo=UTC)):
        sign_in(client, user)
        page = client.get(BASE).text
    assert "Giấy hết hạn trong sáu tháng tới (4)" in page
    columns = page.split('id="lapsing"')[1].split("</table>")[0].split("<tbody>")[1]
    shown = re.findall(r'<th scope="row">(\d\d/\d{4}[^<]*)</th>.*?<b>(\d+)</b>', columns, re.DOTALL)
    assert [(shown[0], shown[-2], shown[-1], len(shown))] == [
        (("08/2026", "1"), ("02/2027", "1"), ("03/2027, tới ngày 2", "2"), 8)
    ]


def test_what_stays_vietnamese_is_marked_on_english_pages(client: Client, year: Year, at: datetime) -> None:
    """Names of products, producers, places and people, and what they wrote; Vietnamese pages need no mark."""
    held = make_activity(at=at)
    make_certificate(make_product(year.here, "Trà dây", at=at), at=at, days_ago=900, expires_on=date(2026, 12, 9))
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))

    def marked(path: str, *said: str) -> None:
        page = client.get(path + ("&" if "?" in path else "?") + "lang=en").text
        for each in said:
            assert f'<span lang="vi">{each}</span>' in page, (path, each)

    marked("/office/", "Trà dây", "Lò miến")
    marked(BASE, "Tỉnh Lai Châu", "Huyện Tam Đường", "Xã Bình Lư", "Trà dây", "Lò miến")
    marked(f"{BASE}/rows/new_products?year=2026&district=106", "Miến", "Lò miến", "Xã Bình Lư", "Huyện Tam Đường")
    marked(f"{BASE}/rows/sales?year=2026", "Chè", "Xưởng chè")
    marked(f"{BASE}/rows/effects?effect=upgrade", "Mứt", "Lò miến")
    marked(f"{BASE}/rows/in_review?indicator=new_products&year=2026", "Miến dong Thử", "Trại")
    marked(f"{BASE}/activities", "Phát thanh xã", "Xã Bình Lư", "Người dân")
    marked(f"{BASE}/activities/{held.code}", "Phát thanh xã", "Xã Bình Lư", "Người dân", "Nhà văn hóa", held.entered_by)
    marked(f"{BASE}/support", "Thiết kế bao bì", "Lò miến", "Chương trình OCOP")
    marked(f"{BASE}/plan", "Tỉnh Lai Châu", "Huyện Tam Đường")
    edited = client.get(f"{BASE}/activities/{held.code}/edit?lang=en").text
    assert re.search('<input class="input" lang="vi" [^>]*name="title"', edited)
    assert '<span lang="vi">' not in client.get(f"{BASE}?lang=vi").text


def test_the_first_page_shows_the_first_to_lapse(client: Client, app: Flask, at: datetime) -> None:
    maker = make_producer("Lò miến", at=at)
    for n in range(22):
        ends = date(2026, 12, 1 + n)
        make_certificate(make_product(maker, f"Miến {n:02}", at=at), at=at, days_ago=900, expires_on=ends)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get("/office/").text
    assert ("Hết hạn trong 90 ngày tới (22)" in page, f'href="{BASE}/rows/lapsing"' in page) == (True, True)
    assert ("Miến 00" in page, "Miến 19" in page, "Miến 20" in page) == (True, True, False)
