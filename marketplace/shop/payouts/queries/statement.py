"""A producer's statement: what it is owed, when it comes, by month and by part."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.models import Account, AccountKind, Entry, Transfer
from marketplace.shop.ledger.queries import Line, list_lines
from marketplace.shop.payouts.queries.balances import RESTS, Owed, Standing, owed_to
from marketplace.shop.payouts.queries.parts import as_money

GOODS, SHIPPING, REFUNDS, CASH, PAYOUTS, RETURNED = "goods", "shipping", "refunds", "cash", "payouts", "returned"
COLUMNS = (GOODS, SHIPPING, REFUNDS, CASH, PAYOUTS, RETURNED)
KINDS = {"undone": REFUNDS, "payout": PAYOUTS, "payout_failed": RETURNED, "cash": CASH}


@dataclass
class MonthSums:
    """What one month brought and took, by column; commission and taxes stand beside: they never came to the account."""

    first: date
    sums: dict[str, Money] = field(default_factory=lambda: dict.fromkeys(COLUMNS, Money(0)))
    kept: dict[str, Money] = field(default_factory=lambda: dict.fromkeys(("commission", "vat", "income_tax"), Money(0)))

    def of(self, code: str) -> Money:
        """One column's sum; of commission and taxes above zero what was kept: it is out of the other sums already."""
        return self.sums[code] if code in self.sums else Money(0) - self.kept[code]

    @property
    def earned(self) -> Money:
        """What came to the producer for goods and delivery, refunds taken off."""
        return self.sums[GOODS] + self.sums[SHIPPING] + self.sums[REFUNDS]


@dataclass(frozen=True)
class Statement:
    """A producer's account as it reads it."""

    owed: Owed
    months: list[MonthSums]
    lines: list[Line]

    @property
    def standing(self) -> Standing:
        """What the producer is owed, and how much of it its time has come for."""
        return self.owed.standing

    @property
    def moved(self) -> set[str]:
        """The columns in which something ever stood."""
        return {code for month in self.months for code in (*month.sums, *month.kept) if month.of(code)}


def statement_of(producer: Producer, *, at: datetime) -> Statement:
    """A producer's own statement, the newest month and line first."""
    lines = list_lines(money.producer(producer.id, producer.slug))
    months: dict[date, MonthSums] = {}
    for line in lines:
        own = months.setdefault(first := line.entry.day.replace(day=1), MonthSums(first))
        own.sums[column_of(line)] += line.amount
    for day, what, amount in kept_back(producer.id):
        own = months.setdefault(first := day.replace(day=1), MonthSums(first))
        own.kept[what] += amount
    owed = owed_to(producer, earned_until=at - RESTS)
    return Statement(owed, [months[first] for first in sorted(months, reverse=True)], lines)


def column_of(line: Line) -> str:
    """Which column of a statement a line belongs to."""
    return KINDS.get(line.entry.kind, line.what)


def kept_back(producer_id: int) -> Iterable[tuple[date, str, Money]]:
    """Commission and taxes of a producer's parts by day, below zero where they were kept, above where undone."""
    own = aliased(Account)
    touched = or_(own.id == Transfer.debit_id, own.id == Transfer.credit_id)
    about = (
        select(Transfer.entry_id)
        .join(own, touched)
        .where(own.kind == AccountKind.PRODUCER, own.producer_id == producer_id)
    )
    into = aliased(Account)
    query = (
        select(Entry.day, Transfer.what, into.kind, func.sum(Transfer.amount))
        .join(Entry, Entry.id == Transfer.entry_id)
        .join(into, into.id == Transfer.debit_id)
        .where(Transfer.entry_id.in_(about), Entry.kind.in_(("earned", "undone")))
        .where(Transfer.what.in_(("commission", "vat", "income_tax")))
        .group_by(Entry.day, Transfer.what, into.kind)
    )
    for day, what, kind, amount in db.session.execute(query):
        sign = -1 if kind is AccountKind.BUYERS else 1
        yield day, what, as_money(amount) * sign
