"""Keeping a provider's books, and booking what only they tell: fees, and lines of no order."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.db import db, insert_into
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.imports.services import hold_still
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.models import Entry
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.services import book
from marketplace.shop.orders.models import NOTHING
from marketplace.shop.payments.models import Attempt, Payment
from marketplace.shop.payments.providers.interface import LineKind, Settlement
from marketplace.shop.settlements.models import ProviderLine, ProviderMark
from marketplace.shop.settlements.rules import line_moves

FETCH = "settlements.fetch"
TABLE = "provider_lines"
DONG = "VND"
OF_NO_ORDER = (LineKind.FEE, LineKind.OTHER)
CHUNK = 500  # values in one IN list


def ask_fetch(*, by: Actor, at: datetime) -> None:
    """Have the worker read the providers' books now; asked twice in a minute, it reads once."""
    if not KEEP_MONEY.held_by(by):
        raise Forbidden
    enqueue(name=FETCH, key=f"{FETCH}:{at:%Y-%m-%dT%H:%M}", at=at)


def keep_lines(*, provider: str, lines: Sequence[Settlement], at: datetime) -> int:
    """Keep the provider's books as read, each line once by its reference; answers how many were new.

    Of a line that is known only its payout is news. Fees in dong that were not known when a charge was captured are
    booked; those that were stay as they were booked, whatever the line says. One block at a time keeps lines.
    """
    hold_still(TABLE)
    known = _known(provider, [line.reference for line in lines])
    fresh = {line.reference: line for line in lines if line.reference not in known}
    if fresh:
        db.session.execute(insert(ProviderLine), [_row(provider, line, at) for line in fresh.values()])
    for line in lines:
        if line.payout and line.reference in known and known[line.reference] != line.payout:
            here = (ProviderLine.provider == provider) & (ProviderLine.reference == line.reference)
            db.session.execute(update(ProviderLine).where(here).values(payout=line.payout))
    _book(provider, lines, at)
    mark = insert_into(ProviderMark).values(provider=provider, read_at=at)
    db.session.execute(mark.on_conflict_do_update(index_elements=["provider"], set_={"read_at": at}))
    if fresh:
        detail = {"provider": provider, "lines": len(fresh)}
        by = system("settlements")
        record(by=by, action="settlement.kept", subject_type="ledger", subject=provider, at=at, detail=detail)
    return len(fresh)


def _known(provider: str, references: Sequence[str]) -> dict[str, str | None]:
    """The payouts of those lines that are kept."""
    found: dict[str, str | None] = {}
    for start in range(0, len(references), CHUNK):
        rows = select(ProviderLine.reference, ProviderLine.payout).where(
            ProviderLine.provider == provider, ProviderLine.reference.in_(references[start : start + CHUNK])
        )
        found |= {row.reference: row.payout for row in db.session.execute(rows)}
    return found


def _row(provider: str, line: Settlement, at: datetime) -> dict[str, object]:
    return {
        "provider": provider,
        "reference": line.reference,
        "kind": line.kind,
        "source": line.source,
        "presentment": line.presentment,
        "amount": line.amount.amount,
        "fee": line.fee.amount,
        "net": line.net.amount,
        "currency": line.amount.currency,
        "payout": line.payout,
        "at": line.at,
        "arrives_on": line.arrives_on,
        "descriptor": line.descriptor[:120],
        "kept_at": at,
    }


def _book(provider: str, lines: Iterable[Settlement], at: datetime) -> None:
    """Book what is not booked yet of lines in dong; of other currencies nothing is known in dong before it arrives.

    A charge's fee is booked with its order, once that is known: until then `payments` has to learn of it. A dispute's
    is booked by who learns of the dispute.
    """
    in_dong = [line for line in lines if line.amount.currency == DONG]
    orders = _orders_of([line.source for line in in_dong if line.kind is LineKind.CHARGE and line.fee])
    events: dict[str, tuple[str, list[money.Move]]] = {}
    there = money.provider(provider)
    for line in in_dong:
        if line.kind is LineKind.CHARGE and line.source in orders:
            moves = [money.Move(money.FEES, there, line.fee, "fee")]
            events[f"fee:{provider}:{line.source}"] = (orders[line.source], moves)
        elif line.kind in (LineKind.REFUND, LineKind.REFUND_FAILED) and line.fee > NOTHING:
            moves = [money.Move(money.FEES, there, line.fee, "fee")]
            events[f"fee:{provider}:{line.reference}"] = (line.source, moves)
        elif line.kind in OF_NO_ORDER:
            moves = line_moves(line.kind, line.net, there)
            events[f"{line.kind.value}:{provider}:{line.reference}"] = (line.reference, moves)
    booked = _booked(sorted(events))
    for key, (reference, moves) in events.items():
        if key not in booked:
            book(key=key, kind=moves[0].what, reference=reference[:60], moves=moves, at=at)


def _orders_of(charges: Sequence[str]) -> dict[str, str]:
    """The numbers of orders and charges by what card payments paid them."""
    found: dict[str, str] = {}
    for start in range(0, len(charges), CHUNK):
        rows = select(Attempt.charge, Payment.number).join(Attempt.payment)
        some = rows.where(Attempt.charge.in_(charges[start : start + CHUNK]))
        found |= {str(row[0]): row[1] for row in db.session.execute(some)}
    return found


def _booked(keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        found |= set(db.session.scalars(select(Entry.key).where(Entry.key.in_(keys[start : start + CHUNK]))))
    return found
