"""Codes as people type them; who counts as the same person; why a voucher does not fit."""

from datetime import datetime, timedelta

import pytest

from marketplace.platform.core.money import Money
from marketplace.shop.pricing.rules import Phase
from marketplace.shop.pricing.totals import VoucherKind
from marketplace.shop.vouchers.models import Voucher
from marketplace.shop.vouchers.rules import persons, read_code, unfit
from tests.conftest import AT


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("tết2026", "TET2026"),
        (" Đông-Anh 5 ", "DONGANH5"),
        ("ＴＥＴ", ""),
        ("", ""),
        ("a" * 40, "A" * 20),
        ("'; --", ""),
    ],
)
def test_a_code_as_people_type_it(typed: str, code: str) -> None:
    assert read_code(typed) == code


def test_a_person_is_their_telephone_and_their_account() -> None:
    guest, member = persons(phone="+84912345678", user_id=None), persons(phone="+84912345678", user_id=7)
    assert (len(guest), len(member)) == (1, 2)
    assert set(guest) < set(member)
    assert persons(phone="", user_id=None) == ()
    assert not set(persons(phone="", user_id=7)) & set(guest)
    assert all(len(name) == 64 and "912" not in name[:3] for name in member)


def voucher(**facts: object) -> Voucher:
    usual = {
        "code": "A",
        "kind": VoucherKind.AMOUNT,
        "amount": Money(1),
        "minimum_goods": Money(0),
        "starts_at": AT,
        "ends_at": AT + timedelta(days=1),
        "used": 0,
    }
    return Voucher(**{**usual, **facts})


GOODS = {1: Money(100_000), 2: Money(50_000)}


@pytest.mark.parametrize(
    ("facts", "at", "why"),
    [
        ({}, AT, None),
        ({}, AT - timedelta(seconds=1), "chưa tới ngày"),
        ({}, AT + timedelta(days=1), "đã hết hạn"),
        ({"most_uses": 3, "used": 3}, AT, "hết lượt"),
        ({"most_uses": 3, "used": 2}, AT, None),
        ({"code": "SPENT"}, AT, "đủ số lần"),
        ({"producer_id": 3}, AT, "không có món nào trong giỏ"),
        ({"producer_id": 2, "minimum_goods": Money(50_000)}, AT, None),
        ({"producer_id": 2, "minimum_goods": Money(50_001)}, AT, "tiền hàng từ"),
        ({"minimum_goods": Money(150_000)}, AT, None),
        ({"minimum_goods": Money(1_150_000)}, AT, "từ 1.150.000 ₫. Mua thêm 1.000.000 ₫"),
    ],
)
def test_why_it_does_not_fit(facts: dict[str, object], at: datetime, why: str | None) -> None:
    found = unfit(voucher(**facts), GOODS, at=at, spent={"SPENT"})
    if why is None:
        assert found is None
    else:
        assert found is not None
        assert why in found.why % found.facts


def test_phases() -> None:
    made = voucher(ends_at=AT + timedelta(hours=2))
    phases = [made.phase(AT + timedelta(hours=hours)) for hours in (-1, 0, 1, 2)]
    assert phases == [Phase.PLANNED, Phase.RUNNING, Phase.RUNNING, Phase.ENDED]
    assert voucher(ends_at=AT).phase(AT - timedelta(hours=1)) is Phase.ENDED
