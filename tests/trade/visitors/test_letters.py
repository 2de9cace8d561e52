"""Letters: the day before, when the fair has other days, when it is called off; each once, to those with tickets."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.services import change_edition, move
from marketplace.trade.visitors import jobs
from marketplace.trade.visitors.gates import list_lists
from marketplace.trade.visitors.jobs import watch
from marketplace.trade.visitors.models import Registration
from marketplace.trade.visitors.services import cancel_ticket
from tests.builders import BY
from tests.fairing import edition_facts, make_edition
from tests.visiting import make_ticket, make_visitor

EVE = datetime(2026, 12, 17, 3, 0, tzinfo=UTC)


def told(about: str) -> list[str]:
    query = select(OutgoingMail.to_address).where(OutgoingMail.subject.like(f"{about}%")).order_by(OutgoingMail.id)
    return list(db.session.scalars(query))


def test_the_day_before_everybody_with_a_ticket_and_an_address_is_told_once(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "A_BATCH", 2)
    edition = make_edition(at=at)
    for n in range(3):
        make_visitor(edition, at=at, email=f"{n}@example.com", people=2)
    make_visitor(edition, at=at, email="", phone="0912345678")
    gone = make_ticket(edition, at=at, email="gone@example.com")
    with transaction():
        cancel_ticket(code=edition.code, ticket=gone.code, by=GUEST, at=at)
    assert watch(at) == 0
    assert [watch(EVE), watch(EVE)] == [3, 0]
    assert told("Ngày mai") == ["0@example.com", "1@example.com", "2@example.com"]


def test_the_reader_reads_in_their_language(app: Flask, at: datetime) -> None:
    make_visitor(make_edition(at=at), at=at, email="en@example.com", language="en")
    watch(EVE)
    assert told("Tomorrow") == ["en@example.com"]


def test_called_off_is_told_with_the_reason(app: Flask, at: datetime) -> None:
    edition, empty = make_edition(at=at), make_edition(at=at, title="Không ai tới")
    make_visitor(edition, at=at, email="a@example.com")
    with transaction():
        for each in (edition, empty):
            move(code=each.code, to=EditionState.CANCELLED, note="Bão số 9", by=BY, at=at)
    assert [watch(at), watch(at)] == [1, 0]
    assert told("Hội chợ không diễn ra") == ["a@example.com"]
    letter = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert letter is not None
    assert ("Bão số 9" in letter.text, "Bão số 9" in letter.html) == (True, True)


def test_other_days_are_told_once_for_each_change(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    make_visitor(edition, at=at, email="a@example.com")
    make_visitor(edition, at=at, email="", phone="0912345678")
    for day in (22, 23):
        with transaction():
            facts = edition_facts(first_day=date(2026, 12, day - 1), last_day=date(2026, 12, day))
            change_edition(code=edition.code, facts=facts, by=BY, at=at)
        assert [watch(at), watch(at)] == [1, 0]
    assert told("Đổi ngày") == ["a@example.com"] * 2
    assert set(db.session.scalars(select(Registration.last_day))) == {date(2026, 12, 23)}


def test_every_coming_edition_has_its_gate(app: Flask, at: datetime) -> None:
    edition, draft = make_edition(at=at), make_edition(at=at, title="Bản nháp", state=EditionState.DRAFT)
    for _ in range(2):
        watch(at)
    assert ([each.name for each in list_lists(edition.id)], list_lists(draft.id)) == (["Cổng"], [])
