"""Whether somebody is who they say: a code of their device, one on paper, or a touch of their key; each counts once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, update

from marketplace.people.accounts.models import User
from marketplace.people.second_factor import mails
from marketplace.people.second_factor.models import RecoveryCode, SecondFactor, SecurityKey, UsedChallenge
from marketplace.people.second_factor.queries import find_factor, list_keys
from marketplace.people.second_factor.rules import matching_step, paper_hash, unseal
from marketplace.people.second_factor.webauthn import LASTS, NotThisKey, Purpose, Site, check_challenge, read_touch
from marketplace.platform.audit.services import record
from marketplace.platform.core.db import db, make_once, rows_changed
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_

WRONG = N_("Mã không đúng hoặc đã dùng rồi. Đợi mã mới rồi thử lại.")
WRONG_KEY = N_("Không nhận ra khóa này, hoặc đã để quá lâu. Tải lại trang rồi thử lại.")


@dataclass(frozen=True)
class Proof:
    """What was brought: a code as it was typed, or what a key answered on this site; the latter where both were."""

    code: str = ""
    touch: str = ""
    site: Site | None = None


def check_proof(user: User, proof: Proof, purpose: Purpose, *, key: bytes, at: datetime) -> None:
    """Use up what was brought; Invalid on `code` where it is wrong or was used before."""
    if proof.touch:
        _check_touch(user, proof, purpose, key=key, at=at)
    else:
        _check_code(user, proof.code, key=key, at=at)


def use_challenge(challenge: bytes, purpose: Purpose, person: str, *, key: bytes, at: datetime) -> None:
    """Take a challenge of ours as answered; NotThisKey where it is not ours, not for this, too old or was answered."""
    check_challenge(challenge, purpose, person, key=key, at=at)
    db.session.execute(delete(UsedChallenge).where(UsedChallenge.used_at < at - 2 * LASTS))
    if not _answered_first(hashlib.sha256(challenge).hexdigest(), at):
        raise NotThisKey


def _answered_first(challenge_hash: str, at: datetime) -> bool:
    return make_once(UsedChallenge, challenge_hash=challenge_hash, used_at=at)


def _check_touch(user: User, proof: Proof, purpose: Purpose, *, key: bytes, at: datetime) -> None:
    try:
        if proof.site is None:
            raise NotThisKey
        held = list_keys(user.id)
        touched = read_touch(proof.touch, proof.site, [each.credential for each in held])
        used = next(each for each in held if each.credential == touched.credential)
        use_challenge(touched.challenge, purpose, user.code, key=key, at=at)
        if not _count_on(used.id, touched.sign_count, at):
            raise NotThisKey
    except NotThisKey as wrong:
        raise Invalid({"code": WRONG_KEY}) from wrong


def _count_on(key_id: int, sign_count: int, at: datetime) -> bool:
    """Whether the key has signed more often than was known: a copy of it has not (WebAuthn, 6.1.1)."""
    kept = SecurityKey.sign_count
    newer = (kept < sign_count) | ((kept == 0) & (sign_count == 0))
    seen = update(SecurityKey).where(SecurityKey.id == key_id, newer)
    return rows_changed(seen.values(sign_count=sign_count, last_used_at=at)) == 1


def _check_code(user: User, typed: str, *, key: bytes, at: datetime) -> None:
    factor = find_factor(user.id)
    if factor is not None and factor.confirmed_at is not None:
        step = matching_step(unseal(factor.secret, key=key), typed, at=at)
        if step is not None and use_step(user.id, step):
            return
    if _use_paper(user.id, paper_hash(typed, key=key), at=at):
        mails.changed(user, "used", at=at)
        record(by=user.actor(), action="second_factor.paper_used", subject_type="user", subject=user.code, at=at)
        return
    raise Invalid({"code": WRONG})


def use_step(user_id: int, step: int) -> bool:
    """Whether the code of this step was not used before: of two who come at once, one."""
    newer = SecondFactor.user_id == user_id, _later_than_used(step)
    return rows_changed(update(SecondFactor).where(*newer).values(last_step=step)) == 1


def _later_than_used(step: int) -> ColumnElement[bool]:
    return SecondFactor.last_step < step


def _use_paper(user_id: int, code_hash: str, *, at: datetime) -> bool:
    unused = RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None)
    return rows_changed(update(RecoveryCode).where(*unused).values(used_at=at)) == 1
