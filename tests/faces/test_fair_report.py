"""A fair's report as the office reads it, on paper and as a table; what exhibitors and visitors are shown and asked."""

from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import transaction
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.services import move
from marketplace.trade.visitors.links import ticket_key
from tests.builders import BY, make_user
from tests.conftest import Client
from tests.fairing import make_edition
from tests.pages import send, sign_in
from tests.pdf_text import pdf_words
from tests.reporting import Held, make_held


@pytest.fixture
def held(app: Flask, at: datetime) -> Held:
    return make_held(at=at)


def test_the_report_beside_the_earlier_one(client: Client, held: Held, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    base = f"/office/fairs/{held.edition.code}"
    assert f'href="{base}/report"' in client.get(base).text
    page = client.get(f"{base}/report").text
    for words in ("2 gian tham gia", "Vườn quả", "105.000", "Thiếu ghế.", "lần 1", "So với các lần trước", "1 bản"):
        assert words in page, words
    alone = client.get(f"/office/fairs/{held.earlier.code}/report").text
    assert ("So với các lần trước" in alone, "1.000" in alone) == (False, True)


def test_on_paper_and_as_a_table(client: Client, held: Held, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    base = f"/office/fairs/{held.edition.code}/report"
    paper = pdf_words(client.get(f"{base}.pdf").data)
    for words in ("Kết quả tổ chức Hội chợ lần hai", "Độc lập – Tự do – Hạnh phúc", "Lò miến", "105.000", "Nhà bạt"):
        assert words in paper, words
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{base}.xlsx").data))
    rows = [row[:4] for row in book.get_sheet_by_index(0).to_python()]
    for row in (
        ["Khách khác nhau", "", 3, ""],
        ["Doanh thu theo ngày", "18/12/2026", "", 95_000],
        ["Doanh thu theo gian hàng", "Lò miến", "", 100_000],
        ["Hợp đồng đã ký", "", 1, 500],
        ["Ý kiến, 3 sao", "Khách", 2, ""],
    ):
        assert row in rows, row


def test_a_report_of_nothing_yet(client: Client, app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.DRAFT)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    base = f"/office/fairs/{edition.code}/report"
    assert "Chưa có gian hàng nào xác nhận." in client.get(base).text
    assert client.get(f"{base}.pdf").data[:5] == b"%PDF-"
    assert client.get(f"{base}.xlsx").status_code == 200


def test_an_exhibitors_summary_and_opinion(client: Client, held: Held) -> None:
    sign_in(client, held.maker)
    base = f"/producer/fairs/{held.edition.code}"
    assert f'href="{base}/summary"' in client.get(base).text
    page = client.get(f"{base}/summary").text
    for words in ("100.000", "90.000", "1 đơn", "3 người khác nhau", "Đông khách."):
        assert words in page, words
    assert "5.000\N{NO-BREAK SPACE}₫<" not in page  # what another took
    refused = send(client, f"{base}/summary", rating="9", words="Giữ lại")
    assert (refused.status_code, "Chọn từ 1 đến 5 sao." in refused.text, "Giữ lại" in refused.text) == (422, True, True)
    assert send(client, f"{base}/summary", rating="2", words="Nóng quá.").status_code == 302
    assert "Nóng quá." in client.get(f"{base}/summary").text


def test_a_visitors_opinion_by_the_tickets_link(client: Client, held: Held, at: datetime) -> None:
    code = held.tickets[3].code
    base = f"/fairs/{held.edition.slug}/tickets/{code}"
    key = ticket_key(code)
    assert f"{base}/feedback?k={key}" in client.get(f"{base}?k={key}").text
    for wrong in ("", "x"):
        assert client.get(f"{base}/feedback?k={wrong}").status_code == 404
        assert send(client, f"{base}/feedback", k=wrong, rating="5").status_code == 404
    assert send(client, f"{base}/feedback", k=key, words="Hay").status_code == 422
    assert send(client, f"{base}/feedback", k=key, rating="5", words="Hay").status_code == 302
    assert "Gửi lại ý kiến" in client.get(f"{base}/feedback?k={key}").text
    with transaction():
        move(code=held.edition.code, to=EditionState.REPORTED, by=BY, at=at)
    over = client.get(f"{base}/feedback?k={key}").text
    assert ("5 trên 5 sao" in over, "Gửi" in over) == (True, False)
    assert "Cho ý kiến" not in client.get(f"{base}?k={key}").text
    assert send(client, f"{base}/feedback", k=key, rating="1").status_code == 302  # told on the page, nothing changed
    assert "5 trên 5 sao" in client.get(f"{base}/feedback?k={key}").text
