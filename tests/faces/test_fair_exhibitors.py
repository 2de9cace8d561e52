"""Exhibiting through pages, without JavaScript: applied, scored, decided, accepted, paid; words in both languages."""

from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db, transaction
from marketplace.trade.exhibitors.models import Application, ApplicationState, Decision, FeeReceipt
from marketplace.trade.exhibitors.queries import list_criteria
from marketplace.trade.exhibitors.services import mark_pending
from marketplace.trade.fairs.models import EditionState
from tests.applying import CRITERIA, again, apply, decide, make_booth, make_exhibitor, place
from tests.builders import BY, make_paper, make_user
from tests.conftest import Client, new_client
from tests.fairing import lead_to, make_edition
from tests.pages import send, sign_in


@pytest.fixture
def officer(app: Flask, client: Client, at: datetime) -> Client:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    return client


def desk(app: Flask, user: User) -> Client:
    client = new_client(app)
    sign_in(client, user)
    return client


def row_of() -> Application:
    return db.session.scalars(select(Application).order_by(Application.id.desc())).all()[0]


def test_from_the_call_to_the_booth(app: Flask, officer: Client, at: datetime) -> None:
    edition = make_edition(at=at, zones=("Khu A",), quotas={"2025:03390": 1})
    code = edition.code
    office, path = f"/office/fairs/{code}", f"/producer/fairs/{code}"
    wrong = send(officer, f"{office}/criteria", name=["Ngon", "", ""], name_en=["", "", ""], most=["nhiều", "", ""])
    assert (wrong.status_code, 'value="nhiều"' in wrong.text) == (422, True)
    assert "Mỗi tiêu chí cần tên và điểm từ 1 đến 100" in wrong.text
    names = {"name": [row[0] for row in CRITERIA], "name_en": [row[1] for row in CRITERIA]}
    send(officer, f"{office}/criteria", **names, most=[str(row[2]) for row in CRITERIA])
    assert [(each.name, each.most) for each in list_criteria(edition.id)] == [("Chất lượng", 60), ("Gian đẹp", 40)]
    assert "Chưa có đơn nào được nộp" in officer.get(f"{office}/applications").text
    assert f'href="{office}/applications"' in officer.get(office).text

    booth, who = make_booth(code), make_exhibitor("HTX Miến", at=at)
    paper = make_paper(who.user, at=at)
    maker = desk(app, who.user)
    assert "Hội chợ OCOP thử" in maker.get("/producer/fairs").text
    page = maker.get(path).text
    assert page.index("Chất lượng") < page.index('name="goods"')  # the criteria stand first
    assert "đủ điều kiện" in page
    said = {
        "pitch": "Nấu thử tại chỗ",
        "power_w": "2.000",
        "cold": "1",
        "wish": ["zone:0", f"booth:{booth.code}", ""],
        "badge": ["Lò Thị A", ""],
        "badge_phone": ["0912345678", ""],
        "papers": [paper.code],
    }
    wrong = send(maker, path, **{**said, "power_w": "nhiều", "badge": ["", ""]}, do="save")
    assert (wrong.status_code, "Nhập một số." in wrong.text, 'value="nhiều"' in wrong.text) == (422, True, True)
    assert "Mỗi thẻ cần tên người" in wrong.text
    assert db.session.scalar(select(func.count()).select_from(Application)) == 0
    early = send(maker, path, **said, do="submit")  # nothing chosen: it stays a draft, and is kept
    assert (early.status_code, "Chọn ít nhất một sản phẩm để mang tới." in early.text) == (422, True)
    kept = again(row_of())
    assert (kept.state, kept.power_w, kept.cold, len(kept.wishes)) == (ApplicationState.DRAFT, 2000, True, 2)
    assert "Chưa có đơn nào được nộp" in officer.get(f"{office}/applications").text
    assert send(maker, path, **said, goods=[who.listing.slug], do="submit").status_code == 302
    page = maker.get(path).text
    assert ("Đơn bạn đã gửi" in page, "Lấy lại để sửa" in page, "gian A1" in page) == (True, True, True)
    send(maker, f"{path}/back")
    assert 'value="2000"' in maker.get(path).text
    send(maker, path, **said, goods=[who.listing.slug], do="submit")

    entry = f"{office}/applications/{kept.code}"
    page = officer.get(entry).text
    assert ("Nấu thử tại chỗ" in page, f"/papers/{paper.code}/" in page, "Lò Thị A" in page) == (True, True, True)
    wrong = send(officer, f"{entry}/score", **{"points-0": "61", "points-1": ""})
    assert (wrong.status_code, wrong.text.count("Từ 0 đến điểm cao nhất")) == (422, 2)
    for number in ("9" * 5000, "²"):
        assert send(officer, f"{entry}/score", **{"points-0": "50", f"points-{number}": "1"}).status_code == 422
    send(officer, f"{entry}/score", **{"points-0": "50", "points-1": "31", "note": "Sạch"})
    assert "Điểm: 81" in officer.get(entry).text
    lead_to(code, EditionState.SELECTION, at=at)
    wrong = send(officer, f"{office}/applications", application=[kept.code], decision="reject", reason="")
    assert (wrong.status_code, "Ghi lý do; nơi làm sẽ đọc được." in wrong.text) == (422, True)
    assert f'value="{kept.code}" aria-label="Chọn HTX Miến" checked' in wrong.text
    send(officer, f"{office}/applications", application=[kept.code], decision="offer", reason="")
    assert "Công bố 1 quyết định" in officer.get(f"{office}/applications").text
    assert "được mời" not in maker.get(path).text
    assert "Đã công bố 1 quyết định" in officer.get(send(officer, f"{office}/applications/publish").location).text
    page = maker.get(path).text
    assert ("Nhận gian" in page, "Phí gian hàng: chưa có" in page) == (True, True)
    send(maker, f"{path}/confirm")
    assert again(kept).state is ApplicationState.CONFIRMED

    place(kept, booth, at=at)
    assert "Gian của bạn: A1" not in maker.get(path).text  # not before places are published
    lead_to(code, EditionState.ALLOCATED, at=at)
    page = maker.get(path).text
    assert ("Gian của bạn: A1" in page, "Phí gian hàng: 2.000.000" in page) == (True, True)
    for typed, said_wrong in (
        ({"amount": "1", "method": "vàng"}, "Chọn một mục trong danh sách."),
        ({"amount": "3.000.000", "method": "cash"}, "không quá số còn phải nộp"),
        ({"amount": "1.000", "method": "transfer"}, "Ghi mã giao dịch của ngân hàng."),
    ):
        wrong = send(officer, f"{entry}/fee", **typed)
        assert (wrong.status_code, said_wrong in wrong.text) == (422, True)
    send(officer, f"{entry}/fee", amount="1.500.000", method="transfer", reference="FT9")
    receipt = db.session.scalars(select(FeeReceipt)).one()
    assert (receipt.amount.amount, receipt.bank_reference) == (1_500_000, "FT9")
    assert "FT9" in officer.get(entry).text
    send(officer, f"{entry}/refund/{receipt.id}")
    assert send(officer, f"{entry}/waive", waiver="").status_code == 422
    send(officer, f"{entry}/waive", waiver="Hộ nghèo")
    page = officer.get(entry).text
    assert ("Được miễn: Hộ nghèo" in page, "Ghi phí đã trả lại" in page) == (True, True)


