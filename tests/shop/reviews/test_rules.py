"""What holds without a database: days, names, signs, averages, what was typed."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.platform.core.errors import Invalid
from marketplace.shop.reviews.rules import Totals, last_day, read_text, short_name, signs_in


def test_the_last_day_is_the_ninetieth_after_delivery() -> None:
    late = datetime(2026, 8, 25, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
    assert last_day(late) == date(2026, 11, 23)
    assert last_day(late + timedelta(minutes=1)) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Thị An", "An N."),
        ("  đỗ   Bình ", "Bình Đ."),
        ("An", "An"),
        ("Y-Thu H'Mok", "H'Mok Y."),
        ("", ""),
        ("0912 345 678", ""),
        ("An www.hang.vn", ""),
        ("<b>An</b> N", ""),
        (f"Nguyễn {'a' * 90}", f"{'a' * 40} N."),
    ],
)
def test_a_name_is_shortened_or_left_out(name: str, shown: str) -> None:
    assert short_name(name) == shown


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Ngon lắm, mua 2 gói 500 g ngày 12.11.2026, giá 120.000 đồng", []),
        ("Giao 3.5 sao. Sẽ mua lại", []),
        ("Gọi 0912 345 678", ["phone"]),
        ("gọi +84 912.345.678 nhé", ["phone"]),
        ("(091)2345678", ["phone"]),
        ("Xem HTTPS://x.y", ["link"]),
        ("vào www.hang", ["link"]),
        ("vào hang-re.com.vn", ["link"]),
        ("thư an.n@hang.vn", ["mail"]),
        ("shop.vn, 0912345678 và a@b.com", ["link", "phone", "mail"]),
    ],
)
def test_what_leads_past_the_market_is_seen(words: str, found: list[str]) -> None:
    assert signs_in(words) == found


def test_averages_are_rounded_half_up_to_one_decimal() -> None:
    assert (Totals().count, Totals().average, Totals().rows[0]) == (0, None, (5, 0, 0))
    assert Totals((1, 0, 0, 0, 0)).average == Decimal("1.0")
    assert Totals((0, 0, 0, 3, 1)).average == Decimal("4.3")  # 4.25
    assert Totals((0, 0, 1, 1, 2)).rows == [(5, 2, 50), (4, 1, 25), (3, 1, 25), (2, 0, 0), (1, 0, 0)]


def test_averages_agree_with_counting_by_hand() -> None:
    chance = random.Random(5)
    for _ in range(300):
        given = [chance.randint(1, 5) for _ in range(chance.randint(1, 60))]
        a, b, c, d, e = (given.count(stars) for stars in range(1, 6))
        average = Totals((a, b, c, d, e)).average
        assert average is not None
        assert abs(average - Decimal(sum(given)) / len(given)) <= Decimal("0.05")


def test_text_is_kept_as_it_is_read() -> None:
    typed = " Ngon\r\n\u202emua\u202c nữa\rA\u0301 \n"
    assert read_text("words", typed, 100) == "Ngon\nmua nữa\nÁ"
    for bad in ("a\0b", "a\x07b", "\ud800"):
        with pytest.raises(Invalid) as told:
            read_text("words", bad, 100)
        assert set(told.value.fields) == {"words"}
    assert read_text("words", "á" * 9, 9) == "á" * 9
    with pytest.raises(Invalid):
        read_text("words", "á" * 10, 9)
    with pytest.raises(Invalid):
        read_text("words", " \n ", 9, needed=True)
