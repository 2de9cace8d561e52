"""Reading the books."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.ledger.models import Account, AccountKind, CommissionRate, Entry, PartTerms, Transfer
from marketplace.shop.ledger.rules import OWED, Name, Rates


@dataclass(frozen=True)
class Line:
    """A line of an account: what came (positive) or went, by what, and what there was after it."""

    entry: Entry
    what: str
    amount: Money
    other: str  # the account on the other side
    after: Money


def booked(key: str) -> Entry | None:
    """The entry of an event, with its transfers and accounts."""
    return db.session.scalar(_entries().where(Entry.key == key))


def entries_about(references: Iterable[str]) -> list[Entry]:
    """The entries about these orders, parts, payouts, in the order they were booked."""
    query = _entries().where(Entry.reference.in_(list(references)))
    return list(db.session.scalars(query.order_by(Entry.id)))


def balance(name: Name, *, until: date | None = None) -> Money:
    """What stands on an account, read the way its kind is: what is here, or what is owed; by the end of a day."""
    kind = name.kind
    found = _sums(Account.code == name.code, until=until)
    return _read(kind, found.get(name.code, 0))


def balances(kind: AccountKind | None = None, *, until: date | None = None) -> dict[str, Money]:
    """The balance of every account, or of one kind, by its code, in the order of codes."""
    where = Account.kind == kind if kind else Account.id.is_not(None)
    kinds = {row.code: row.kind for row in db.session.execute(select(Account.code, Account.kind).where(where))}
    sums = _sums(where, until=until)
    return {code: _read(kinds[code], sums.get(code, 0)) for code in sorted(kinds)}


def count_lines(name: Name) -> int:
    """How many lines an account has."""
    account = select(Account.id).where(Account.code == name.code).scalar_subquery()
    touching = or_(Transfer.debit_id == account, Transfer.credit_id == account)
    return db.session.scalar(select(func.count(Transfer.id)).where(touching)) or 0


def list_lines(
    name: Name, *, since: date | None = None, until: date | None = None, limit: int | None = None, offset: int = 0
) -> list[Line]:
    """An account's lines, newest first, each with the balance after it."""
    account = db.session.scalar(select(Account).where(Account.code == name.code))
    if account is None:
        return []
    debit, credit = aliased(Account), aliased(Account)
    sign = -1 if name.kind in OWED else 1
    signed = case((Transfer.debit_id == account.id, Transfer.amount), else_=-Transfer.amount)
    running = func.sum(signed).over(order_by=Transfer.id)
    inner = (
        select(Transfer.id.label("id"), signed.label("signed"), running.label("running"))
        .where(or_(Transfer.debit_id == account.id, Transfer.credit_id == account.id))
        .subquery()
    )
    query = (
        select(Transfer, inner.c.signed, inner.c.running, debit.code, credit.code)
        .join(inner, inner.c.id == Transfer.id)
        .join(debit, debit.id == Transfer.debit_id)
        .join(credit, credit.id == Transfer.credit_id)
        .join(Transfer.entry)
        .options(joinedload(Transfer.entry))
        .order_by(Transfer.id.desc())
    )
    if since is not None:
        query = query.where(Entry.day >= since)
    if until is not None:
        query = query.where(Entry.day <= until)
    rows = db.session.execute(query.limit(limit).offset(offset))
    return [
        Line(
            row.entry,
            row.what,
            Money(sign * _amount(signed_amount)),
            credit_code if row.debit_id == account.id else debit_code,
            Money(sign * _amount(after)),
        )
        for row, signed_amount, after, debit_code, credit_code in rows
    ]


def terms_of_parts(part_ids: Iterable[int]) -> dict[int, PartTerms]:
    """What was agreed for parts when they were ordered."""
    rows = db.session.scalars(select(PartTerms).where(PartTerms.part_id.in_(list(part_ids))))
    return {row.part_id: row for row in rows}


def commission_on(producer_ids: Iterable[int], *, on: date) -> dict[int, int]:
    """The platform's share on a day by producer, in hundredths of a percent: its own rate, everybody's, or 0."""
    ids = set(producer_ids)
    rows = db.session.scalars(
        select(CommissionRate)
        .where(CommissionRate.valid_from <= on)
        .where(or_(CommissionRate.producer_id.is_(None), CommissionRate.producer_id.in_(ids)))
        .order_by(CommissionRate.valid_from, CommissionRate.id)
    )
    everybody, own = 0, {}
    for row in rows:
        if row.producer_id is None:
            everybody = row.rate_bp
        else:
            own[row.producer_id] = row.rate_bp
    return {producer_id: own.get(producer_id, everybody) for producer_id in ids}


def list_commission_rates() -> list[CommissionRate]:
    """Every rate ever set, with its producer: the latest day first, everybody's before a producer's own."""
    newest = (CommissionRate.valid_from.desc(), CommissionRate.producer_id.is_not(None), CommissionRate.id.desc())
    return list(
        db.session.scalars(select(CommissionRate).options(joinedload(CommissionRate.producer)).order_by(*newest))
    )


def rates_of(terms: PartTerms | None) -> Rates:
    """The rates frozen for a part; of one ordered before there was a ledger, none."""
    return Rates(terms.commission_bp, terms.vat_bp, terms.income_bp) if terms else Rates()


def _entries() -> Select[Entry]:
    accounts = (joinedload(Transfer.debit), joinedload(Transfer.credit))
    return select(Entry).options(selectinload(Entry.transfers).options(*accounts))


def _sums(where: ColumnElement[bool], *, until: date | None) -> dict[str, int]:
    """Debit less credit by account code."""
    found: dict[str, int] = {}
    for side, sign in ((Transfer.debit_id, 1), (Transfer.credit_id, -1)):
        query = select(Account.code, func.sum(Transfer.amount)).join(Account, Account.id == side).where(where)
        if until is not None:
            query = query.join(Transfer.entry).where(Entry.day <= until)
        for code, amount in db.session.execute(query.group_by(Account.code)):
            found[code] = found.get(code, 0) + sign * _amount(amount)
    return found


def _read(kind: AccountKind, debit_less_credit: int) -> Money:
    return Money(-debit_less_credit if kind in OWED else debit_less_credit)


def _amount(found: object) -> int:
    """A sum of amounts as a number of dong, whatever the database makes of it."""
    return found.amount if isinstance(found, Money) else int(str(found))
