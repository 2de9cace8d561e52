"""Who gets what of a part: to the dong, whatever the amounts and rates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.money import Money, total
from marketplace.shop.ledger.rules import (
    BANK,
    BUYERS,
    COMMISSION,
    SHIPPING,
    VOUCHERS,
    Amounts,
    Rates,
    balances,
    carrier,
    earned,
    part_of,
    producer,
    provider,
    received,
    share,
    tax_rates,
    undone,
    withheld,
)

OWNER, TAXES = producer(7, "hop-tac-xa"), withheld(7, "hop-tac-xa")
DONG = st.integers(0, 10**11).map(Money)


@pytest.mark.parametrize(
    ("amount", "rate", "wanted"),
    [(100_000, 100, 1_000), (150, 100, 2), (149, 100, 1), (50, 100, 1), (49, 100, 0), (0, 5000, 0), (1, 10_000, 1)],
)
def test_a_rate_in_whole_dong_halves_up(amount: int, rate: int, wanted: int) -> None:
    assert part_of(Money(amount), rate) == Money(wanted)


def test_a_household_part_with_commission_and_taxes() -> None:
    amounts = Amounts(Money(300_000), Money(30_000), own_discount=Money(20_000), gift=Money(50_000))
    shared = share(amounts, Rates(commission_bp=500, vat_bp=100, income_bp=50))
    assert amounts.paid == Money(260_000)
    assert shared.commission == Money(14_000)
    assert (shared.vat, shared.income_tax) == (Money(2_800), Money(1_400))
    assert shared.goods == Money(261_800)
    moves = [*received(BANK, amounts.paid), *earned(amounts, shared, OWNER, TAXES)]
    assert balances(moves) == {
        BANK.code: 260_000,
        BUYERS.code: 0,
        VOUCHERS.code: 50_000,
        OWNER.code: -291_800,
        COMMISSION.code: -14_000,
        TAXES.code: -4_200,
        SHIPPING.code: 0,
    }


@given(DONG, DONG, st.data(), st.integers(0, 5000), st.integers(0, 500), st.integers(0, 500))
def test_nothing_is_lost_between_the_dong(
    goods: Money, shipping: Money, data: st.DataObject, commission: int, vat: int, income: int
) -> None:
    own = Money(data.draw(st.integers(0, goods.amount)))
    gift = Money(data.draw(st.integers(0, (goods - own + shipping).amount)))
    amounts = Amounts(goods, shipping, own, gift)
    shared = share(amounts, Rates(commission, vat, income))
    assert shared.whole == amounts.paid + gift
    moves = [*received(provider("stripe"), amounts.paid), *earned(amounts, shared, OWNER, TAXES)]
    changed = balances(moves)
    assert sum(changed.values()) == 0
    assert changed[BUYERS.code] == 0
    assert balances([*moves, *undone(moves)]) == dict.fromkeys(changed, 0)
    assert total(move.amount for move in moves if move.what == "vat") == shared.vat


@pytest.mark.parametrize(
    ("subject", "service", "on", "wanted"),
    [
        (True, False, date(2025, 6, 30), (0, 0)),
        (True, False, date(2025, 7, 1), (100, 50)),
        (True, True, date(2026, 11, 23), (500, 200)),
        (False, False, date(2026, 11, 23), (0, 0)),
    ],
)
def test_taxes_are_withheld_of_households_and_individuals_from_july_2025(
    subject: bool, service: bool, on: date, wanted: tuple[int, int]
) -> None:
    assert tax_rates(subject, service, on) == wanted


def test_an_account_is_named_by_whose_it_is() -> None:
    assert (OWNER.code, TAXES.code) == ("producer:7", "tax_withheld:7")
    assert (BANK.code, carrier("  Giao Hàng  Nhanh ").code) == ("bank", "carrier:giao hàng nhanh")
