"""The worker's part: the index follows the shop."""

from datetime import datetime

from sqlalchemy import delete

from marketplace.platform.core.changes import Change
from marketplace.platform.core.db import db, transaction
from marketplace.shop.search.queries import all_listing_ids, documents_of, engine, list_changes, listings_behind
from marketplace.shop.search.rules import Document

BATCH = 500


def follow_changes(at: datetime) -> int:
    """Index what changed and delete the change rows; answers how many rows. Killed half-way, it is done again.

    Where there is no index yet, or one of an older shape, it is first built whole.
    """
    if engine().fresh():
        rebuild(at)
    changes = list_changes()
    if not changes:
        return 0
    taken = [change.id for change in changes]
    engine().update(documents_of(listings_behind(changes), at=at))
    with transaction():
        db.session.execute(delete(Change).where(Change.id.in_(taken)))
    return len(taken)


def rebuild(at: datetime) -> int:
    """Build the whole index anew from the tables; answers how many listings it knows."""
    ids = all_listing_ids()
    documents: list[Document] = []
    for start in range(0, len(ids), BATCH):
        inside = documents_of(ids[start : start + BATCH], at=at)
        documents += [document for found in inside.values() for document in found]
        db.session.expunge_all()
    engine().rebuild(documents)
    return len({document.listing_id for document in documents})
