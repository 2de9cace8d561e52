"""Money, folding, ids, clock: pure values."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.folding import fold, nfc, slugify
from marketplace.platform.core.ids import free_slug, random_code, read_code
from marketplace.platform.core.money import Money, read_dong, total


def test_money_is_whole_dong() -> None:
    assert Money(2) + Money(3) * 2 - Money(1) == Money(7)
    assert total([]) == Money(0)
    assert not Money(0)
    assert sorted([Money(3), Money(1)]) == [Money(1), Money(3)]
    for wrong in (1.0, True, "1"):
        with pytest.raises(TypeError):
            Money(wrong)  # type: ignore[arg-type] # what must be refused


def test_currencies_do_not_mix() -> None:
    with pytest.raises(TypeError):
        Money(1) + Money(1, "USD")
    with pytest.raises(TypeError):
        assert Money(1) < Money(1, "USD")


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_shares_sum_to_the_whole(amount: int, weights: list[int]) -> None:
    shares = Money(amount).split(weights)
    assert total(shares) == Money(amount)
    for share, weight in zip(shares, weights, strict=True):
        exact = amount * weight / sum(weights)
        assert abs(share.amount - exact) <= 1 or amount > 2**52


def test_of_equal_remainders_the_earlier_takes_the_dong() -> None:
    assert Money(100).split([1, 1, 1]) == [Money(34), Money(33), Money(33)]
    for weights in ([0, 0], [1, -1]):
        with pytest.raises(ValueError, match="weights"):
            Money(1).split(weights)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Miến Đong", "mien dong"), ("đặc sản", "dac san"), ("ĐẶC", "dac"), ("Phở", "pho"), ("ƯỚT", "uot")],
)
def test_folding_forgets_marks(typed: str, folded: str) -> None:
    import unicodedata

    assert fold(typed) == folded
    assert fold(unicodedata.normalize("NFD", typed)) == folded


def test_nfc_joins_spaces() -> None:
    assert nfc("  Lai   Châu ") == "Lai Châu"


@pytest.mark.parametrize(
    ("name", "slug"), [("Chè Shan tuyết, 200 g", "che-shan-tuyet-200-g"), ("!!!", "x"), ("a" * 90, "a" * 80)]
)
def test_slugs(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_a_taken_slug_gets_a_number() -> None:
    assert free_slug("Chè", {"che", "che-2"}.__contains__) == "che-3"
    assert (free_slug("New", set().__contains__), free_slug("Sent!", {"sent-2"}.__contains__)) == ("new-2", "sent-3")


def test_codes_read_aloud() -> None:
    assert read_code(" cn ol i0 ") == "CN0110"
    assert len(random_code(8)) == 8
    assert not set(random_code(500)) & set("ILOU")


def test_the_day_is_vietnams() -> None:
    assert day_of(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == date(2026, 11, 23)
    assert day_of(datetime(2026, 11, 22, 16, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert midnight(date(2026, 11, 23)) == datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("95000", 95_000),
        ("95.000", 95_000),
        ("95 000 ₫", 95_000),
        ("10.000đ", 10_000),
        ("10.000 Đ", 10_000),
        ("10000d", 10_000),
        ("10.000 đồng", 10_000),
        ("10.000 VND", 10_000),
        ("999999999999", 10**12 - 1),
        ("1000000000000", None),
        ("10.5", None),
        ("10đ00", None),
        ("đ", None),
        ("", None),
    ],
)
def test_dong_as_people_type_them(typed: str, dong: int | None) -> None:
    assert read_dong(typed) == (None if dong is None else Money(dong))
