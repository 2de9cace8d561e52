"""Each request leaves one line with its id; what was done in it carries the same id."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from config import ROOT
from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db
from tests.builders import make_user
from tests.conftest import Client
from tests.pages import sign_in, token

VISIT = """
from wsgi import app
visitor = app.test_client()
for path, given in (
    ("/robots.txt", "abcdef0123456789"),
    ("/robots.txt", "bad id!"),
    ("/no/such?secret=1", ""),
    ("/account/join/secretsecret", ""),
):
    answer = visitor.get(path, base_url="https://localhost", headers={"X-Request-Id": given} if given else {})
    print(answer.status_code, answer.headers["X-Request-Id"])
"""


def test_a_request_is_one_line_of_json_in_production(tmp_path: Path) -> None:
    environment = os.environ | {
        "MARKETPLACE_ENV": "production",
        "SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "SIGNING_KEY": "".join(f"{byte:02x}" for byte in range(7, 39)),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'shop.sqlite3'}",
        "SEARCH_URL": f"whoosh:{tmp_path / 'search'}",
        "QUEUE_PATH": str(tmp_path / "queue.sqlite3"),
    }
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
        cwd=ROOT, env=environment, capture_output=True, check=True,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", VISIT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    answers = [line.split() for line in done.stdout.splitlines()]
    lines = [json.loads(line) for line in done.stderr.splitlines() if '"event": "request"' in line]
    assert [(str(e["status"]), e["request_id"]) for e in lines] == [tuple(answer) for answer in answers]
    assert [e["path"] for e in lines] == ["/robots.txt", "/robots.txt", "/no/such", "/account/join/…"]
    assert [e["status"] for e in lines] == [200, 200, 404, 404]
    assert all(e["method"] == "GET" and e["ms"] >= 0 and e["level"] == "info" and e["timestamp"] for e in lines)
    first, second, third, _ = (e["request_id"] for e in lines)
    assert first == "abcdef0123456789"
    assert len({first, second, third}) == 3
    assert "secret" not in done.stderr


def test_what_was_done_carries_the_id_of_its_request(app: Flask, client: Client, at: datetime) -> None:
    sign_in(client, make_user(Role.BUYER, at=at))
    typed = {"csrf_token": token(client), "name": "Tên Mới", "language": "vi"}
    answer = client.post("/account/profile", data=typed, headers={"X-Request-Id": "0011223344556677"})
    assert answer.headers["X-Request-Id"] == "0011223344556677"
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.request_id == "0011223344556677"