def test_filters_and_the_workbook(app: Flask, officer: Client, at: datetime) -> None:
    edition = make_edition(at=at, quotas={"outside": 1})
    near, far = make_exhibitor("HTX Gần", at=at), make_exhibitor("HTX =Xa", at=at, commune="00004")
    here, there = apply(near, edition.code, at=at), apply(far, edition.code, at=at)
    decide(edition.code, Decision.REJECT, here, reason="Trùng hàng", at=at)
    with transaction():
        mark_pending(code=edition.code, applications=[there.code], decision=Decision.OFFER, by=BY, at=at)
    base = f"/office/fairs/{edition.code}/applications"

    def shown(query: str) -> list[bool]:
        page = officer.get(f"{base}?{query}").text
        return [f'applications/{row.code}"' in page for row in (here, there)]

    assert shown("") == [True, True]
    assert shown("state=rejected") == [True, False]
    assert shown("place=outside") == [False, True]
    assert shown("place=2025:03390") == [True, False]
    assert shown("set=I.3.b") == [True, True]
    assert shown("set=III.1") == [False, False]
    assert "Không có đơn nào như vậy." in officer.get(f"{base}?set=III.1").text
    assert "Các tỉnh khác: còn 1 chỗ" in officer.get(base).text
    book = CalamineWorkbook.from_filelike(BytesIO(officer.get(f"{base}.xlsx").data))
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[0][:6] == ["Hạng", "Điểm", "Mã", "Nơi làm", "Xã, phường", "Trạng thái"]
    assert [row[2:4] + row[5:6] for row in cells[1:]] == [
        [here.code, "HTX Gần", "không được chọn"],
        [there.code, "HTX =Xa", "đã nộp"],
    ]
    assert cells[1][-1] == "Trùng hàng"


