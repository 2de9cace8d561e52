"""A maker writes on at the moment an officer approves what he has read: what nobody has looked at is not published.

PostgreSQL only: on SQLite a write block is alone, so there is no such moment.
"""

import threading

import pytest
from flask import Flask

from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.queries import get_public
from marketplace.shop.catalog.services import ChangedSinceSeen, ListingTexts, approve_proposal, save_texts
from tests.conftest import AT, TODAY
from tests.faults.test_revoked_meanwhile import _until_waiting, shop
from tests.shop.catalog.test_proposals import opened

__all__ = ["shop"]


def _texts(name: str) -> ListingTexts:
    return ListingTexts(name=name, art_seed="x", summary="Ngon.")


@pytest.mark.parametrize("guarded", [True, False])
def test_the_approval_waits_and_sees_another_version(
    shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The officer stands in the queue behind the maker's save; the twin without the guard publishes it unread."""
    if not guarded:
        monkeypatch.setattr("marketplace.shop.catalog.services.proposals.check_seen", lambda _now, _seen: None)
    with shop.app_context():
        desk = opened(AT)
        with transaction():
            save_texts(slug=desk.slug, texts=_texts("Miến lành"), by=desk.maker, at=AT)
    done: list[str] = []

    def approve() -> None:
        with shop.app_context():
            try:
                with transaction():
                    approve_proposal(slug=desk.slug, seen=1, by=desk.officer, at=AT)
            except ChangedSinceSeen:
                done.append("told")
            else:
                done.append("approved")

    officer = threading.Thread(target=approve)
    with shop.app_context():
        with transaction():
            save_texts(slug=desk.slug, texts=_texts("Miến chữa bệnh"), by=desk.maker, at=AT)
            officer.start()
            _until_waiting(shop, 1)
        officer.join(20)
        db.session.rollback()
        assert done == (["told"] if guarded else ["approved"])
        shown = get_public(desk.slug, on=TODAY).listing.name
        assert shown == ("Miến dong Thử" if guarded else "Miến chữa bệnh")
