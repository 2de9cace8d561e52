"""The worker: offers lapse once and pass on, a day's warning, what an edition's steps mean to producers."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.jobs.worker import run_sweep
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.exhibitors import jobs
from marketplace.trade.exhibitors.models import ApplicationState, Decision, ToldStep
from marketplace.trade.exhibitors.queries import placings_of
from marketplace.trade.exhibitors.services import confirm, decline, lapse
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.services import move
from marketplace.trade.fairs.services.steps import TOPIC
from tests.applying import HOME, LATE, again, apply, decide, make_booth, make_exhibitor, place
from tests.builders import BY
from tests.fairing import lead_to, make_edition
from tests.trade.exhibitors.test_deciding import letters, sent, states

DAY = timedelta(days=1)
TITLE = "“Hội chợ OCOP thử”"


def watch(at: datetime) -> int:
    return jobs.watch(at, home=HOME)


def test_an_offer_lapses_and_passes_on(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    (a, row), (b, waiting), (_c, last) = sent(3, at, edition.code)
    decide(edition.code, Decision.OFFER, row, at=LATE)
    decide(edition.code, Decision.WAIT, waiting, last, at=LATE)
    place(row, make_booth(edition.code), at=LATE)
    watch(LATE + 5 * DAY)  # its last instant
    assert states(row, waiting) == [ApplicationState.OFFERED, ApplicationState.WAITING]
    later = LATE + 5 * DAY + timedelta(minutes=1)
    assert jobs.lapse_overdue(later, home=HOME) == 1
    assert jobs.lapse_overdue(later, home=HOME) == 0
    assert states(row, waiting, last) == [
        ApplicationState.LAPSED,
        ApplicationState.OFFERED,
        ApplicationState.WAITING,
    ]
    assert placings_of([row.id]) == {}
    assert letters(a)[-1] == f"Lời mời ở {TITLE} đã quá hạn"
    assert letters(b)[-1] == f"Bạn được mời nhận gian ở {TITLE}"
    with transaction():
        assert not lapse(code=edition.code, application_id=row.id, home=HOME, at=later)
        assert not lapse(code=edition.code, application_id=waiting.id, home=HOME, at=later)
    assert states(last) == [ApplicationState.WAITING]


def test_a_days_warning_once(app: Flask, at: datetime) -> None:
    edition, short = make_edition(at=at), make_edition(at=at, answer_days=1, title="Hội chợ gấp")
    (a, row), (b, taken) = sent(2, at, edition.code)
    ((c, hasty),) = sent(1, at, short.code)
    decide(edition.code, Decision.OFFER, row, taken, at=LATE)
    decide(short.code, Decision.OFFER, hasty, at=LATE)
    with transaction():
        confirm(code=edition.code, by=b.by, at=LATE)
    for when in (LATE + 3 * DAY, LATE + 4 * DAY, LATE + 4 * DAY + timedelta(hours=2)):
        jobs.remind(when)
    warned = [(who.producer.name, [w for w in letters(who) if "sắp hết hạn" in w]) for who in (a, b, c)]
    assert warned == [("HTX 0", [f"Lời mời ở {TITLE} sắp hết hạn"]), ("HTX 1", []), ("HTX 0", [])]


def test_whoever_has_something_to_show_is_told_of_a_fair_once(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    edition = make_edition(at=at, state=EditionState.DRAFT, least_stars=4)
    fits, also = make_exhibitor("A", at=at), make_exhibitor("B", at=at)
    few, unknown = make_exhibitor("C", at=at, stars=3), make_exhibitor("D", at=at, verified=False)
    assert watch(at) == 0
    lead_to(edition.code, EditionState.OPEN, at=at)
    assert (watch(at), watch(at)) == (1, 0)
    assert [letters(who) for who in (fits, also, few, unknown)] == [
        [f"{TITLE} nhận đăng ký gian hàng"],
        [f"{TITLE} nhận đăng ký gian hàng"],
        [],
        [],
    ]
    for step in (EditionState.SELECTION, EditionState.OPEN):
        with transaction():
            move(code=edition.code, to=step, by=BY, at=at)
    assert (watch(at), len(letters(fits))) == (2, 1)
    assert db.session.scalar(select(func.count()).select_from(ToldStep)) == 3


def test_of_a_fair_that_is_no_longer_open_nobody_is_told(app: Flask, at: datetime) -> None:
    edition, who = make_edition(at=at, state=EditionState.SELECTION), make_exhibitor(at=at)
    run_sweep(app, TOPIC)
    assert (letters(who), db.session.scalar(select(func.count()).select_from(ToldStep))) == ([], 2)
    assert edition.state is EditionState.SELECTION


def test_with_the_fair_every_application_ends(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    draft = make_exhibitor("Nháp", at=at)
    begun = apply(draft, edition.code, at=at, sent=False)
    (a, offered), (b, confirmed), (c, refused), (d, declined), (e, waiting) = sent(5, at, edition.code)
    decide(edition.code, Decision.OFFER, offered, confirmed, declined, at=LATE)
    decide(edition.code, Decision.REJECT, refused, reason="Ít chỗ", at=LATE)
    with transaction():
        confirm(code=edition.code, by=b.by, at=LATE)
        decline(code=edition.code, home=HOME, by=d.by, at=LATE)
    decide(edition.code, Decision.WAIT, waiting, at=LATE)
    place(confirmed, make_booth(edition.code), at=LATE)
    watch(LATE)
    with transaction():
        move(code=edition.code, to=EditionState.CANCELLED, note="Bão số 9", by=BY, at=LATE)
    assert (watch(LATE), watch(LATE)) == (1, 0)
    gone = ApplicationState.CANCELLED
    assert states(begun, offered, confirmed, refused, declined, waiting) == [
        ApplicationState.DRAFT,
        gone,
        gone,
        ApplicationState.REJECTED,
        ApplicationState.DECLINED,
        gone,
    ]
    assert (again(offered).reason, placings_of([confirmed.id])) == ("Bão số 9", {})
    told = [sum(f"{TITLE} không diễn ra" == words for words in letters(who)) for who in (draft, a, b, c, d, e)]
    assert told == [1, 1, 1, 0, 0, 1]
    text = db.session.scalars(select(OutgoingMail.text).where(OutgoingMail.subject.contains("không diễn ra"))).first()
    assert text is not None
    assert "Lý do: Bão số 9" in text


def test_two_workers_that_read_one_step_tell_it_once(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    make_edition(at=at)
    who = make_exhibitor(at=at)
    read = jobs._untold()
    monkeypatch.setattr(jobs, "_untold", lambda: read)
    assert (watch(at), watch(at)) == (1, 1)
    assert (len(letters(who)), db.session.scalar(select(func.count()).select_from(ToldStep))) == (1, 1)
