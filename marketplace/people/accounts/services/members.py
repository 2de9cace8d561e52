"""Who acts for an organisation: removing, leaving, handing over. Only owners manage."""

from datetime import datetime

from marketplace.people.accounts.models import Membership, Role, User
from marketplace.people.accounts.queries import count_owners, get_member, hold_organisation
from marketplace.people.accounts.services.signing_in import end_sign_ins_of
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, NotFound
from marketplace.platform.core.words import N_


class LastOwner(Conflict):
    """An organisation with members keeps at least one owner."""

    code = "last_owner"
    message = N_("Bạn là người chủ duy nhất. Hãy trao quyền cho một người khác trước.")


def remove_member(*, code: str, by: Actor, at: datetime) -> None:
    """Take somebody out of the acting owner's organisation, or leave it oneself; they become a buyer, signed out."""
    hold_organisation(by.organisation_id or 0)
    own = own_row(by)
    member = get_member(code, by=by)
    if own.membership is not Membership.OWNER and member.id != own.id:
        raise Forbidden
    if member.membership is Membership.OWNER and count_owners(member.organisation_id or 0) == 1:
        raise LastOwner
    member.role, member.organisation_id, member.membership = Role.BUYER, None, None
    end_sign_ins_of(member.id, at=at)
    record(by=by, action="member.removed", subject_type="user", subject=member.code, at=at)


def hand_over(*, code: str, by: Actor, at: datetime) -> None:
    """Make another member the owner; the acting owner stays as a member."""
    hold_organisation(by.organisation_id or 0)
    owned_by(by)
    member, own = get_member(code, by=by), own_row(by)
    if member.id == own.id:
        raise NotFound
    own.membership, member.membership = Membership.MEMBER, Membership.OWNER
    record(by=by, action="member.handed_over", subject_type="user", subject=member.code, at=at)


def own_row(by: Actor) -> User:
    """The acting person's row, read in this block; Forbidden to who acts on another's behalf."""
    return db.session.get_one(User, in_person(by).user_id)


def owned_by(by: Actor) -> int:
    """The organisation that the acting person owns; a mere member is Forbidden."""
    own = own_row(by)
    if own.organisation_id is None or own.membership is not Membership.OWNER:
        raise Forbidden
    return own.organisation_id
