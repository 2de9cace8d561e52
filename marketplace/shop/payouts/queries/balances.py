"""What each producer may be paid: what it earned long enough ago, less what it owes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from marketplace.people.producers.models import Producer
from marketplace.people.verification.models import AccountState, BankAccount
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.ledger.models import Account, AccountKind, Entry, Transfer
from marketplace.shop.payouts.queries.parts import as_money

RESTS = timedelta(days=7)  # after delivery a buyer may still come back: what was earned since stays


@dataclass(frozen=True)
class Standing:
    """What a producer is owed, and how much of it may be paid now."""

    balance: Money
    available: Money

    @property
    def later(self) -> Money:
        """What was earned lately, and will be paid."""
        return self.balance - self.available


@dataclass(frozen=True)
class Owed:
    """A producer with a balance; `account` is where it is paid, if the office has checked one."""

    producer: Producer
    standing: Standing
    account: BankAccount | None


def standings(producer_ids: Iterable[int] | None = None, *, earned_until: datetime) -> dict[int, Standing]:
    """Producers' balances and what of them was earned by an instant; all producers' where none are named.

    A part delivered since stays out as far as it brought the producer something; what it owes for one (its own cash)
    is netted at once.
    """
    ids = None if producer_ids is None else list(producer_ids)
    lately = select(Entry.reference).where(Entry.kind == "earned", Entry.at > earned_until)
    about = case((Entry.reference.in_(lately), Entry.reference), else_="")
    sums: dict[int, dict[str, int]] = {}
    for side, sign in ((Transfer.credit_id, 1), (Transfer.debit_id, -1)):
        query = (
            select(Account.producer_id, about, func.sum(Transfer.amount))
            .join(Account, Account.id == side)
            .join(Entry, Entry.id == Transfer.entry_id)
            .where(Account.kind == AccountKind.PRODUCER)
            .group_by(Account.producer_id, about)
        )
        if ids is not None:
            query = query.where(Account.producer_id.in_(ids))
        for producer_id, reference, amount in db.session.execute(query):
            own = sums.setdefault(producer_id, {})
            own[reference] = own.get(reference, 0) + sign * as_money(amount).amount
    return {producer_id: _standing(own) for producer_id, own in sums.items()}


def _standing(sums: dict[str, int]) -> Standing:
    balance = sum(sums.values())
    young = sum(amount for reference, amount in sums.items() if reference and amount > 0)
    return Standing(Money(balance), Money(balance - young))


def list_owed(*, earned_until: datetime) -> list[Owed]:
    """Producers whose balance is not nothing, by name."""
    found = {n: s for n, s in standings(earned_until=earned_until).items() if s.balance or s.available}
    accounts = {
        account.producer_id: account
        for account in db.session.scalars(select(BankAccount).where(BankAccount.state == AccountState.IN_FORCE))
    }
    producers = db.session.scalars(select(Producer).where(Producer.id.in_(found)).order_by(Producer.name, Producer.id))
    return [Owed(producer, found[producer.id], accounts.get(producer.id)) for producer in producers]


def hold_accounts(producer_ids: Iterable[int]) -> None:
    """Keep others from booking on these producers' accounts until the block ends.

    On PostgreSQL a transfer takes a share of its accounts' rows, so that a refund waits here or has been booked before;
    SQLite has one writer at a time.
    """
    wanted = select(Account.id).where(Account.kind == AccountKind.PRODUCER, Account.producer_id.in_(list(producer_ids)))
    db.session.execute(wanted.order_by(Account.id).with_for_update())
