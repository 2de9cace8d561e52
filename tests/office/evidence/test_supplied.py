"""Evidence of distributors: papers that both sides confirmed about the product itself, with their three values."""

from datetime import date, datetime, timedelta
from io import BytesIO

import time_machine
from flask import Flask
from python_calamine import CalamineWorkbook

from marketplace.office.evidence.distributors import Supplied
from marketplace.office.evidence.queries import evidence_of
from marketplace.platform.core.db import transaction
from marketplace.platform.core.money import Money
from marketplace.trade.deals.models import PaperKind
from marketplace.trade.deals.services import SignedFacts, confirm_paper, end_contract, note_delivery, write_paper
from tests.builders import make_offer
from tests.conftest import AT, Client
from tests.dealing import Road, make_road
from tests.office.evidence.test_fairs_shown import code_of
from tests.pages import sign_in
from tests.pdf_text import pdf_words

DAY = AT.date()


def sign(road: Road, kind: PaperKind, value: int, *, at: datetime, confirmed: bool = True) -> str:
    facts = SignedFacts(kind, f"{kind.value}-1", DAY, Money(value), DAY, DAY + timedelta(days=300))
    with transaction():
        code = write_paper(code=road.code, facts=facts, by=road.seller.actor(), at=at).code
    if confirmed:
        with transaction():
            confirm_paper(code=road.code, paper=code, by=road.buyer.actor(), at=at)
    return code


def supplied(road: Road, on: date = DAY) -> list[Supplied]:
    return list(evidence_of(code_of(road.variant), by=road.seller.actor(), on=on).supplied)


def test_what_both_sides_signed_and_what_was_delivered(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    sign(road, PaperKind.MEMORANDUM, 90_000_000, at=at, confirmed=False)
    assert supplied(road) == []  # one side's word
    sign(road, PaperKind.MEMORANDUM, 60_000_000, at=at)
    contract = sign(road, PaperKind.CONTRACT, 40_000_000, at=at)
    with transaction():
        note_delivery(code=road.code, on=DAY, value=Money(5_000_000), note="", by=road.seller.actor(), at=at)
    (found,) = supplied(road)
    values = (found.values.memoranda.amount, found.values.contracts.amount, found.values.delivered.amount)
    assert (found.name, found.signed_on, values) == ("Siêu thị Thử", DAY, (60_000_000, 40_000_000, 5_000_000))
    assert found.runs_until == DAY + timedelta(days=300)
    assert supplied(road, on=DAY - timedelta(days=1)) == []
    other = make_offer("Món khác", at=at, producer=road.producer)
    assert evidence_of(code_of(other), by=road.seller.actor(), on=DAY).supplied == ()
    with transaction():
        end_contract(code=road.code, paper=contract, reason="Hết hàng", by=road.seller.actor(), at=at)
    assert [each.runs_until for each in supplied(road)] == [DAY + timedelta(days=300)]  # the memorandum still runs


def test_on_the_page_on_paper_and_as_a_table(client: Client, at: datetime) -> None:
    road = make_road(at=at)
    sign(road, PaperKind.CONTRACT, 40_000_000, at=at)
    code = code_of(road.variant)
    with time_machine.travel(at, tick=True):
        sign_in(client, road.seller)
        page = client.get(f"/producer/evidence?product={code}").text
        for words in ("Nơi phân phối đã ký về sản phẩm này", "Siêu thị Thử", "40.000.000"):
            assert words in page, words
        paper = pdf_words(client.get(f"/producer/evidence/{code}.pdf").data)
        for words in ("Siêu thị Thử", "1 nơi phân phối đã ký"):
            assert words in paper, words
        book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"/producer/evidence/{code}.xlsx").data))
    rows = [row[:4] for row in book.get_sheet_by_index(0).to_python()]
    term = f"Siêu thị Thử, {DAY:%d/%m/%Y} – {DAY + timedelta(days=300):%d/%m/%Y}"
    assert ["Nơi phân phối: giá trị hợp đồng", term, "", 40_000_000] in rows
