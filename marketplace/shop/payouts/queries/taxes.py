"""What was withheld for the State, by month and seller (NĐ 117/2025): returns are offset in the month they happen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money, total
from marketplace.shop.ledger.models import Account, AccountKind, Entry, Transfer
from marketplace.shop.payouts.models import TaxFiling
from marketplace.shop.payouts.queries.parts import as_money
from marketplace.shop.payouts.rules import next_month

SHARES = ("goods", "commission", "vat", "income_tax")  # they sum to the turnover


@dataclass(frozen=True)
class Declared:
    """One seller in one month, returns taken off: any of it may be below zero."""

    producer: Producer
    turnover: Money
    vat: Money
    income_tax: Money


@dataclass(frozen=True)
class Month:
    """A month's declaration. What is below zero is carried into the next one."""

    first: date
    sellers: tuple[Declared, ...]
    carried_vat: Money
    carried_income: Money
    filing: TaxFiling | None

    @property
    def vat(self) -> Money:
        return total(each.vat for each in self.sellers)

    @property
    def income_tax(self) -> Money:
        return total(each.income_tax for each in self.sellers)

    @property
    def vat_due(self) -> Money:
        """To be paid; nothing where returns were more."""
        return max(self.vat + self.carried_vat, Money(0))

    @property
    def income_due(self) -> Money:
        return max(self.income_tax + self.carried_income, Money(0))

    @property
    def vat_over(self) -> Money:
        """Below zero: what goes into the next month."""
        return min(self.vat + self.carried_vat, Money(0))

    @property
    def income_over(self) -> Money:
        return min(self.income_tax + self.carried_income, Money(0))


def month_of(first: date) -> Month:
    """The declaration of the month that begins on `first`, with what the months before it left below zero."""
    before: Month | None = None
    start = _earliest()
    month = min(start, first) if start else first
    sums = _withheld(next_month(first))
    while True:
        carried = (before.vat_over, before.income_over) if before else (Money(0), Money(0))
        sellers = sums.get(month, ())
        found = Month(month, tuple(sellers), *carried, db.session.get(TaxFiling, month) if month == first else None)
        if month == first:
            return found
        before, month = found, next_month(month)


def outstanding(first: date, what: str) -> list[tuple[Producer, Money]]:
    """What is withheld of each seller up to the end of a month and not paid yet, of one tax (`vat`, `income_tax`)."""
    left: dict[int, int] = {}
    producers: dict[int, Producer] = {}
    for sellers in _withheld(next_month(first)).values():
        for each in sellers:
            amount: Money = getattr(each, what)
            left[each.producer.id] = left.get(each.producer.id, 0) + amount.amount
            producers[each.producer.id] = each.producer
    for producer_id, paid in _paid(what):
        left[producer_id] = left.get(producer_id, 0) - paid
    return [(producers[n], Money(left[n])) for n in sorted(producers) if left[n]]


def _paid(what: str) -> Iterator[tuple[int, int]]:
    for side, sign in ((Transfer.debit_id, 1), (Transfer.credit_id, -1)):
        query = (
            select(Account.producer_id, func.sum(Transfer.amount))
            .join(Account, Account.id == side)
            .join(Entry, Entry.id == Transfer.entry_id)
            .where(Entry.kind == "tax_paid", Transfer.what == what, Account.kind == AccountKind.TAX_WITHHELD)
        )
        for producer_id, amount in db.session.execute(query.group_by(Account.producer_id)):
            yield int(producer_id or 0), sign * as_money(amount).amount


def month_to_pay(today: date) -> date | None:
    """The first month that has ended and is not paid; None where all are."""
    month = _earliest()
    filed = set(db.session.scalars(select(TaxFiling.month)))
    while month is not None and next_month(month) <= today:
        if month not in filed:
            return month
        month = next_month(month)
    return None


def list_filings() -> list[TaxFiling]:
    """What was declared and paid, the newest first."""
    return list(db.session.scalars(select(TaxFiling).order_by(TaxFiling.month.desc())))


def _earliest() -> date | None:
    query = select(func.min(Entry.day)).join(Transfer, Transfer.entry_id == Entry.id)
    day = db.session.scalar(query.where(Transfer.what.in_(("vat", "income_tax"))))
    return day.replace(day=1) if day else None


def _withheld(until: date) -> dict[date, list[Declared]]:
    """By month, every seller of whom something was withheld or undone, by name."""
    sums: dict[tuple[date, int], dict[str, int]] = {}
    for month, producer_id, what, amount in _shares(until):
        own = sums.setdefault((month, producer_id), {})
        own[what] = own.get(what, 0) + amount
    query = select(Producer).where(Producer.id.in_({producer_id for _, producer_id in sums}))
    producers = list(db.session.scalars(query.order_by(Producer.name, Producer.id)))
    found: dict[date, list[Declared]] = {}
    for month in sorted({month for month, _ in sums}):
        for producer in producers:
            own = sums.get((month, producer.id), {})
            if own:
                vat, income = Money(own.get("vat", 0)), Money(own.get("income_tax", 0))
                found.setdefault(month, []).append(Declared(producer, Money(sum(own.values())), vat, income))
    return found


def _shares(until: date) -> Iterator[tuple[date, int, str, int]]:
    """Each share of a part of whose taxes something is withheld: month, seller, which share, what it was or lost."""
    debit, credit, taxes = aliased(Account), aliased(Account), aliased(Account)
    touched = or_(taxes.id == Transfer.debit_id, taxes.id == Transfer.credit_id)
    taxed = (
        select(Entry.reference)
        .join(Transfer, Transfer.entry_id == Entry.id)
        .join(taxes, touched)
        .where(taxes.kind == AccountKind.TAX_WITHHELD)
    )
    query = (
        select(Entry.reference, Entry.day, Transfer.what, Transfer.amount, debit, credit)
        .join(Transfer, Transfer.entry_id == Entry.id)
        .join(debit, debit.id == Transfer.debit_id)
        .join(credit, credit.id == Transfer.credit_id)
        .where(Entry.kind.in_(("earned", "undone")), Transfer.what.in_(SHARES))
        .where(Entry.reference.in_(taxed), Entry.day < until)
    )
    rows = list(db.session.execute(query))
    seller = {row[0]: other for row in rows if (other := row[4].producer_id or row[5].producer_id)}
    for reference, day, what, amount, into, _ in rows:
        sign = 1 if into.kind is AccountKind.BUYERS else -1
        yield day.replace(day=1), seller[reference], what, sign * as_money(amount).amount
