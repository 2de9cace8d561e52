"""What people type on a deal's page: told beside its field when it will not do, kept in the form, and never guessed."""

import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.trade.deals.models import (
    DealEvent,
    DealPaper,
    Delivery,
    EventKind,
    Quotation,
    QuotationTier,
    QuoteRequest,
    Side,
)
from tests.builders import make_producer
from tests.conftest import Client, new_client
from tests.dealing import DAY, make_road
from tests.pages import send, sign_in
from tests.trade.deals.test_talking import letters, make_demand

UNTIL = (DAY + timedelta(days=30)).isoformat()
HUGE = "9" * 20
PAPER = {
    "kind": "contract",
    "paper_number": "01/2026",
    "signed_on": DAY.isoformat(),
    "value": "240.000.000",
    "starts_on": DAY.isoformat(),
    "ends_on": UNTIL,
}
QUOTED = {
    "number": "0",
    "from_1": "100",
    "price_1": "40.000",
    "least_order": "100",
    "lead_days": "7",
    "payment_days": "30",
    "valid_until": UNTIL,
}


def wrong_fields(page: str, form: str) -> list[str]:
    """The fields of a form that have an error beside them, in the page's order."""
    parts = page.split(f'id="{form}-')[1:]
    return [part.split('-error"')[0] for part in parts if '-error"' in part[:30]]


@pytest.mark.parametrize("typed", ["nhiều", HUGE, "-5", "12,5"])
def test_an_amount_that_cannot_be_read_is_no_amount(client: Client, at: datetime, typed: str) -> None:
    road = make_road(at=at)
    sign_in(client, road.seller)
    base = f"/producer/deals/{road.code}"
    page = send(client, f"{base}/paper", **{**PAPER, "value": typed, "volume_3": typed, "paper_number": " "})
    assert (page.status_code, wrong_fields(page.text, "paper")) == (422, ["paper_number", "value", "volume_3"])
    assert f'value="{typed}"' in page.text
    assert "<details open><summary>Lượng từng tháng của hợp đồng" in page.text
    page = send(client, f"{base}/delivered", delivered_on=DAY.isoformat(), value=typed)
    assert (page.status_code, wrong_fields(page.text, "delivered")) == (422, ["value"])
    for table in (DealPaper, Delivery):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_amounts_that_can_be_read_are_kept_as_typed(client: Client, at: datetime) -> None:
    road = make_road(at=at)
    sign_in(client, road.seller)
    base = f"/producer/deals/{road.code}"
    whole = {**PAPER, "value": "1.000.000.000.000", "volume_3": "1.200"}
    assert send(client, f"{base}/paper", **whole).status_code == 302
    assert send(client, f"{base}/paper", **{**PAPER, "kind": "memorandum", "value": ""}).status_code == 302
    papers = db.session.scalars(select(DealPaper).order_by(DealPaper.id)).all()
    assert [(paper.value, paper.volumes[2]) for paper in papers] == [(Money(10**12), 1_200), (Money(0), 0)]


@pytest.mark.parametrize("typed", ["ít", HUGE])
def test_a_quotation_is_told_all_that_is_wrong_at_once(client: Client, at: datetime, typed: str) -> None:
    road = make_road(at=at)
    sign_in(client, road.seller)
    path, sku = f"/producer/deals/{road.code}/quote", road.variant.sku
    # the first row is left empty, and an unreadable price is no reason to call the one after it too high
    rows = {"from_1": "", "price_1": "", "from_2": "100", "price_2": typed, "from_3": "50", "price_3": "30.000"}
    page = send(client, path, sku=sku, **{**QUOTED, **rows, "least_order": typed, "lead_days": typed})
    assert page.status_code == 422
    assert wrong_fields(page.text, "quote") == ["price_2", "from_3", "least_order", "lead_days"]
    assert db.session.scalar(select(func.count(Quotation.id))) == 0
    good = {**rows, "price_2": "40.000", "from_3": "500"}
    assert send(client, path, sku=sku, **{**QUOTED, **good}).status_code == 302
    tiers = select(QuotationTier.from_quantity, QuotationTier.price).order_by(QuotationTier.from_quantity)
    assert [tuple(row) for row in db.session.execute(tiers)] == [(100, Money(40_000)), (500, Money(30_000))]


def test_what_was_chosen_is_still_chosen_after_an_error(app: Flask, client: Client, at: datetime) -> None:
    road, other = make_road(at=at), make_producer("Nơi khác", at=at)
    demand = make_demand(road.distributor, at=at)
    sign_in(client, road.seller)
    again = send(client, f"/producer/deals/offer/{demand.code}").headers["Location"].rsplit("/", 1)[1]
    page = send(client, f"/producer/deals/{road.code}/files", title="Bảng giá", file=(io.BytesIO(b"x"), "gia.pdf"))
    assert (page.status_code, 'value="Bảng giá"' in page.text) == (422, True)
    assert 'aria-invalid="true" aria-describedby="file-error"' in page.text
    buyer = new_client(app)
    sign_in(buyer, road.buyer)
    path = f"/distributor/deals/{road.code}"
    tick = f'name="also" value="{again}"'
    assert f"{tick}>" in buyer.get(path).text
    page = send(buyer, f"{path}/request", quantity="", also=again)
    assert (page.status_code, f"{tick} checked>" in page.text) == (422, True)
    assert db.session.scalar(select(func.count(QuoteRequest.id))) == 0
    assert other.name not in page.text


def test_words_for_a_deal_that_is_open_already_are_said_in_it(app: Flask, client: Client, at: datetime) -> None:
    road = make_road(at=at)
    sign_in(client, road.buyer)
    path = f"/distributor/enquire/{road.variant.listing.slug}"
    before, there = len(letters()), "Hai bên đang có thương vụ này"
    page = client.get(send(client, path).headers["Location"]).text
    assert (there in page, "chưa có gì mới được gửi đi" in page, "Nơi làm đã được báo" in page) == (True, True, False)
    assert len(letters()) == before
    for _twice in range(2):
        answer = send(client, path, words="Nay cần thêm 200 gói.")
    page = client.get(answer.headers["Location"]).text
    assert ("lời nhắn đã nằm trong phần trao đổi" in page, "Nơi làm đã được báo" in page) == (True, False)
    said = select(DealEvent.kind, DealEvent.side, DealEvent.words).order_by(DealEvent.id)
    assert [tuple(row) for row in db.session.execute(said)] == [
        (EventKind.OPENED, Side.BUYER, "Chúng tôi cần miến cho 12 siêu thị."),
        (EventKind.MESSAGE, Side.BUYER, "Nay cần thêm 200 gói."),
    ]
    assert [to for to, _subject in letters()[before:]] == [road.seller.email]


def test_a_producer_that_offers_again_is_told_the_truth(client: Client, at: datetime) -> None:
    road = make_road(at=at)
    demand = make_demand(road.distributor, at=at)
    sign_in(client, road.seller)
    path = f"/producer/deals/offer/{demand.code}"
    first = client.get(send(client, path, words="Có hàng.").headers["Location"]).text
    assert ("Nơi mua đã được báo" in first, "Hai bên đang có thương vụ này" in first) == (True, False)
    page = client.get(send(client, path, words="Có thêm hàng.").headers["Location"]).text
    assert ("Nơi mua đã được báo" in page, "Hai bên đang có thương vụ này" in page) == (False, True)
    assert "Có thêm hàng." in page
