"""The ledger's chain: the worker seals what was booked; `reconcile` checks it."""

from datetime import UTC
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from marketplace.platform.audit.chain import Chain
from marketplace.shop.ledger.models import Entry, Transfer


def _facts(entry: Entry) -> list[Any]:
    return [
        entry.at.astimezone(UTC).isoformat(),
        entry.key,
        entry.kind,
        entry.reference,
        entry.memo,
        entry.day.isoformat(),
        [[t.debit.code, t.credit.code, t.amount.amount, t.what] for t in entry.transfers],
    ]


BOOKS = Chain(
    "ledger",
    Entry,
    _facts,
    (selectinload(Entry.transfers).options(joinedload(Transfer.debit), joinedload(Transfer.credit)),),
)
