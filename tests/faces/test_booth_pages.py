"""The office gives booths through pages: terms, a run with its reasons, a pin, publishing."""

from datetime import datetime

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role
from marketplace.trade.allocations.jobs import work_out_booths
from marketplace.trade.allocations.queries import list_placings, terms_of
from marketplace.trade.fairs.models import EditionState
from tests.builders import make_user
from tests.conftest import Client
from tests.contracts.expos import WEIGHTS
from tests.exhibiting import lay_booths, make_exhibitor
from tests.fairing import make_edition
from tests.pages import send, sign_in


@pytest.fixture
def officer(app: Flask, client: Client, at: datetime) -> Client:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    return client


def test_booths_are_given_with_reasons(app: Flask, officer: Client, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.SELECTION, zones=("Khu A",), quotas={"2025:03394": 0})
    base = f"/office/fairs/{edition.code}/booths"
    assert "Chưa mời ai" in officer.get(base).text
    first, second, _ = lay_booths(edition, {"zone": 0, "cold": True}, {"open_sides": 2}, {"blocked": True})
    _, _, fish = make_exhibitor(edition, "Cá hồi", at=at, cold=True)
    make_exhibitor(edition, "Trà", at=at, wants_corner=True)
    make_exhibitor(edition, "Lẩu", at=at, power_w=5000, water=True)
    make_exhibitor(edition, "Xa", at=at, commune="03394")
    wrong = send(officer, f"{base}/terms", gathering="spread", **dict.fromkeys(WEIGHTS, "101"))
    assert (wrong.status_code, wrong.text.count("Từ 0 đến 100.")) == (422, 7)
    assert send(officer, f"{base}/terms", gathering="x", **dict.fromkeys(WEIGHTS, "1")).status_code == 422
    assert send(officer, f"{base}/terms", gathering="free", **dict.fromkeys(WEIGHTS, "1x")).status_code == 422
    assert send(officer, f"{base}/terms", gathering="free", **dict.fromkeys(WEIGHTS, "10")).status_code == 302
    assert terms_of(edition.id)[1].apart == 10
    send(officer, f"{base}/runs")
    assert "đang xếp" in officer.get(base).text
    assert "Lượt này chưa có kết quả." in officer.get(f"{base}/runs/1").text
    work_out_booths(at)
    told = officer.get(f"{base}/runs/1").text
    assert "Có đủ thứ bắt buộc: kho lạnh." in told
    assert "Gian góc như mong muốn (10/10 điểm)." in told
    assert "Không gian nào có: điện, nước." in told
    assert "đã đủ 0 gian theo chỉ tiêu." in told
    assert "Đã chứng minh là tốt nhất." in told
    send(officer, f"{base}/runs/1/take")
    page = officer.get(base).text
    assert "Công bố 2 gian, gửi thư" in page
    bad = send(officer, f"{base}/{fish.code}/pin", booth="")
    assert (bad.status_code, "Chọn một gian trong danh sách." in bad.text) == (422, True)
    assert send(officer, f"{base}/{fish.code}/pin", booth=first.code).status_code == 302
    assert "đã ghim" in officer.get(base).text
    send(officer, f"{base}/{fish.code}/unpin")
    assert "đã ghim" not in officer.get(base).text
    send(officer, f"{base}/publish")
    assert "đã công bố" in officer.get(base).text
    assert {each.booth.label for each in list_placings(edition.id).values()} == {first.label, second.label}
    assert all(each.published_at for each in list_placings(edition.id).values())
    english = officer.get(f"{base}/runs/1?lang=en").text
    assert "No booth has: power, water." in english
