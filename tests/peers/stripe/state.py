"""What the peer remembers: objects by kind and id, in order of birth, behind one lock; in a file too if given."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

TABLE = "CREATE TABLE IF NOT EXISTS kept (n INTEGER PRIMARY KEY, kind TEXT, id TEXT, body TEXT, UNIQUE (kind, id))"
KEEP = "INSERT INTO kept (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body"


class State:
    """A small store. Everything that changes within one `change()` reaches the file in one transaction."""

    def __init__(self, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._kinds: dict[str, dict[str, Json]] = {}
        self._dirty: dict[tuple[str, str], Json | None] = {}
        self._depth = 0
        self._file = sqlite3.connect(file, check_same_thread=False, isolation_level=None) if file else None
        if self._file:
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = OFF")  # it is to outlive the process, not the machine
            self._file.execute(TABLE)
            for kind, name, body in self._file.execute("SELECT kind, id, body FROM kept ORDER BY n"):
                self._kinds.setdefault(kind, {})[name] = json.loads(body)

    @contextmanager
    def change(self) -> Iterator[None]:
        """Alone with the state; what was put is kept at the end, also when a refusal leaves the block."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    self._keep()

    def find(self, kind: str, name: str) -> Json | None:
        """The object itself, not a copy, or None."""
        with self.lock:
            return self._kinds.get(kind, {}).get(name)

    def all(self, kind: str) -> list[Json]:
        """Every object of the kind, oldest first."""
        with self.lock:
            return list(self._kinds.get(kind, {}).values())

    def put(self, kind: str, item: Json) -> Json:
        """Remember the object under its `id`; a known one keeps its place in the order."""
        with self.lock:
            self._kinds.setdefault(kind, {})[item["id"]] = item
            self._dirty[kind, item["id"]] = item
        return item

    def drop(self, kind: str, name: str) -> None:
        """Forget one object."""
        with self.lock:
            self._kinds.get(kind, {}).pop(name, None)
            self._dirty[kind, name] = None

    def clear(self, *, but: str) -> None:
        """Forget every kind except one."""
        with self.change():
            for kind, items in list(self._kinds.items()):
                for name in list(items) if kind != but else []:
                    self.drop(kind, name)

    def _keep(self) -> None:
        dirty, self._dirty = self._dirty, {}
        if not self._file or not dirty:
            return
        self._file.execute("BEGIN IMMEDIATE")
        for (kind, name), item in dirty.items():
            if item is None:
                self._file.execute("DELETE FROM kept WHERE kind = ? AND id = ?", (kind, name))
            else:
                self._file.execute(KEEP, (kind, name, json.dumps(item)))
        self._file.execute("COMMIT")
