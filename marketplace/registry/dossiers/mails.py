"""Letters about a dossier: to everyone who acts for its producer at each step, to the officers it now waits for."""

from datetime import datetime

from marketplace.people.accounts.models import Role
from marketplace.people.producers.queries import people_of
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.registry.dossiers.models import Dossier
from marketplace.registry.dossiers.queries import officers_of


def moved(dossier: Dossier, *, verb: str, remark: str = "", at: datetime) -> None:
    """Tell the producer what happened to its dossier; `verb` is the step's."""
    for user in people_of(dossier.producer_id):
        letter = compose("dossier-moved", user.language, dossier=dossier, verb=verb, remark=remark)
        post(key=f"dossier:{dossier.code}:{verb}:{at.isoformat()}:{user.code}", to=user.email, letter=letter, at=at)


def waiting(dossier: Dossier, *, role: Role, at: datetime) -> None:
    """Tell the officers of this role that a dossier now waits for them."""
    for user in officers_of(dossier.producer, role):
        letter = compose("dossier-waiting", user.language, dossier=dossier)
        key = f"dossier-waiting:{dossier.code}:{at.isoformat()}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)
