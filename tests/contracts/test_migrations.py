"""The migrated schema is the models', CHECKs too; every revision goes up and down on both databases."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect

from marketplace.app import create_app
from marketplace.platform.core.db import db
from marketplace.tables import metadata
from tests.databases import KINDS, new_database, settings_for


@pytest.fixture(params=KINDS)
def fresh(request: pytest.FixtureRequest) -> Flask:
    return create_app(settings_for(new_database(request.param, "migrations"), f"migrations-{request.param}"))


def test_up_down_up_and_equal(fresh: Flask) -> None:
    with fresh.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()
        for table in metadata.tables.values():
            declared = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
            found = {str(c["name"]) for c in inspect(db.engine).get_check_constraints(table.name)}
            assert {name for name in found if re.match("ck_", name)} == declared, table.name
        db.engine.dispose()
