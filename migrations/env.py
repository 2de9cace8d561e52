"""Alembic's environment: one linear history, every revision reversible, on SQLite and PostgreSQL."""

from alembic import context
from flask import current_app

from marketplace.platform.core.types import Dong, UtcDateTime
from marketplace.tables import metadata

engine = current_app.extensions["migrate"].db.engine


def plain_type(kind: str, item: object, _context: object) -> str | bool:
    """A revision is history: it spells out database types and imports nothing of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Dong):
        return "sa.BigInteger()"
    return False


def run() -> None:
    """Apply the revisions in one transaction, on a connection of the application's engine."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":  # batch mode copies tables; the pragma means nothing inside a BEGIN
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        else:
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
            render_item=plain_type,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


run()
