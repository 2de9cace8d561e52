"""What each event of money means in accounts. Pure: amounts in, moves out.

Every move takes its amount from the account it credits and gives it to the one it debits. By the book's custom money
that is here (bank, carriers, provider) stands on the debit side, and what is owed (buyers, producers, the State) on
the credit side.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from marketplace.platform.core.money import Money
from marketplace.shop.ledger.models import AccountKind

NOTHING = Money(0)
WHOLE = 10_000  # a rate of everything, in hundredths of a percent
TAXES = Path(__file__).parent / "data" / "taxes.json"
OWED = frozenset(  # accounts whose balance is read the other way round: what we owe, what came in for others
    {
        AccountKind.BUYERS,
        AccountKind.PRODUCER,
        AccountKind.COMMISSION,
        AccountKind.CHARGES,
        AccountKind.SHIPPING,
        AccountKind.TAX_WITHHELD,
        AccountKind.REFUNDS,
        AccountKind.UNMATCHED,
        AccountKind.PAYOUTS,
    }
)


@dataclass(frozen=True)
class Name:
    """Which account: its kind, and whose where the kind has several."""

    kind: AccountKind
    party: str = ""
    producer_id: int | None = None

    @property
    def code(self) -> str:
        return (
            f"{self.kind.value}:{self.producer_id or self.party}" if self.producer_id or self.party else self.kind.value
        )


@dataclass(frozen=True)
class Move:
    """`amount` goes from `credit` to `debit`; `what` names it on a statement."""

    debit: Name
    credit: Name
    amount: Money
    what: str

    @property
    def back(self) -> "Move":
        """The same amount, the other way."""
        return Move(self.credit, self.debit, self.amount, self.what)


@dataclass(frozen=True)
class Rates:
    """Hundredths of a percent of a producer's goods: the platform's share, and what is withheld for the State."""

    commission_bp: int = 0
    vat_bp: int = 0
    income_bp: int = 0


@dataclass(frozen=True)
class Amounts:
    """What a part of an order consists of. `own_discount` is given by the producer, `gift` by the province."""

    goods: Money
    shipping: Money
    own_discount: Money = NOTHING
    gift: Money = NOTHING

    @property
    def paid(self) -> Money:
        """What the buyer pays for the part."""
        return self.goods + self.shipping - self.own_discount - self.gift


@dataclass(frozen=True)
class Share:
    """How one part is shared out. The parts sum to what the buyer paid and the province gave."""

    commission: Money
    vat: Money
    income_tax: Money
    goods: Money  # to the producer, of its goods
    shipping: Money  # to the producer, who pays the carrier

    @property
    def whole(self) -> Money:
        return self.commission + self.vat + self.income_tax + self.goods + self.shipping


BUYERS, SHIPPING, VOUCHERS = Name(AccountKind.BUYERS), Name(AccountKind.SHIPPING), Name(AccountKind.VOUCHERS)
REFUNDS, BANK, UNMATCHED = Name(AccountKind.REFUNDS), Name(AccountKind.BANK), Name(AccountKind.UNMATCHED)
COMMISSION, CHARGES, PAYOUTS = Name(AccountKind.COMMISSION), Name(AccountKind.CHARGES), Name(AccountKind.PAYOUTS)
FEES, EXCHANGE, DISPUTES = Name(AccountKind.PROVIDER_FEES), Name(AccountKind.EXCHANGE), Name(AccountKind.DISPUTES)


def producer(producer_id: int, slug: str) -> Name:
    """The account of what is owed to a producer."""
    return Name(AccountKind.PRODUCER, slug, producer_id)


def withheld(producer_id: int, slug: str) -> Name:
    """The account of what was kept back for the State of a producer's sales."""
    return Name(AccountKind.TAX_WITHHELD, slug, producer_id)


def provider(name: str) -> Name:
    """The account of what a card provider holds."""
    return Name(AccountKind.PROVIDER, name)


def carrier(name: str) -> Name:
    """The account of the cash that a carrier holds."""
    return Name(AccountKind.CARRIER, " ".join(name.split()).casefold()[:120])


