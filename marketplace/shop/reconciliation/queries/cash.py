"""Cash on delivery: what carriers took at doors, what they paid in and for which parts, what the bank has shown.

Cash that a producer took itself is its own, and is netted in its balance: no list of others has it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import BankTransfer
from marketplace.shop.ledger.models import Account, AccountKind, Entry, Transfer
from marketplace.shop.orders.models import Order, OrderPart
from marketplace.shop.orders.services import part_number
from marketplace.shop.payouts.models import Remittance, RemittedPart
from marketplace.shop.reconciliation.queries.cards import Lists
from marketplace.shop.reconciliation.rows import Kind, Row, Side, Way
from marketplace.shop.settlements.models import Arrival

CHUNK = 500  # values in one IN list
Taken = dict[str, Row]


def rows(since: datetime, until: datetime) -> Lists:
    """Cash taken in this time with what covers it, and what was paid in in this time with all that it covers."""
    taken = _taken([Entry.at >= since, Entry.at < until])
    covering = _covering(taken)
    within = (Remittance.received_on >= day_of(since), Remittance.received_on < day_of(until))
    remittances = {row.id: row for row in db.session.scalars(select(Remittance).where(*within))}
    missing = sorted(covering - remittances.keys())
    for some in _chunks(missing):
        remittances |= {row.id: row for row in db.session.scalars(select(Remittance).where(Remittance.id.in_(some)))}
    parts = _parts(remittances)
    for some in _chunks([part.name for part in parts if part.name not in taken]):
        taken |= _taken([Entry.reference.in_(some)])
    paid_in = [_paid_in(row) for row in remittances.values()]
    return list(taken.values()), [*parts, *paid_in], _arrivals(remittances)


def _taken(which: Iterable[ColumnElement[bool]]) -> Taken:
    query = (
        select(Entry.reference, Transfer.amount, Entry.at)
        .join(Transfer, Transfer.entry_id == Entry.id)
        .join(Account, Account.id == Transfer.debit_id)
        .where(Entry.kind == "cash", Account.kind == AccountKind.CARRIER, *which)
    )
    return {
        number: Row(Side.HERE, Way.CASH, Kind.CASH, number, number, amount, day_of(at), about=number.partition("/")[0])
        for number, amount, at in db.session.execute(query)
    }


def _covering(taken: Taken) -> set[int]:
    """The remittances that cover these parts."""
    found: set[int] = set()
    for some in _chunks(sorted({row.about for row in taken.values()})):
        query = select(RemittedPart.remittance_id).join(RemittedPart.part).join(Order, Order.id == OrderPart.order_id)
        found |= set(db.session.scalars(query.where(Order.number.in_(some))))
    return found


def _parts(remittances: dict[int, Remittance]) -> list[Row]:
    """The parts that remittances cover, as their carriers told."""
    found = []
    for some in _chunks(sorted(remittances)):
        query = (
            select(RemittedPart.remittance_id, RemittedPart.amount, Order.number, OrderPart.position)
            .join(RemittedPart.part)
            .join(Order, Order.id == OrderPart.order_id)
            .where(RemittedPart.remittance_id.in_(some))
        )
        for remittance_id, amount, number, position in db.session.execute(query):
            paid_in, name = remittances[remittance_id], part_number(number, position)
            found.append(_theirs(Kind.CASH, name, amount, paid_in, net=amount, through=paid_in.code, about=number))
    return found


def _paid_in(row: Remittance) -> Row:
    """What a carrier paid in; a difference that an officer has settled is none."""
    net: Money = row.due if row.settled_at else row.amount
    return _theirs(Kind.PAYOUT, row.code, row.amount, row, net=net, numbers=(row.bank_reference,), about=row.code)


def _theirs(kind: Kind, name: str, amount: Money, of: Remittance, **facts: Any) -> Row:
    return Row(Side.PROVIDER, Way.CASH, kind, name, name, amount, of.received_on, note=of.carrier, **facts)


def _arrivals(remittances: dict[int, Remittance]) -> list[Row]:
    found = []
    for some in _chunks(sorted(remittances)):
        query = (
            select(Remittance.code, Arrival.credited, BankTransfer.code, BankTransfer.booked_at)
            .join(Remittance, Remittance.id == Arrival.remittance_id)
            .join(Arrival.transfer)
            .where(Remittance.id.in_(some))
        )
        for key, credited, code, at in db.session.execute(query):
            found.append(Row(Side.BANK, Way.CASH, Kind.PAYOUT, code, key, credited, day_of(at), about=code))
    return found


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
