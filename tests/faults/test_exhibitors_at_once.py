"""The last place of a quota given twice at once, an offer answered twice, one lapsing offer met by two workers.

Each guard is also taken away, and the fault shows: the judgement on both databases, the lock on PostgreSQL.
"""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.trade.exhibitors.models import TRANSITIONS, Application, ApplicationState, Decision
from marketplace.trade.exhibitors.services import confirm, decline, lapse, mark_pending, publish_decisions
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.rules import OUTSIDE
from tests.applying import HOME, LATE, Exhibitor, again, apply, decide, make_exhibitor
from tests.builders import BY
from tests.conftest import AT
from tests.fairing import make_edition
from tests.faults.test_judged_at_once import QUEUED, house, meet, unlocked

__all__ = ["house"]  # the fixture
STEPS = "marketplace.trade.exhibitors.services.steps"


def take_away(guard: str, judgement: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    if guard == "unjudged":
        for name, instead in judgement.items():
            monkeypatch.setattr(name, instead)
    elif guard == "unlocked":
        monkeypatch.setattr("marketplace.trade.fairs.queries.held", unlocked)
        monkeypatch.setattr("marketplace.trade.exhibitors.queries.held", unlocked)


def entered(edition: Edition, name: str, commune: str = "03390") -> tuple[Exhibitor, Application]:
    who = make_exhibitor(name, at=AT, commune=commune)
    return who, apply(who, edition.code, at=AT)


def in_state(state: ApplicationState) -> int:
    return db.session.scalar(select(func.count()).where(Application.state == state)) or 0


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_the_last_place_of_a_quota(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    """One declines, so the first in line is offered the quota's last place; an officer offers the same place."""
    with house.app_context():
        edition = make_edition(at=AT, quotas={OUTSIDE: 1})
        code = edition.code
        who, leaving = entered(edition, "HTX Gần")
        _b, waiting = entered(edition, "HTX Xa", "00004")
        _c, pending = entered(edition, "HTX Xa nữa", "00004")
        decide(code, Decision.OFFER, leaving, at=LATE)
        decide(code, Decision.WAIT, waiting, at=LATE)
        with transaction():
            mark_pending(code=code, applications=[pending.code], decision=Decision.OFFER, by=BY, at=LATE)
    take_away(guard, {"marketplace.trade.exhibitors.services.deciding.over": lambda *_: ()}, monkeypatch)
    came = meet(
        house,
        lambda: decline(code=code, home=HOME, by=who.by, at=LATE),
        lambda: publish_decisions(code=code, home=HOME, by=BY, at=LATE),
        joined=guard == "unlocked",
    )
    with house.app_context():
        found = (came, again(waiting).state, again(pending).state, in_state(ApplicationState.OFFERED))
    offered, submitted = ApplicationState.OFFERED, ApplicationState.SUBMITTED
    if guard == "whole":
        assert found == ("409 quota_full", offered, submitted, 1)
    else:  # the fault: two from elsewhere where one is allowed
        assert found == ("done", offered, offered, 2)


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_an_offer_is_answered_once(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    """One of a cooperative takes the place while another of it takes it too: it is taken once."""
    with house.app_context():
        edition = make_edition(at=AT)
        code = edition.code
        who, row = entered(edition, "HTX Gần")
        decide(code, Decision.OFFER, row, at=LATE)
    confirmed = {ApplicationState.CONFIRMED: frozenset({ApplicationState.CONFIRMED})}
    answering = "marketplace.trade.exhibitors.services.answering._stands"
    judgement: dict[str, object] = {answering: lambda _row: True, f"{STEPS}.TRANSITIONS": _and(confirmed)}
    take_away(guard, judgement, monkeypatch)
    came = meet(
        house,
        lambda: confirm(code=code, by=who.by, at=LATE),
        lambda: confirm(code=code, by=who.by, at=LATE + timedelta(minutes=1)),
    )
    with house.app_context():
        times = db.session.scalar(select(func.count()).where(AuditEntry.action == "exhibitor.confirmed"))
        found = (came, again(row).state, again(row).answered_at, times)
    if guard == "whole":
        assert found == ("409 application_state", ApplicationState.CONFIRMED, LATE, 1)
    else:  # the fault: what was answered is answered over
        assert found == ("done", ApplicationState.CONFIRMED, LATE + timedelta(minutes=1), 2)


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_a_place_taken_is_not_declined(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    """One takes the place, another of the same house declines it at the same moment: the first word holds."""
    with house.app_context():
        edition = make_edition(at=AT)
        code = edition.code
        who, row = entered(edition, "HTX Gần")
        _b, waiting = entered(edition, "HTX Chờ")
        decide(code, Decision.OFFER, row, at=LATE)
        decide(code, Decision.WAIT, waiting, at=LATE)
    declined = {ApplicationState.CONFIRMED: frozenset({ApplicationState.DECLINED})}
    answering = "marketplace.trade.exhibitors.services.answering._stands"
    judgement: dict[str, object] = {answering: lambda _row: True, f"{STEPS}.TRANSITIONS": _and(declined)}
    take_away(guard, judgement, monkeypatch)
    came = meet(
        house,
        lambda: confirm(code=code, by=who.by, at=LATE),
        lambda: decline(code=code, home=HOME, by=who.by, at=LATE),
    )
    with house.app_context():
        found = (came, again(row).state, again(waiting).state)
    if guard == "whole":
        assert found == ("409 application_state", ApplicationState.CONFIRMED, ApplicationState.WAITING)
    else:  # the fault: whoever was told that the place is theirs has lost it
        assert found == ("done", ApplicationState.DECLINED, ApplicationState.OFFERED)


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_one_lapsed_offer_passes_on_once(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    with house.app_context():
        edition = make_edition(at=AT)
        code = edition.code
        _a, row = entered(edition, "HTX Quên")
        waiting = [entered(edition, f"HTX Chờ {n}")[1] for n in range(2)]
        decide(code, Decision.OFFER, row, at=LATE)
        decide(code, Decision.WAIT, *waiting, at=LATE)
    later = LATE + timedelta(days=6)
    again_lapsed = {ApplicationState.LAPSED: frozenset({ApplicationState.LAPSED})}
    overdue = "marketplace.trade.exhibitors.services.answering._overdue"
    judgement: dict[str, object] = {overdue: lambda _row, _at: True, f"{STEPS}.TRANSITIONS": _and(again_lapsed)}
    take_away(guard, judgement, monkeypatch)

    def pass_on() -> None:
        lapse(code=code, application_id=row.id, home=HOME, at=later)

    came = meet(house, pass_on, pass_on)
    with house.app_context():
        found = (came, again(row).state, [again(each).state for each in waiting])
    lapsed, offered = ApplicationState.LAPSED, ApplicationState.OFFERED
    if guard == "whole":
        assert found == ("done", lapsed, [offered, ApplicationState.WAITING])
    else:  # the fault: one place came free, two are offered
        assert found == ("done", lapsed, [offered, offered])


Table = dict[ApplicationState, frozenset[ApplicationState]]


def _and(more: Table) -> Table:
    """The table of steps with these besides."""
    return {**TRANSITIONS, **more}
