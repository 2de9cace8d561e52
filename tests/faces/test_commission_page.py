"""The platform's share: dated rates of everybody and of single producers, seen, added, refused beside the field."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db
from marketplace.shop.ledger.models import CommissionRate, PartTerms
from tests.builders import make_offer, make_order, make_user
from tests.conftest import Client, new_client
from tests.pages import send, sign_in
from tests.paying_out import make_maker, officers

PAGE = "/office/payments/commission"


@pytest.fixture
def desk(app: Flask, at: datetime) -> Client:
    client = new_client(app)
    sign_in(client, officers(at)[0])
    return client


def rates() -> list[tuple[int | None, str, int]]:
    query = select(CommissionRate).order_by(CommissionRate.id)
    return [(r.producer_id, r.valid_from.isoformat(), r.rate_bp) for r in db.session.scalars(query)]


def test_rates_of_all_and_of_one_with_their_history(app: Flask, desk: Client, at: datetime) -> None:
    maker = make_maker("HTX Thử", at=at)
    assert "Chưa ghi tỷ lệ nào" in desk.get(PAGE).text
    typed = {"producer": "", "rate": "2,5", "valid_from": "2026-11-23", "reason": "QĐ 12/QĐ-UBND"}
    page = desk.get(send(desk, PAGE, **typed).location).text
    assert "Đã ghi tỷ lệ mới" in page
    assert "2,5&nbsp;%" in page
    assert ">2.5%</td>" in desk.get(f"{PAGE}?lang=en").text
    desk.get(f"{PAGE}?lang=vi")
    assert "đang áp dụng" in page
    send(desk, PAGE, **typed | {"producer": maker.producer.slug, "rate": "1 %"})
    send(desk, PAGE, **typed | {"rate": "3", "valid_from": "01/12/2026"})
    assert rates() == [(None, "2026-11-23", 250), (maker.producer.id, "2026-11-23", 100), (None, "2026-12-01", 300)]
    page = desk.get(PAGE).text
    assert page.index("3&nbsp;%") < page.index("HTX Thử</td>"), "the latest day first"
    assert page.count("sắp tới") == 1
    with time_machine.travel(at + timedelta(days=9), tick=True):
        sign_in(desk, make_user(Role.ADMIN, at=at))
        page = desk.get(PAGE).text
    assert (page.count("đang áp dụng"), page.count("đã thay")) == (2, 1)


def test_an_order_keeps_the_rate_of_its_day(app: Flask, desk: Client, at: datetime) -> None:
    own, other = make_maker(at=at), make_offer(at=at)
    before = make_order((other, 1), at=at)
    for producer, rate in (("", "5"), (own.producer.slug, "0")):
        send(desk, PAGE, producer=producer, rate=rate, valid_from="2026-11-23", reason="QĐ 1")
    after = make_order((other, 1), (own.variant, 1), at=at)
    terms = {part.producer_id: db.session.get_one(PartTerms, part.id).commission_bp for part in after.parts}
    assert terms == {own.producer.id: 0, other.listing.product.producer_id: 500}
    assert db.session.get_one(PartTerms, before.parts[0].id).commission_bp == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rate": "51"}, "từ 0 đến 50 phần trăm"),
        ({"rate": "2,555"}, "từ 0 đến 50 phần trăm"),
        ({"rate": "-1"}, "từ 0 đến 50 phần trăm"),
        ({"rate": "hai"}, "từ 0 đến 50 phần trăm"),
        ({"rate": ""}, "từ 0 đến 50 phần trăm"),
        ({"rate": "9" * 5_000}, "từ 0 đến 50 phần trăm"),
        ({"valid_from": "2026-11-22"}, "Chọn hôm nay hoặc một ngày sau"),
        ({"valid_from": "mai"}, "Nhập ngày như"),
        ({"reason": "  "}, "Ghi lý do"),
        ({"producer": "nobody"}, "Chọn một mục trong danh sách"),
    ],
)
def test_what_will_not_do_is_said_and_changes_nothing(
    app: Flask, desk: Client, at: datetime, changed: dict[str, str], said: str
) -> None:
    typed = {"producer": "", "rate": "2", "valid_from": "2026-11-24", "reason": "QĐ 1"} | changed
    answer = send(desk, PAGE, **typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert "field--bad" in answer.text
    assert db.session.scalar(select(func.count(CommissionRate.id))) == 0


def test_all_that_is_wrong_is_told_at_once(app: Flask, desk: Client, at: datetime) -> None:
    answer = send(desk, PAGE, producer="", rate="hai", valid_from="mai", reason="")
    assert "Có 3 chỗ cần sửa" in answer.text
    for told in (
        "Tỷ lệ từ 0 đến 50 phần trăm.",
        "Từ ngày: Nhập ngày như 31/12/2026.",
        "Ghi lý do, ví dụ số quyết định.",
    ):
        assert f">{told}</a>" in answer.text
    assert rates() == []


def test_a_day_has_one_rate(app: Flask, desk: Client, at: datetime) -> None:
    maker = make_maker(at=at)
    for producer in ("", maker.producer.slug):
        typed = {"producer": producer, "valid_from": "2026-12-01", "reason": "QĐ 1"}
        assert send(desk, PAGE, **typed, rate="2").status_code == 302
        answer = send(desk, PAGE, **typed, rate="3")
        assert answer.status_code == 422
        told = answer.text.split('id="valid_from-error"', 1)[1]
        assert "Ngày này đã có một tỷ lệ" in told[:300]
        assert 'value="2026-12-01"' in answer.text, "what was typed stays"
    assert [bp for _, _, bp in rates()] == [200, 200]