def part_of(amount: Money, rate_bp: int) -> Money:
    """A rate of an amount, in whole dong, halves up."""
    return Money((amount.amount * rate_bp * 2 + WHOLE) // (2 * WHOLE), amount.currency)


def share(amounts: Amounts, rates: Rates) -> Share:
    """Who gets what of a part. Rates are of the goods less what the producer gives away itself.

    NĐ 117/2025 withholds of the turnover, which what the province gives does not lower; delivery is passed on as it
    was charged, and is no turnover of the producer's (our reading: docs/decisions/0015).
    """
    turnover = amounts.goods - amounts.own_discount
    commission, vat = part_of(turnover, rates.commission_bp), part_of(turnover, rates.vat_bp)
    income = part_of(turnover, rates.income_bp)
    return Share(commission, vat, income, turnover - commission - vat - income, amounts.shipping)


def received(source: Name, amount: Money) -> list[Move]:
    """A buyer's money has come: to the bank, the provider, a carrier's pocket."""
    return [Move(source, BUYERS, amount, "payment")]


def earned(amounts: Amounts, shared: Share, owner: Name, taxes: Name) -> list[Move]:
    """A part is with its buyer: what was paid for it becomes the producer's, the platform's, the State's."""
    moves = [
        Move(VOUCHERS, BUYERS, amounts.gift, "gift"),
        Move(BUYERS, owner, shared.goods, "goods"),
        Move(BUYERS, COMMISSION, shared.commission, "commission"),
        Move(BUYERS, taxes, shared.vat, "vat"),
        Move(BUYERS, taxes, shared.income_tax, "income_tax"),
        Move(BUYERS, SHIPPING, shared.shipping, "shipping"),
        Move(SHIPPING, owner, shared.shipping, "shipping"),
    ]
    return without_nothing(moves)


def charged(amount: Money) -> list[Move]:
    """A charge is paid: what was paid for it is the office's."""
    return [Move(BUYERS, CHARGES, amount, "charge")]


def remaining(amounts: Amounts, given_back: Money) -> Amounts:
    """What a part consists of once so much of what was paid for it went back: everything in proportion.

    What is left sums to what was paid less what went back, to the dong; the province's gift goes back in proportion
    too, and the producer's own discount is taken off the goods.
    """
    left, goods = amounts.paid - given_back, amounts.goods - amounts.own_discount
    if not left:
        return Amounts(NOTHING, NOTHING)
    gift = Money(amounts.gift.amount * left.amount // amounts.paid.amount)
    parts = (left + gift).split([goods.amount, amounts.shipping.amount])
    return Amounts(parts[0], parts[1], gift=gift)


def given_back(before: Amounts, after: Amounts, rates: Rates, owner: Name, taxes: Name) -> list[Move]:
    """A part that was earned is worth less: what its shares lose goes back to what is kept for its buyer.

    Roundings can make a share a dong larger while the whole gets smaller: that one moves the other way.
    """
    was, still = share(before, rates), share(after, rates)
    lost = (
        (VOUCHERS, before.gift - after.gift, "gift"),
        (owner, was.goods - still.goods, "goods"),
        (COMMISSION, was.commission - still.commission, "commission"),
        (taxes, was.vat - still.vat, "vat"),
        (taxes, was.income_tax - still.income_tax, "income_tax"),
        (owner, was.shipping - still.shipping, "shipping"),
    )
    moves = []
    for account, amount, what in lost:
        takes = (amount > NOTHING) == (account is not VOUCHERS)
        size = Money(abs(amount.amount))
        moves.append(Move(account, BUYERS, size, what) if takes else Move(BUYERS, account, size, what))
    return without_nothing(moves)


def undone(moves: Iterable[Move]) -> list[Move]:
    """The same the other way round, as when goods come back."""
    return [move.back for move in moves]


def without_nothing(moves: Iterable[Move]) -> list[Move]:
    """Only those that move something."""
    return [move for move in moves if move.amount]


def balances(moves: Sequence[Move]) -> dict[str, int]:
    """What each account's balance changes by, debit less credit. Sums to zero."""
    found: dict[str, int] = {}
    for move in moves:
        found[move.debit.code] = found.get(move.debit.code, 0) + move.amount.amount
        found[move.credit.code] = found.get(move.credit.code, 0) - move.amount.amount
    return found


def in_force(dated: Iterable[tuple[int | None, date]], on: date) -> dict[int | None, date]:
    """Since when the rate counts that counts on a day, of everybody (None) and of each producer with its own."""
    found: dict[int | None, date] = {}
    for producer_id, since in dated:
        if since <= on:
            found[producer_id] = max(since, found.get(producer_id, since))
    return found


def tax_rates(subject_withheld: bool, service: bool, on: date) -> tuple[int, int]:
    """VAT and income tax to be withheld on the day, in hundredths of a percent; nothing of firms and cooperatives."""
    in_force = [taxes for taxes in _taxes() if taxes.since <= on]
    if not subject_withheld or not in_force:
        return 0, 0
    newest = max(in_force, key=lambda taxes: taxes.since)
    return newest.services if service else newest.goods


@dataclass(frozen=True)
class _Taxes:
    """What is withheld from a day on: (VAT, income tax), in hundredths of a percent."""

    since: date
    goods: tuple[int, int]
    services: tuple[int, int]


@cache
def _taxes() -> tuple[_Taxes, ...]:
    rows = json.loads(TAXES.read_text("utf-8"))
    return tuple(
        _Taxes(
            date.fromisoformat(row["from"]),
            *((row[kind]["vat_bp"], row[kind]["income_bp"]) for kind in ("goods", "services")),
        )
        for row in rows
    )
