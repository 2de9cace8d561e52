"""The outbox: delivered at least once, recognisably; a refusal waits; nothing is lost."""

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import BadSetting
from marketplace.platform.core.db import db, transaction
from marketplace.platform.mail.jobs import MOST_ATTEMPTS, deliver_due, wait_before
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.mail.services import Letter, post
from marketplace.platform.mail.transports import FolderTransport, SmtpTransport, transport_for

LEASE = timedelta(minutes=1)
LETTER = Letter("Chào", "Thư có dấu: ắ ễ ự\n", "<p>Thư có dấu</p>")


class Recorder:
    """A transport that keeps what it was handed, or fails as told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.sent = error, list[EmailMessage]()

    def send(self, message: EmailMessage) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(message)


def deliver(at: datetime, transport: Recorder | FolderTransport) -> int:
    return deliver_due(at, transport=transport, sender="cho@example.com", lease=LEASE)


def write(key: str, at: datetime) -> None:
    with transaction():
        post(key=key, to="a@example.com", letter=LETTER, at=at)


def test_each_letter_leaves_once(app: Flask, at: datetime) -> None:
    write("one", at)
    write("one", at)
    write("two", at)
    transport = Recorder()
    assert (deliver(at, transport), deliver(at, transport)) == (2, 0)
    assert len({m["Message-ID"] for m in transport.sent}) == 2
    assert transport.sent[0]["To"] == "a@example.com"
    body = transport.sent[0].get_body(("plain",))
    assert body is not None
    assert body.get_content() == LETTER.text


def test_a_refused_letter_waits_longer_each_time_and_is_kept(app: Flask, at: datetime) -> None:
    write("one", at)
    broken, when = Recorder(smtplib.SMTPServerDisconnected("gone")), at
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert deliver(when, broken) == 0
        row = db.session.scalars(select(OutgoingMail)).one()
        assert (row.attempts, row.due_at) == (attempt, when + wait_before(attempt))
        assert deliver(when, Recorder()) == 0
        when = row.due_at
    assert row.failed_at is not None
    assert "SMTPServerDisconnected" in (row.last_error or "")
    assert deliver(when + timedelta(days=9), Recorder()) == 0


def test_a_killed_worker_s_letter_is_sent_again_with_the_same_id(app: Flask, at: datetime) -> None:
    write("one", at)
    row = db.session.scalars(select(OutgoingMail)).one()
    dying = Recorder(KeyboardInterrupt())  # type: ignore[arg-type] # what a kill looks like from inside
    with pytest.raises(KeyboardInterrupt):
        deliver(at, dying)
    transport = Recorder()
    assert deliver(at + LEASE - timedelta(seconds=1), transport) == 0
    assert deliver(at + LEASE, transport) == 1
    assert transport.sent[0]["Message-ID"] == row.message_id


def test_transports(app: Flask, at: datetime, tmp_path: Path) -> None:
    write("one", at)
    assert deliver(at, FolderTransport(tmp_path)) == 1
    (file,) = tmp_path.glob("*.eml")
    assert "=?utf-8?" in file.read_text()
    smtp = transport_for("smtp://user:p%40ss@mail.example.com:587")
    assert isinstance(smtp, SmtpTransport)
    assert (smtp.host, smtp.port, smtp.user, smtp.password) == ("mail.example.com", 587, "user", "p@ss")
    with pytest.raises(BadSetting):
        transport_for("carrier-pigeon:")
