"""What each producer may be paid: what it earned long enough ago, less what it owes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from marketplace.people.producers.models import Producer
from marketplace.people.verification.models import AccountState, BankAccount
from marketplace.people.verification.queries import account_in_force
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.ledger.models import Account, AccountKind, Entry, Transfer
from marketplace.shop.payouts.models import LineState, PayoutLine
from marketplace.shop.payouts.queries.parts import as_money

RESTS = timedelta(days=7)  # after delivery a buyer may still come back: what was earned since stays
AT_THE_BANK = (LineState.APPROVED, LineState.SENT, LineState.FAILED)


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
    """A producer with a balance; `account` is where it is paid, if the office has checked one.

    `trouble` is what the bank said of the last payment to that account, where it could not make it: nothing goes there
    again until the producer has declared its account anew and the office has checked it.
    """

    producer: Producer
    standing: Standing
    account: BankAccount | None
    trouble: str = ""

    @property
    def payable(self) -> bool:
        """Whether the next batch pays it something."""
        return self.account is not None and not self.trouble and self.standing.available > Money(0)


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
    troubles = _troubles(account.id for n, account in accounts.items() if n in found)
    producers = db.session.scalars(select(Producer).where(Producer.id.in_(found)).order_by(Producer.name, Producer.id))
    return [_owed(producer, found[producer.id], accounts.get(producer.id), troubles) for producer in producers]


def owed_to(producer: Producer, *, earned_until: datetime) -> Owed:
    """How one producer stands, with a balance or without."""
    standing = standings([producer.id], earned_until=earned_until).get(producer.id, Standing(Money(0), Money(0)))
    account = account_in_force(producer.id)
    return _owed(producer, standing, account, _troubles([account.id] if account is not None else ()))


def _owed(producer: Producer, standing: Standing, account: BankAccount | None, troubles: dict[int, str]) -> Owed:
    return Owed(producer, standing, account, troubles.get(account.id, "") if account is not None else "")


def _troubles(account_ids: Iterable[int]) -> dict[int, str]:
    """What the bank said of accounts to which the last payment could not be made."""
    last = (
        select(func.max(PayoutLine.id))
        .where(PayoutLine.account_id.in_(list(account_ids)), PayoutLine.state.in_(AT_THE_BANK))
        .group_by(PayoutLine.account_id)
    )
    rows = select(PayoutLine.account_id, PayoutLine.trouble).where(PayoutLine.id.in_(last))
    return {row[0]: row[1] for row in db.session.execute(rows.where(PayoutLine.state == LineState.FAILED))}


def hold_accounts(producer_ids: Iterable[int]) -> None:
    """Keep others from booking on these producers' accounts until the block ends.

    On PostgreSQL a transfer takes a share of its accounts' rows, so that a refund waits here or has been booked before;
    SQLite has one writer at a time.
    """
    wanted = select(Account.id).where(Account.kind == AccountKind.PRODUCER, Account.producer_id.in_(list(producer_ids)))
    db.session.execute(wanted.order_by(Account.id).with_for_update())
