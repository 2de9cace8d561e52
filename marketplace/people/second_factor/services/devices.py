"""Giving oneself a device that computes codes, or a security key; taking a key away."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import User
from marketplace.people.second_factor import mails
from marketplace.people.second_factor.models import SecondFactor, SecurityKey
from marketplace.people.second_factor.queries import find_factor, list_keys
from marketplace.people.second_factor.rules import matching_step, new_secret, seal, unseal
from marketplace.people.second_factor.services.factor import add_means, own_user, whose_is_on
from marketplace.people.second_factor.services.proofs import (
    WRONG,
    WRONG_KEY,
    Proof,
    check_proof,
    use_challenge,
    use_step,
)
from marketplace.people.second_factor.webauthn import NotThisKey, Purpose, Site, credential_hash, read_new
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound, Refusal
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_

MOST_KEYS = 10


class AlreadyOn(Conflict):
    """The person has a second step already."""

    code = "second_factor_on"
    message = N_("Xác minh hai bước đã bật rồi.")


class KeyUnread(Refusal):
    """What a browser brought of a new key is wrong or came too late."""

    status = 422
    code = "key_unread"
    message = WRONG_KEY


class KeyKnown(Conflict):
    """The key is somebody's already."""

    code = "key_known"
    message = N_("Khóa này đã được gắn với một tài khoản.")


class TooManyKeys(Conflict):
    """Ten keys are enough for anybody."""

    code = "too_many_keys"
    message = N_("Mỗi người giữ nhiều nhất mười khóa. Gỡ một khóa cũ trước.")


class LastMeans(Conflict):
    """Without it the second step could be done by paper alone."""

    code = "last_means"
    message = N_("Đây là thiết bị cuối cùng của bạn. Gắn thiết bị khác trước, hoặc tắt xác minh hai bước.")


def check_adding(*, proof: Proof, key: bytes, by: Actor, at: datetime) -> User:
    """Who has a second step proves it before they add a device or key; who has none yet needs the password alone."""
    user = own_user(by)
    if user.second_factor_at is not None:
        check_proof(user, proof, Purpose.OWN, key=key, at=at)
    return user


def start_factor(*, proof: Proof, key: bytes, by: Actor, at: datetime) -> None:
    """Make a new secret for the acting person's device; it counts for nothing until a code of it was typed."""
    factor = find_factor(by.user_id or 0)
    if factor is not None and factor.confirmed_at is not None:
        raise AlreadyOn
    user = check_adding(proof=proof, key=key, by=by, at=at)
    db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    db.session.add(SecondFactor(user_id=user.id, secret=seal(new_secret(), key=key), created_at=at))
    record(by=by, action="second_factor.started", subject_type="user", subject=user.code, at=at)


def confirm_factor(*, typed: str, keep: str, key: bytes, by: Actor, at: datetime) -> list[str]:
    """Take the device by its first code; as the person's first, it turns the second step on: see `add_means`."""
    user = own_user(by)
    factor = find_factor(user.id)
    if factor is None or factor.confirmed_at is not None:
        raise AlreadyOn
    step = matching_step(unseal(factor.secret, key=key), typed, at=at)
    if step is None or not use_step(user.id, step):
        raise Invalid({"code": WRONG})
    factor.confirmed_at = at
    return add_means(user, "device", keep=keep, key=key, by=by, at=at)


def add_key(*, brought: str, name: str, site: Site, keep: str, key: bytes, by: Actor, at: datetime) -> list[str]:
    """Take a new key for what a browser brought; as the person's first, it turns the second step on: see `add_means`.

    Its challenge was handed out to whoever had proved themselves, so that nothing else is asked. KeyUnread.
    """
    user = own_user(by)
    try:
        made = read_new(brought, site)
        use_challenge(made.challenge, Purpose.ADD, user.code, key=key, at=at)
    except NotThisKey as wrong:
        raise KeyUnread from wrong
    if len(list_keys(user.id)) >= MOST_KEYS:
        raise TooManyKeys
    new = SecurityKey(
        code=random_code(10),
        user_id=user.id,
        name=name,
        credential=made.credential,
        credential_hash=credential_hash(made.credential),
        sign_count=made.sign_count,
        created_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(new)
    except IntegrityError as taken:
        raise KeyKnown from taken
    return add_means(user, "key_added", keep=keep, key=key, by=by, at=at)


def remove_key(*, code: str, proof: Proof, key: bytes, by: Actor, at: datetime) -> None:
    """Take one of the acting person's keys away by a proof; LastMeans where they would be left with paper alone."""
    user = whose_is_on(by)
    check_proof(user, proof, Purpose.OWN, key=key, at=at)
    held, factor = list_keys(user.id), find_factor(user.id)
    found = next((each for each in held if each.code == code), None)
    if found is None:
        raise NotFound
    if len(held) == 1 and (factor is None or factor.confirmed_at is None):
        raise LastMeans
    db.session.delete(found)
    mails.changed(user, "key_removed", at=at)
    detail = {"key": code, "name": found.name}
    record(by=by, action="second_factor.key_removed", subject_type="user", subject=user.code, at=at, detail=detail)
