"""Invitations where entry is by invitation: made by the office, used so many times."""

from datetime import datetime

from sqlalchemy import select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code, read_code
from marketplace.platform.core.words import N_
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.visitors.models import Invitation

MOST = 10_000


def make_invitation(*, code: str, whom: str, most: int, by: Actor, at: datetime) -> Invitation:
    """A code by which so many people register; raises Invalid by field."""
    _may(by)
    edition = get_edition(code)
    wrong = {}
    if not nfc(whom):
        wrong["whom"] = N_("Ghi mời ai.")
    if not 1 <= most <= MOST:
        wrong["most"] = N_("Từ 1 đến 10.000 người.")
    if wrong:
        raise Invalid(wrong)
    row = Invitation(code=f"GM{random_code(8)}", edition_id=edition.id, whom=nfc(whom)[:120], most=most, used=0)
    row.made_at, row.made_by = at, by.name
    db.session.add(row)
    db.session.flush()
    record(by=by, action="fair.invitation", subject_type="fair", subject=code, at=at, detail={"invitation": row.code})
    return row


def revoke_invitation(*, code: str, invitation: str, by: Actor, at: datetime) -> None:
    """Nobody registers by it any more; whoever did keeps the ticket."""
    _may(by)
    edition = get_edition(code)
    mine = update(Invitation).where(Invitation.edition_id == edition.id, Invitation.code == invitation)
    if rows_changed(mine.where(Invitation.revoked_at.is_(None)).values(revoked_at=at)) != 1:
        raise NotFound
    detail = {"invitation": invitation}
    record(by=by, action="fair.invitation_revoked", subject_type="fair", subject=code, at=at, detail=detail)


def use_invitation(edition_id: int, typed: str, people: int) -> int | None:
    """Count so many people on an invitation by one conditional change; answers its id, None where it does not let."""
    mine = (Invitation.edition_id == edition_id, Invitation.code == read_code(typed), Invitation.revoked_at.is_(None))
    using = update(Invitation).where(*mine, Invitation.used + people <= Invitation.most)
    if rows_changed(using.values(used=Invitation.used + people)) != 1:
        return None
    return db.session.scalar(select(Invitation.id).where(*mine))


def _may(by: Actor) -> None:
    if not RUN_FAIRS.held_by(by):
        raise Forbidden
