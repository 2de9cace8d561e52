"""The worker's part: reminding of a round's deadlines 30, 7 and 1 days before, each person in one letter."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.queries import people_of
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.registry.dossiers.models import Dossier, DossierState
from marketplace.registry.dossiers.policies import FIRST_LEVELS
from marketplace.registry.dossiers.queries import list_of_round, officers_of
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.queries import get_round
from marketplace.registry.rounds.services import REMIND

PRODUCERS = {
    "first": frozenset({DossierState.PREPARING, DossierState.RETURNED}),
    "province": frozenset({DossierState.RETURNED}),
}
OFFICES = {"first": frozenset({DossierState.SUBMITTED}), "province": frozenset({DossierState.FORWARDED})}


def remind(payload: Mapping[str, Any], at: datetime) -> None:
    """Write the letters of one reminder. A deadline moved meanwhile has reminders of its own; repeated, once."""
    try:
        row = get_round(str(payload["round"]))
    except NotFound:
        return
    step, deadline = str(payload["step"]), date.fromisoformat(str(payload["deadline"]))
    current = {"first": row.first_deadline, "province": row.province_deadline}[step]
    if row.closed_at is not None or current != deadline:
        return
    whom = _whom(row, step)
    letters = [
        (user, compose("round-deadline", user.language, round=row, step=step, deadline=deadline, dossiers=about))
        for user, about in whom.values()
    ]
    key = f"{REMIND}:{row.code}:{step}:{deadline}:{payload['days']}"
    with transaction():
        for user, letter in letters:
            post(key=f"{key}:{user.code}", to=user.email, letter=letter, at=at)


def _whom(row: EvaluationRound, step: str) -> dict[str, tuple[User, list[Dossier]]]:
    """Each person with the dossiers that wait for them, by their code."""
    found: dict[str, tuple[User, list[Dossier]]] = {}
    role = FIRST_LEVELS[row.rules.procedure.first_level] if step == "first" else Role.PROVINCE_OFFICER
    for dossier in list_of_round(row.id, states=PRODUCERS[step] | OFFICES[step]):
        own = dossier.state in PRODUCERS[step]
        people: Iterable[User] = people_of(dossier.producer_id) if own else officers_of(dossier.producer, role)
        for user in people:
            found.setdefault(user.code, (user, []))[1].append(dossier)
    return found
