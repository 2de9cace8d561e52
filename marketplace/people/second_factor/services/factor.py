"""A person's second step as a whole: turned on by its first device, turned off, reset; the codes for paper."""

from datetime import datetime

from sqlalchemy import delete, select

from marketplace.people.accounts.models import User
from marketplace.people.accounts.policies import KEEP_USERS
from marketplace.people.accounts.services import end_sign_ins_of
from marketplace.people.second_factor import mails
from marketplace.people.second_factor.models import RecoveryCode, SecondFactor, SecondStep, SecurityKey
from marketplace.people.second_factor.rules import new_paper_codes, paper_hash
from marketplace.people.second_factor.services.proofs import Proof, check_proof
from marketplace.people.second_factor.webauthn import Purpose
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.words import N_

SHORTEST_REASON = 5


def own_user(by: Actor) -> User:
    """The acting person's account, held until the block ends: of two changes to their devices one waits."""
    query = select(User).where(User.id == in_person(by).user_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def add_means(user: User, what: str, *, keep: str, key: bytes, by: Actor, at: datetime) -> list[str]:
    """A device or key (`what`) is there: the first turns the second step on, and answers ten codes for paper.

    Every other sign-in of the person ends then: they were opened by a password alone.
    """
    record(by=by, action=f"second_factor.{what}", subject_type="user", subject=user.code, at=at)
    if user.second_factor_at is not None:
        mails.changed(user, what, at=at)
        return []
    user.second_factor_at = at
    end_sign_ins_of(user.id, at=at, keep=keep)
    mails.changed(user, "on", at=at)
    record(by=by, action="second_factor.on", subject_type="user", subject=user.code, at=at)
    return _new_codes(user.id, key=key)


def renew_codes(*, proof: Proof, key: bytes, by: Actor, at: datetime) -> list[str]:
    """Ten new codes for paper by a proof; the old ones open nothing any more."""
    user = whose_is_on(by)
    check_proof(user, proof, Purpose.OWN, key=key, at=at)
    mails.changed(user, "codes", at=at)
    record(by=by, action="second_factor.codes_renewed", subject_type="user", subject=user.code, at=at)
    return _new_codes(user.id, key=key)


def remove_factor(*, proof: Proof, key: bytes, by: Actor, at: datetime) -> None:
    """Turn the acting person's second step off by a proof."""
    user = whose_is_on(by)
    check_proof(user, proof, Purpose.OWN, key=key, at=at)
    forget_factor(user)
    mails.changed(user, "off", at=at)
    record(by=by, action="second_factor.off", subject_type="user", subject=user.code, at=at)


def reset_factor(*, code: str, reason: str, by: Actor, at: datetime) -> None:
    """Take away another's second step after who they are was made sure of: they are signed out and told by mail."""
    if not KEEP_USERS.held_by(by):
        raise Forbidden
    user = db.session.scalar(select(User).where(User.code == code))
    if user is None or user.second_factor_at is None:
        raise NotFound
    if user.id == by.user_id:
        raise Forbidden
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": N_("Viết lý do, và đã xác minh người này bằng cách nào.")})
    forget_factor(user)
    end_sign_ins_of(user.id, at=at)
    mails.changed(user, "reset", at=at, reason=reason)
    detail = {"reason": reason}
    record(by=by, action="second_factor.reset", subject_type="user", subject=user.code, at=at, detail=detail)


def forget_own_factor(*, by: Actor) -> None:
    """Strike out the acting person's own, with all their data."""
    forget_factor(db.session.get_one(User, in_person(by).user_id))


def forget_factor(user: User) -> None:
    """Strike out all there is of a person's second step."""
    user.second_factor_at = None
    for table in (SecondFactor, SecurityKey, RecoveryCode, SecondStep):
        db.session.execute(delete(table).where(table.user_id == user.id))


def whose_is_on(by: Actor) -> User:
    """The acting person's account, held; NotFound where they have no second step."""
    user = own_user(by)
    if user.second_factor_at is None:
        raise NotFound
    return user


def _new_codes(user_id: int, *, key: bytes) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = new_paper_codes()
    db.session.add_all(RecoveryCode(user_id=user_id, code_hash=paper_hash(code, key=key)) for code in codes)
    return codes