def test_declined_struck_off_absent(app: Flask, officer: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    makers = [make_exhibitor(f"HTX {n}", at=at) for n in range(3)]
    rows = [apply(who, edition.code, at=at) for who in makers]
    office, path = f"/office/fairs/{edition.code}/applications", f"/producer/fairs/{edition.code}"
    lead_to(edition.code, EditionState.SELECTION, at=at)
    assert "Chưa có quyết định nào chờ công bố." in officer.get(send(officer, f"{office}/publish").location).text
    for row in rows:
        send(officer, f"{office}/{row.code}/pending", decision="offer")
    assert "Đang định: Mời. Chưa công bố." in officer.get(f"{office}/{rows[0].code}").text
    send(officer, f"{office}/publish")
    first, second, third = (desk(app, who.user) for who in makers)
    send(first, f"{path}/decline")
    assert "Bạn đã từ chối lời mời." in first.get(path).text
    assert send(officer, f"{office}/{rows[1].code}/cancel", reason="").status_code == 422
    send(officer, f"{office}/{rows[1].code}/cancel", reason="Hàng giả")
    assert "Lý do: Hàng giả" in second.get(path).text
    send(third, f"{path}/confirm")
    lead_to(edition.code, EditionState.RUNNING, at=at)
    assert "Ghi là không đến" in officer.get(f"{office}/{rows[2].code}").text
    send(officer, f"{office}/{rows[2].code}/absent")
    assert [again(row).state for row in rows] == [
        ApplicationState.DECLINED,
        ApplicationState.CANCELLED,
        ApplicationState.NO_SHOW,
    ]


def test_withdrawn_and_too_late(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    who = make_exhibitor(at=at, certified=False)
    maker, path = desk(app, who.user), f"/producer/fairs/{edition.code}"
    page = maker.get(path).text
    assert "Không có chứng nhận OCOP còn hiệu lực vào ngày khai mạc." in page
    wrong = send(maker, path, goods=[who.listing.slug], power_w="", do="submit")
    assert (wrong.status_code, "Chưa sản phẩm nào bạn chọn đủ điều kiện" in wrong.text) == (422, True)
    send(maker, f"{path}/withdraw", reason="Bận mùa")
    assert "Bạn đã rút." in maker.get(path).text
    assert send(maker, path, pitch="Lại", power_w="0", do="save").status_code == 302
    lead_to(edition.code, EditionState.SELECTION, at=at)
    late = send(maker, path, pitch="Muộn", power_w="0", do="save")
    assert "không nhận đăng ký vào lúc này" in maker.get(late.location).text
    assert again(row_of()).pitch == "Lại"
    other = make_exhibitor("HTX Khác", at=at)
    assert "Hội chợ này không nhận đăng ký vào lúc này." in desk(app, other.user).get(path).text


def test_in_english(app: Flask, officer: Client, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.OPEN, quotas={"outside": 0})
    who = make_exhibitor(at=at, commune="00004")
    row = apply(who, edition.code, at=at)
    lead_to(edition.code, EditionState.SELECTION, at=at)
    with transaction():
        mark_pending(code=edition.code, applications=[row.code], decision=Decision.OFFER, by=BY, at=at)
    base = f"/office/fairs/{edition.code}/applications"
    page = officer.get(f"{base}?lang=en").text
    assert ("1 application<" in page, "Publish 1 decision" in page, "Other provinces" in page) == (True, True, True)
    told = officer.get(send(officer, f"{base}/publish?lang=en").location + "?lang=en").text
    assert "Beyond the quota of other provinces: 0 booths at most." in told
    assert again(row).state is ApplicationState.SUBMITTED
    maker = desk(app, who.user)
    assert "Wait for the provincial office to choose." in maker.get(f"/producer/fairs/{edition.code}?lang=en").text
