"""Stock from before there were batches lies in one without a name or days, and goes back as it came."""

import pytest
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from marketplace.app import create_app
from marketplace.platform.core.db import db, transaction
from marketplace.shop.inventory.services import BatchFacts, receive_batch, take, write_off
from tests.builders import BY, make_offer
from tests.conftest import AT, TODAY
from tests.databases import KINDS, new_database, settings_for

REVISION = "0011_stock"


@pytest.fixture(params=KINDS)
def fresh(request: pytest.FixtureRequest) -> Flask:
    return create_app(settings_for(new_database(request.param, "moved"), f"moved-{request.param}", queue_path=""))


def rows(query: str) -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(text(query))]
    db.session.remove()
    return found


def test_down_and_up_again_with_stock_in_it(fresh: Flask) -> None:
    with fresh.app_context():
        upgrade()
        goods, empty = make_offer("Miến", at=AT, stock=10), make_offer("Trà", at=AT, stock=0)
        with transaction():
            receive_batch(sku=goods.sku, facts=BatchFacts(5, "L", TODAY, TODAY), counts=1, by=BY, at=AT)
        with transaction():
            take({goods.id: 6}, reference="N", by=BY, at=AT)
        with transaction():
            write_off(sku=goods.sku, batch="-", units=2, reason="Mốc " * 40, counts=2, by=BY, at=AT)
        db.session.remove()
        before = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
        downgrade(revision=str(before.get_revision(REVISION).down_revision))
        assert rows("SELECT variant_id, on_hand FROM stocks") == [(goods.id, 7)]
        moved = rows("SELECT kind, delta FROM stock_movements ORDER BY id")
        assert moved == [("counted", 10), ("counted", 5), ("sold", -5), ("sold", -1), ("counted", -2)]
        upgrade()
        if db.engine.dialect.name == "sqlite":  # migrations turn it off to copy tables, and on again
            assert rows("PRAGMA foreign_keys") == [(1,)]
        assert rows("SELECT variant_id, code, units, made_on, expires_on FROM stock_batches") == [
            (goods.id, "-", 7, None, None)
        ]
        joined = "SELECT COUNT(*) FROM stock_movements m JOIN stock_batches b ON b.id = m.batch_id AND b.code = '-'"
        assert rows(joined) == [(5,)]
        assert rows(f"SELECT COUNT(*) FROM stocks WHERE variant_id = {empty.id}") == [(0,)]
        db.engine.dispose()
