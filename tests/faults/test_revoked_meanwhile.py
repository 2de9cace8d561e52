"""An order and a revocation at the same moment: one of them is first, and the other sees it.

PostgreSQL only: on SQLite a write block is alone, so there is no such moment.
"""

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.app import create_app
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.registry.certification.models import Certificate
from marketplace.shop.checkout import services as checkout
from marketplace.shop.checkout.services import placing
from marketplace.shop.inventory.models import Stock
from marketplace.shop.orders.models import Order
from tests.builders import fill_basket, make_offer, revoke_certificate, start_checkout
from tests.conftest import AT
from tests.databases import migrated_database, settings_for


@pytest.fixture
def shop() -> Iterator[Flask]:
    app = create_app(settings_for(migrated_database("postgresql", "meanwhile"), "meanwhile", queue_path=""))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("guarded", [True, False])
def test_a_revocation_waits_for_the_order_that_was_first(
    shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The order stands in the queue for its stock; the twin without the guard lets the revocation overtake it."""
    if not guarded:
        monkeypatch.setattr(placing, "hold_for_sale", lambda _basket_id: None)
    with shop.app_context():
        variant = make_offer(at=AT)
        key, fingerprint = start_checkout(fill_basket((variant, 1), at=AT), at=AT)
        certificate = db.session.scalars(select(Certificate)).one()
        db.session.expunge_all()
    done: list[str] = []

    def buy() -> None:
        with shop.app_context(), transaction():
            checkout.place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=AT)
        done.append("ordered")

    def revoke() -> None:
        with shop.app_context():
            revoke_certificate(certificate, at=AT)
        done.append("revoked")

    buyer, officer = threading.Thread(target=buy), threading.Thread(target=revoke)
    with shop.app_context(), transaction():
        db.session.execute(select(Stock).where(Stock.variant_id == variant.id).with_for_update())
        buyer.start()
        _until_waiting(shop, 1)
        officer.start()
        _until_waiting(shop, 2) if guarded else officer.join(10)
    buyer.join(10)
    officer.join(10)
    assert done == (["ordered", "revoked"] if guarded else ["revoked", "ordered"])


def test_what_was_revoked_first_is_not_ordered(shop: Flask) -> None:
    with shop.app_context():
        variant = make_offer(at=AT)
        key, fingerprint = start_checkout(fill_basket((variant, 1), at=AT), at=AT)
        revoke_certificate(db.session.scalars(select(Certificate)).one(), at=AT)
        with pytest.raises(checkout.ReviewChanged), transaction():
            checkout.place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=AT)
        assert db.session.scalar(select(func.count(Order.id))) == 0


def _until_waiting(shop: Flask, blocks: int) -> None:
    """Until so many blocks wait for a lock, as PostgreSQL says."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + 20
    with shop.app_context(), db.engine.connect() as connection:
        while connection.exec_driver_sql(waiting).scalar() != blocks:
            assert time.monotonic() < until, "nobody waits"
            time.sleep(0.02)
            connection.rollback()
