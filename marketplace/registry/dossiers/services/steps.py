"""One step of a dossier: allowed by the table of transitions, written down, told."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden
from marketplace.platform.core.words import N_
from marketplace.registry.dossiers import mails
from marketplace.registry.dossiers.models import TRANSITIONS, WITH_PRODUCER, Dossier, DossierState, DossierStep
from marketplace.registry.dossiers.policies import KEEP_OWN_DOSSIERS
from marketplace.registry.dossiers.queries import get_dossier
from marketplace.registry.rounds.queries import next_round


class NotNow(Conflict):
    """Where the dossier stands, this cannot be done to it."""

    code = "dossier_state"
    message = N_("Hồ sơ đang ở bước khác nên chưa làm được việc này. Hãy tải lại trang để xem.")


def own_dossier(code: str, by: Actor) -> Dossier:
    """The acting producer's dossier, held, while it is in the producer's hands."""
    if not KEEP_OWN_DOSSIERS.held_by(by):
        raise Forbidden
    dossier = get_dossier(code, by=by, hold=True)
    if dossier.state not in WITH_PRODUCER:
        raise NotNow
    return dossier


def move(
    dossier: Dossier, to: DossierState, verb: str, *, by: Actor, at: datetime, remark: str = "", told: bool = True
) -> None:
    """Take a held dossier one step further and write it down; `told`: its producer gets a letter."""
    if to not in TRANSITIONS[dossier.state]:
        raise NotNow
    dossier.state = to
    note_step(dossier, verb, by=by, at=at, remark=remark)
    db.session.flush()
    if told:
        mails.moved(dossier, verb=verb, remark=remark, at=at)


def note_step(dossier: Dossier, verb: str, *, by: Actor, at: datetime, remark: str = "") -> None:
    """Write down who did what with a dossier, for its own history and for the trail."""
    db.session.add(
        DossierStep(
            dossier_id=dossier.id,
            at=at,
            verb=verb,
            state=dossier.state,
            actor_name=by.name,
            actor_role=by.role or "",
            behalf=by.behalf,
            remark=remark,
        )
    )
    detail = {"remark": remark} if remark else {}
    record(by=by, action=f"dossier.{verb}", subject_type="dossier", subject=dossier.code, at=at, detail=detail)


def aim(dossier: Dossier, *, at: datetime) -> None:
    """Have a dossier in preparation aim at the next round, whose deadlines its producer is then reminded of."""
    row = next_round(on=day_of(at))
    if row is not None:
        dossier.round_id, dossier.ruleset_code = row.id, row.ruleset_code
