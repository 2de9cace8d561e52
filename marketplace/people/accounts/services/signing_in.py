"""Signing in and out: sign-ins as rows."""

from datetime import datetime, timedelta

from sqlalchemy import update

from marketplace.people.accounts.models import Role, SignIn, User
from marketplace.people.accounts.policies import OFFICERS
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.core.ids import new_token, random_code, token_hash
from marketplace.platform.core.words import N_

IDLE = {"staff": timedelta(hours=8), "other": timedelta(days=30)}
LONGEST = {"staff": timedelta(hours=24), "other": timedelta(days=90)}
SEEN_EVERY = timedelta(minutes=5)


class WrongPassword(Refusal):
    """No account has this address with this password, or it is not confirmed yet; which, is not told."""

    status = 422
    code = "wrong_password"
    message = N_(
        "Địa chỉ thư hoặc mật khẩu không đúng. Nếu bạn vừa đăng ký, hãy mở thư chúng tôi gửi và xác nhận trước đã."
    )


class SecondStepNeeded(Exception):
    """The password was right, and a password alone opens nothing here: the room above asks for more."""

    def __init__(self, user_id: int, role: Role) -> None:
        super().__init__(user_id)
        self.user_id, self.role = user_id, role


def open_sign_in(*, user_id: int, address: str, device: str, at: datetime, second_step_done: bool = False) -> str:
    """Begin a sign-in for somebody whose password was right; answers the secret for the cookie.

    SecondStepNeeded where the account asks for a second step and it was not made: nothing is open then.
    """
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at is not None or user.confirmed_at is None:
        raise WrongPassword
    if user.second_factor_at is not None and not second_step_done:
        raise SecondStepNeeded(user.id, user.role)
    token = new_token()
    sign_in = SignIn(
        code=random_code(10),
        user_id=user.id,
        token_hash=token_hash(token),
        address=address[:64],
        device=device[:255],
        created_at=at,
        last_seen_at=at,
        expires_at=at + IDLE[_kind(user)],
    )
    db.session.add(sign_in)
    record(by=user.actor(), action="sign_in.opened", subject_type="user", subject=user.code, at=at)
    return token


def refuse_sign_in(*, email: str, address: str, at: datetime) -> None:
    """Leave a trace of a wrong password, in a block of its own: the refusal itself changes nothing else."""
    detail = {"address": address}
    record(by=GUEST, action="sign_in.refused", subject_type="email", subject=email[:200], at=at, detail=detail)


def replace_hash(*, user_id: int, password_hash: str) -> None:
    """Store a hash made with today's parameters in place of an outdated one."""
    db.session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))


def see_sign_in(*, sign_in_id: int, at: datetime) -> None:
    """Note that a sign-in is in use, and let it hold on, within its longest life."""
    sign_in = db.session.get(SignIn, sign_in_id)
    user = db.session.get(User, sign_in.user_id) if sign_in is not None else None
    if sign_in is None or user is None:
        return
    sign_in.last_seen_at = at
    sign_in.expires_at = min(at + IDLE[_kind(user)], sign_in.created_at + LONGEST[_kind(user)])


def end_sign_in(*, code: str, by: Actor, at: datetime) -> None:
    """End one of the acting person's own sign-ins; anyone else's is NotFound."""
    ended = rows_changed(
        update(SignIn)
        .where(SignIn.code == code, SignIn.user_id == by.user_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    if ended != 1:
        raise NotFound
    record(by=by, action="sign_in.ended", subject_type="sign_in", subject=code, at=at)


def end_other_sign_ins(*, keep: str, by: Actor, at: datetime) -> int:
    """End all of the acting person's sign-ins but the one with the code `keep`; answers how many."""
    ended = end_sign_ins_of(by.user_id or 0, at=at, keep=keep)
    record(by=by, action="sign_in.others_ended", subject_type="sign_in", subject=keep, at=at, detail={"ended": ended})
    return ended


def end_sign_ins_of(user_id: int, *, at: datetime, keep: str = "") -> int:
    """End all sign-ins of one person but the one with the code `keep`; answers how many."""
    return rows_changed(
        update(SignIn)
        .where(SignIn.code != keep, SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )


def _kind(user: User) -> str:
    return "staff" if user.role in OFFICERS else "other"
