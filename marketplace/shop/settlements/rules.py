"""Which credit on the bank's statement is which payout, and what a payout means in accounts. Pure.

An account that settles in dong is matched by amount, day and note. One that settles in another currency tells no
amount in dong, and no rate is invented: what the bank credited in dong is what the payout was worth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.platform.core.money import Money
from marketplace.shop.bank.rules import squeezed
from marketplace.shop.ledger import rules as money
from marketplace.shop.payments.providers.interface import LineKind

EARLY, LATE = timedelta(days=1), timedelta(days=10)  # around the day on which a payout is to be at the bank


@dataclass(frozen=True, slots=True)
class Expected:
    """Money that is on its way to the bank. `number` is the bank's own, where it is known; else `says` is its note."""

    name: str
    amount: Money
    on: date
    says: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that came to the bank and that nobody has claimed. `numbers`: what the bank calls it."""

    name: str
    amount: Money
    on: date
    note: str
    numbers: tuple[str, ...] = ()


def speaks_of(expected: Expected, credit: Credit) -> bool:
    """Whether a credit may be what is expected: by the bank's number, or by its note within some days."""
    if expected.number:
        return expected.number.casefold() in (number.casefold() for number in credit.numbers)
    note = squeezed(credit.note)
    if squeezed(expected.name) in note:
        return True
    return squeezed(expected.says) in note and expected.on - EARLY <= credit.on <= expected.on + LATE


def pair(expected: Sequence[Expected], came: Sequence[Credit]) -> dict[str, str]:
    """Which credit is what was expected: names of credits by names of what was expected, each once.

    The same amount in the same currency, and the credit speaks of it; of several the nearest day. In different
    currencies only where neither could be another: with two in doubt a person decides.
    """
    found = {each.name: _mates(each, came) for each in expected}
    likely: list[tuple[timedelta, date, str, str]] = []
    for each in expected:
        for credit in found[each.name]:
            foreign = credit.amount.currency != each.amount.currency
            if credit.amount == each.amount or (foreign and _alone(each.name, credit, found)):
                likely.append((abs(credit.on - each.on), each.on, each.name, credit.name))
    return _each_once(likely)


def near(expected: Sequence[Expected], came: Sequence[Credit]) -> dict[str, str]:
    """Like `pair`, of what is left: a credit that speaks of it and has another amount, where neither is another."""
    found = {each.name: _mates(each, came) for each in expected}
    return {
        each.name: credit.name for each in expected for credit in found[each.name] if _alone(each.name, credit, found)
    }


def _mates(each: Expected, came: Iterable[Credit]) -> list[Credit]:
    return [credit for credit in came if speaks_of(each, credit)]


def _alone(name: str, credit: Credit, found: dict[str, list[Credit]]) -> bool:
    """Whether these two could only be each other."""
    return len(found[name]) == 1 and sum(credit in mates for mates in found.values()) == 1


def _each_once(likely: list[tuple[timedelta, date, str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, name, credit in sorted(likely):
        if name not in found and credit not in taken:
            found[name] = credit
            taken.add(credit)
    return found


@dataclass(frozen=True)
class Contents:
    """What a payout consists of: dong that buyers' banks were asked for, and the provider's own figures."""

    presentment: Money
    net: int
    fee: int
    currency: str


def arrival_moves(contents: Contents, credited: Money, source: money.Name) -> list[money.Move]:
    """A payout is at the bank, where it waits as unmatched: it leaves what the provider holds.

    In dong, what is missing was kept on the way: a fee. In another currency the payout's own worth in dong, credited
    by net, is also its fees' worth; what is left between that and what buyers were asked for is exchange.
    """
    out = [money.Move(money.UNMATCHED, source, credited, "payout")]
    if contents.currency == credited.currency:
        return [*out, money.Move(money.FEES, source, Money(contents.net) - credited, "fee")]
    fee = Money((2 * contents.fee * credited.amount + contents.net) // (2 * contents.net))
    left = contents.presentment - credited - fee
    size = Money(abs(left.amount))
    lost = money.Move(money.EXCHANGE, source, size, "exchange")
    return [*out, money.Move(money.FEES, source, fee, "fee"), lost if left > money.NOTHING else lost.back]


def line_moves(kind: LineKind, net: Money, source: money.Name) -> list[money.Move]:
    """A line of the provider's books in dong that no order tells of: a fee of its own, or something nobody knows yet.

    What is not known is kept apart, so that what the provider holds is what its books say.
    """
    other, what = (money.FEES, "fee") if kind is LineKind.FEE else (money.UNMATCHED, "adjustment")
    move = money.Move(source, other, Money(abs(net.amount)), what)
    return [move if net > money.NOTHING else move.back]
