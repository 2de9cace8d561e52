"""Builders of fairs: an edition planned and brought to a state, with a released programme, as people do it."""

from datetime import UTC, date, datetime, time
from typing import Any

from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.db import transaction
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.fairs.services import (
    EditionFacts,
    SessionFacts,
    move,
    plan_edition,
    put_item,
    release_programme,
    set_quotas,
    set_zones,
    step_to,
)
from tests.builders import BY

FAIR_DAY = date(2026, 12, 18)
OPENING = datetime(2026, 12, 18, 2, 0, tzinfo=UTC)  # nine in the morning in Vietnam
ROAD = [EditionState.OPEN, EditionState.SELECTION, EditionState.ALLOCATED, EditionState.RUNNING, EditionState.CLOSED]
EDITION_TYPED = {
    "series": "",
    "title": "Hội chợ OCOP thử",
    "venue": "Quảng trường Thử",
    "first_day": "2026-12-18",
    "last_day": "2026-12-20",
    "opens": "08:00",
    "closes": "21:00",
    "applications_from": "2026-11-20",
    "applications_until": "2026-12-05",
    "answer_days": "5",
    "least_stars": "3",
    "entry": "open",
    "ticket_price": "0",
}
SESSION_TYPED = {
    "title": "Khai mạc",
    "place": "Sân khấu",
    "starts_at": "2026-12-18T09:00",
    "ends_at": "2026-12-18T10:00",
}


def edition_facts(**said: Any) -> EditionFacts:
    """Three days in December; applications from three days ago to 5 December."""
    usual: dict[str, Any] = {
        "title": "Hội chợ OCOP thử",
        "venue": "Quảng trường Thử",
        "first_day": FAIR_DAY,
        "last_day": date(2026, 12, 20),
        "opens": time(8),
        "closes": time(21),
        "applications_from": datetime(2026, 11, 20, tzinfo=VIETNAM),
        "applications_until": datetime(2026, 12, 5, 23, 59, tzinfo=VIETNAM),
        "answer_days": 5,
    }
    return EditionFacts(**{**usual, **said})


def session_facts(**said: Any) -> SessionFacts:
    """The opening, an hour of the first morning."""
    usual: dict[str, Any] = {
        "title": "Khai mạc",
        "place": "Sân khấu",
        "starts_at": OPENING,
        "ends_at": datetime(2026, 12, 18, 3, 0, tzinfo=UTC),
    }
    return SessionFacts(**{**usual, **said})


def make_edition(
    *,
    at: datetime,
    state: EditionState = EditionState.OPEN,
    zones: tuple[str, ...] = (),
    quotas: dict[str, int] | None = None,
    **said: Any,
) -> Edition:
    """An edition brought along the road to a state; on the way to RUNNING its first day has come."""
    with transaction():
        code = plan_edition(facts=edition_facts(**said), by=BY, at=at).code
        set_zones(code=code, zones=[(name, "") for name in zones], by=BY, at=at)
        set_quotas(code=code, quotas=quotas or {}, by=BY, at=at)
    lead_to(code, state, at=at)
    return get_edition(code)


def lead_to(code: str, state: EditionState, *, at: datetime) -> None:
    """Take the steps that remain on the usual road; places are called given without anybody's being placed."""
    there = get_edition(code).state
    if state is EditionState.DRAFT or there is state:
        return
    begun = ROAD.index(there) + 1 if there in ROAD else 0
    for step in ROAD[begun : ROAD.index(state) + 1]:
        with transaction():
            if step is EditionState.ALLOCATED:
                step_to(get_edition(code, hold=True), step, by=BY, at=at)
            else:
                move(code=code, to=step, by=BY, at=max(at, OPENING) if step is EditionState.RUNNING else at)


def release(code: str, *sessions: SessionFacts, at: datetime) -> list[str]:
    """Write these items and release the programme; answers their codes."""
    codes = []
    for facts in sessions or (session_facts(),):
        with transaction():
            codes.append(put_item(code=code, facts=facts, by=BY, at=at).code)
    with transaction():
        release_programme(code=code, by=BY, at=at)
    return codes
