"""What carriers hold in cash, and what they have handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money, total
from marketplace.shop.ledger.models import Account, AccountKind, Entry, Transfer
from marketplace.shop.ledger.queries import balances
from marketplace.shop.orders.models import Order, OrderPart
from marketplace.shop.orders.services import part_number
from marketplace.shop.payouts.models import Remittance, RemittedPart

CHUNK = 5_000  # values in one IN list
OLD = timedelta(days=30)


@dataclass(frozen=True)
class Carried:
    """The cash of one part, taken at a door by a carrier and not handed over yet."""

    number: str
    part_id: int
    amount: Money
    taken_at: datetime


@dataclass(frozen=True)
class Pocket:
    """What one carrier holds: its balance, and the parts not remitted, the oldest first."""

    carrier: str
    balance: Money
    parts: tuple[Carried, ...]

    @property
    def due(self) -> Money:
        return total(part.amount for part in self.parts)

    def older(self, at: datetime) -> Money:
        """What of it was taken more than 30 days ago."""
        return total(part.amount for part in self.parts if part.taken_at < at - OLD)

    def age(self, at: datetime) -> int:
        """Days since the oldest part's cash was taken."""
        return (day_of(at) - day_of(self.parts[0].taken_at)).days if self.parts else 0


def list_pockets() -> list[Pocket]:
    """Every carrier that holds cash or has parts to hand over, by name."""
    held = {code.partition(":")[2]: amount for code, amount in balances(AccountKind.CARRIER).items()}
    parts: dict[str, list[Carried]] = {}
    remitted = set(db.session.scalars(select(RemittedPart.part_id)))
    rows = _taken()
    numbers = _numbers(row[1] for row in rows)
    for carrier, reference, amount, at in rows:
        part_id = numbers.get(reference)
        if part_id is not None and part_id not in remitted:
            parts.setdefault(carrier, []).append(Carried(reference, part_id, amount, at))
    names = sorted(name for name in held.keys() | parts.keys() if held.get(name) or name in parts)
    return [Pocket(name, held.get(name, Money(0)), tuple(parts.get(name, ()))) for name in names]


def find_pocket(carrier: str) -> Pocket:
    """One carrier's; NotFound where it holds nothing."""
    found = next((pocket for pocket in list_pockets() if pocket.carrier == carrier), None)
    if found is None:
        raise NotFound
    return found


def _taken() -> list[tuple[str, str, Money, datetime]]:
    """Cash that carriers took, by part, the oldest first."""
    holder = aliased(Account)
    query = (
        select(holder.party, Entry.reference, Transfer.amount, Entry.at)
        .join(Transfer, Transfer.entry_id == Entry.id)
        .join(holder, holder.id == Transfer.debit_id)
        .where(Entry.kind == "cash", holder.kind == AccountKind.CARRIER)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query.order_by(Entry.at, Entry.id))]


def _numbers(references: Iterable[str]) -> dict[str, int]:
    """The parts' rows by their numbers."""
    orders = sorted({reference.partition("/")[0] for reference in references})
    query = select(Order.number, OrderPart.position, OrderPart.id).join(Order, Order.id == OrderPart.order_id)
    found: dict[str, int] = {}
    for start in range(0, len(orders), CHUNK):
        rows = db.session.execute(query.where(Order.number.in_(orders[start : start + CHUNK])))
        found |= {part_number(number, position): part_id for number, position, part_id in rows}
    return found


def list_remittances(*, differing: bool = False, limit: int = 100) -> list[Remittance]:
    """What carriers have handed over, the newest first; `differing`: what waits to be settled, the oldest first."""
    query = select(Remittance)
    if differing:
        waits = (Remittance.amount != Remittance.due, Remittance.settled_at.is_(None))
        return list(db.session.scalars(query.where(*waits).order_by(Remittance.id)))
    return list(db.session.scalars(query.order_by(Remittance.id.desc()).limit(limit)))


def count_differing() -> int:
    """How many remittances wait to be settled."""
    waits = (Remittance.amount != Remittance.due, Remittance.settled_at.is_(None))
    return db.session.scalar(select(func.count(Remittance.id)).where(*waits)) or 0


def get_remittance(code: str) -> Remittance:
    """One by its code."""
    found = db.session.scalar(
        select(Remittance).where(Remittance.code == code).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
