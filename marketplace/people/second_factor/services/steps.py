"""A right password that waits for the second step, and the sign-in that comes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from marketplace.people.accounts.models import User
from marketplace.people.accounts.services import open_sign_in
from marketplace.people.second_factor.models import SecondStep
from marketplace.people.second_factor.services.proofs import Proof, check_proof
from marketplace.people.second_factor.webauthn import Purpose
from marketplace.platform.audit.services import record
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.ids import new_token, token_hash
from marketplace.platform.core.words import N_

LASTS = timedelta(minutes=10)
MOST_TRIES = 5  # of one sign-in
MOST_IN_A_WHILE = 15  # of one person, however many sign-ins are begun
A_WHILE = timedelta(minutes=15)


class StepGone(Refusal):
    """The sign-in waits no more: too late, tried too often, or done already; which, is not told."""

    status = 422
    code = "second_step_gone"
    message = N_("Lần đăng nhập này không còn chờ mã nữa. Hãy đăng nhập lại từ đầu.")


@dataclass(frozen=True)
class Browser:
    """Where a sign-in comes from."""

    address: str
    device: str


def begin_step(*, user_id: int, target: str, at: datetime) -> str:
    """Let a right password wait for the second step; answers the secret that this browser keeps."""
    token = new_token()
    db.session.execute(delete(SecondStep).where(SecondStep.user_id == user_id, SecondStep.created_at < at - A_WHILE))
    db.session.add(
        SecondStep(
            user_id=user_id, token_hash=token_hash(token), target=target[:500], created_at=at, expires_at=at + LASTS
        )
    )
    return token


def count_try(*, token: str, at: datetime) -> None:
    """Count one try before its code is looked at, in a block of its own so that a wrong code stays counted.

    StepGone where this sign-in, or all of this person's of the last quarter of an hour, have had their tries.
    """
    counted = rows_changed(
        update(SecondStep)
        .where(
            SecondStep.token_hash == token_hash(token),
            SecondStep.ended_at.is_(None),
            SecondStep.expires_at > at,
            SecondStep.tries < MOST_TRIES,
        )
        .values(tries=SecondStep.tries + 1)
    )
    if counted != 1:
        raise StepGone
    user_id = db.session.scalar(select(SecondStep.user_id).where(SecondStep.token_hash == token_hash(token)))
    tries = select(func.sum(SecondStep.tries)).where(
        SecondStep.user_id == user_id, SecondStep.created_at > at - A_WHILE
    )
    if (db.session.scalar(tries) or 0) > MOST_IN_A_WHILE:
        raise StepGone


def finish_step(*, token: str, proof: Proof, browser: Browser, key: bytes, at: datetime) -> tuple[str, str]:
    """Open the sign-in that waited, the proof being right; answers the cookie's secret and where to go on.

    A wrong or used one is Invalid on `code`. The sign-in's row is used up once, as the proof is.
    """
    step = db.session.scalar(select(SecondStep).where(SecondStep.token_hash == token_hash(token)))
    if step is None:
        raise StepGone
    user = db.session.get_one(User, step.user_id)
    check_proof(user, proof, Purpose.STEP, key=key, at=at)
    waiting = SecondStep.id == step.id, SecondStep.ended_at.is_(None), SecondStep.expires_at > at
    if rows_changed(update(SecondStep).where(*waiting).values(ended_at=at)) != 1:
        raise StepGone
    secret = open_sign_in(user_id=user.id, address=browser.address, device=browser.device, at=at, second_step_done=True)
    return secret, step.target


def refuse_step(*, token: str, at: datetime) -> None:
    """Leave a trace of a wrong code, in a block of its own."""
    found = select(User).join(SecondStep, SecondStep.user_id == User.id)
    user = db.session.scalar(found.where(SecondStep.token_hash == token_hash(token)))
    if user is not None:
        record(by=user.actor(), action="second_step.refused", subject_type="user", subject=user.code, at=at)
