"""The database: the base of every table, the session, and the one write block."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, Connection, CursorResult, MetaData, Select, UpdateBase, event, text, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry, relationship
from sqlalchemy.orm.relationships import _RelationshipDeclared

from marketplace.platform.core.money import Money
from marketplace.platform.core.types import BigId, Dong, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

RowId = Annotated[int, mapped_column(BigId, primary_key=True)]
Asked = TypeVar("Asked", bound=Select[Any])


class Model(DeclarativeBase):
    """The base of every table."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime(), Money: Dong()},
    )


db = SQLAlchemy(
    model_class=Model,
    session_options={"expire_on_commit": False},
    disable_autonaming=True,
)


class WriteOutsideBlock(AssertionError):
    """Something was about to be written outside `transaction()`: a mistake of the programmer."""


def related(*arguments: Any, **options: Any) -> _RelationshipDeclared[Any]:
    """A relationship that raises unless the query loaded it, so that no page asks row by row."""
    return relationship(*arguments, lazy="raise", **options)


@contextmanager
def transaction() -> Iterator[Session]:
    """The write block: opened at the edge around one service call, the only place that commits.

    It first ends the reading transaction, so rows loaded before it are stale: a service loads what it changes
    inside. Commits when the body returns, rolls back when it raises. On SQLite it begins IMMEDIATE, so that
    writers queue instead of failing half-way. After the commit, those waiting (`on_commit`) are told.
    """
    session = db.session()
    if session.info.get("writing"):
        raise WriteOutsideBlock("a write block must not be opened inside another")
    session.expunge_all()  # what was read before keeps what it showed, but is no longer the session's
    session.rollback()
    session.info["writing"] = True
    session.info["announced"] = set()
    try:
        session.connection(execution_options={"write_block": True})
        yield session
        session.commit()
        session.expunge_all()  # what the body returns stays readable; what is read next is read afresh
        announced = session.info["announced"]
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
        session.info["announced"] = set()
    for topic in announced:
        for listener in _listeners():
            listener(topic)


def schema_version() -> str:
    """The newest revision that this database was brought to; nothing where it never was."""
    held_version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return str(held_version or "")


def let_go() -> None:
    """Called before somebody else is waited for: the reading ends, so that no connection is held meanwhile.

    What was read keeps what it showed, but is no longer the session's. Never inside a write block.
    """
    session = db.session()
    if session.info.get("writing"):
        raise WriteOutsideBlock("nobody is waited for inside a write block")
    session.expunge_all()
    session.rollback()


def held(query: Asked, *of: Any) -> Asked:
    """The query's rows (`of` these tables, or all), kept from others until the block ends.

    What the session read of them earlier in the block is read again: while the lock was waited for, somebody may
    have changed them, and the session would go on showing what it had.
    """
    return query.with_for_update(of=of or None).execution_options(populate_existing=True)


def is_collision(error: DBAPIError) -> bool:
    """Whether two blocks met: the same unique value written twice, or each waiting for the other."""
    state = getattr(error.orig, "sqlstate", None)  # PostgreSQL: unique_violation, deadlock_detected, serialization
    return state in ("23505", "40P01", "40001") or "UNIQUE constraint failed" in str(error.orig)


def rows_changed(statement: UpdateBase) -> int:
    """Execute a conditional UPDATE or DELETE and answer how many rows met its condition.

    Rows already loaded are not touched: the caller's objects keep what they showed.
    """
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount


def announce(topic: str) -> None:
    """Ask that, once this block has committed, those listening hear of `topic` (a hint: rows are the truth)."""
    db.session().info["announced"].add(topic)


def on_commit(app: Flask, listener: Callable[[str], None]) -> None:
    """Have `listener(topic)` called after each committed block that announced something."""
    app.extensions.setdefault("commit_listeners", []).append(listener)


def _listeners() -> list[Callable[[str], None]]:
    from flask import current_app

    return list(current_app.extensions.get("commit_listeners", []))


def init_db(app: Flask) -> None:
    """Bind the database to the application, with the engine settings that each kind needs."""
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    options: dict[str, Any] = {"pool_pre_ping": not url.startswith("sqlite")}
    if url.startswith("sqlite"):
        options["connect_args"] = {"isolation_level": None, "timeout": 20, "check_same_thread": False}
    else:
        options |= {"pool_size": 8, "max_overflow": 8}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _sqlite_settings)
            event.listen(engine, "begin", _sqlite_begin)


def _sqlite_settings(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=20000", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("write_block")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@event.listens_for(Session, "before_flush")
def _only_in_the_block(session: Session, _context: object, _instances: object) -> None:
    if not session.info.get("writing") and (session.new or session.dirty or session.deleted):
        raise WriteOutsideBlock("rows are written inside transaction() only")


def insert_into(table: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say what happens on a conflict, in the words of the open database."""
    return postgresql.insert(table) if db.engine.dialect.name == "postgresql" else sqlite.insert(table)


def looked_up(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """`column IN (SELECT key …)` that PostgreSQL answers by looking each row up, not by a join.

    As a join on a key it is taken to leave one row in as many as the table of keys has, a hundred times too few where
    the chosen keys are the ones in use, and all that follows is planned for a handful of rows. `IS TRUE` keeps it a
    question (docs/performance.md). SQLite plans such a join well.
    """
    return condition.is_(true()) if db.engine.dialect.name == "postgresql" else condition


def make_once(table: type[Any], **values: object) -> bool:
    """Insert a row unless it is there; answers whether this block made it, after waiting for who makes it at once."""
    first_key = next(iter(table.__table__.primary_key))
    making = insert_into(table).values(**values).on_conflict_do_nothing().returning(first_key)
    return db.session.scalar(making) is not None
