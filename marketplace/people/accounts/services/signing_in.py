"""Registering, signing in and out, and what an administrator does with accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update

from marketplace.people.accounts import mails
from marketplace.people.accounts.models import Organisation, OrganisationKind, Role, SignIn, User
from marketplace.people.accounts.queries import find_user
from marketplace.people.places.models import Level
from marketplace.people.places.queries import find_unit
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug, new_token, random_code, token_hash
from marketplace.platform.core.words import N_

LEVEL_OF_ROLE = {
    Role.COMMUNE_OFFICER: Level.COMMUNE,
    Role.DISTRICT_OFFICER: Level.DISTRICT,
    Role.PROVINCE_OFFICER: Level.PROVINCE,
}
IDLE = {"staff": timedelta(hours=8), "other": timedelta(days=30)}
LONGEST = {"staff": timedelta(hours=24), "other": timedelta(days=90)}
SEEN_EVERY = timedelta(minutes=5)


class WrongPassword(Refusal):
    """No account has this address with this password; which of the two, is not told."""

    status = 422
    code = "wrong_password"
    message = N_("Địa chỉ thư hoặc mật khẩu không đúng.")


@dataclass(frozen=True)
class NewAccount:
    """What a new account starts with. `email` as `rules.read_email` gives it, `password_hash` already hashed."""

    email: str
    name: str
    password_hash: str
    role: Role
    language: str = "vi"
    phone: str | None = None
    organisation_name: str = ""
    unit_code: str = ""


def register(*, account: NewAccount, at: datetime) -> User | None:
    """Make an account for somebody from outside, and write to them.

    Where the address has one already nothing is made: its owner is written to instead, and None answered; the
    caller's page must not differ.
    """
    if account.role not in (Role.BUYER, Role.PRODUCER, Role.DISTRIBUTOR):
        raise Invalid({"role": N_("Chọn một vai trò.")})
    known = find_user(account.email)
    if known is not None:
        mails.tried_again(known, at=at)
        return None
    user = create_user(account=account, by=GUEST, at=at)
    mails.welcome(user, at=at)
    return user


def create_user(*, account: NewAccount, by: Actor, at: datetime) -> User:
    """Make an account of any role: a producer or distributor with an organisation, an officer within a unit."""
    organisation = _organisation(account, at=at)
    unit_id = _unit_id(account)
    if find_user(account.email) is not None:
        raise Invalid({"email": N_("Địa chỉ thư này đã có tài khoản.")})
    user = User(
        code=random_code(10),
        email=account.email,
        name=nfc(account.name),
        phone=account.phone,
        password_hash=account.password_hash,
        role=account.role,
        organisation_id=organisation.id if organisation else None,
        unit_id=unit_id,
        language=account.language,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    detail = {"role": account.role.value}
    record(by=by, action="user.created", subject_type="user", subject=user.code, at=at, detail=detail)
    return user


def open_sign_in(*, user_id: int, address: str, device: str, at: datetime) -> str:
    """Begin a sign-in for somebody whose password was right; answers the secret for the cookie."""
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        raise WrongPassword
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
    ended = rows_changed(
        update(SignIn)
        .where(SignIn.code != keep, SignIn.user_id == by.user_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    record(by=by, action="sign_in.others_ended", subject_type="sign_in", subject=keep, at=at, detail={"ended": ended})
    return ended


def disable_user(*, email: str, by: Actor, at: datetime) -> None:
    """Stop an account at once: its sign-ins end and no new one opens."""
    user = find_user(email)
    if user is None:
        raise NotFound
    user.disabled_at = at
    db.session.execute(update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None)).values(ended_at=at))
    record(by=by, action="user.disabled", subject_type="user", subject=user.code, at=at)


def change_profile(*, name: str, phone: str | None, language: str, by: Actor, at: datetime) -> None:
    """Change the acting person's own name, phone (E.164) and language."""
    user = db.session.get_one(User, by.user_id)
    user.name, user.phone, user.language = nfc(name), phone, language
    record(by=by, action="user.profile_changed", subject_type="user", subject=user.code, at=at)


def _organisation(account: NewAccount, *, at: datetime) -> Organisation | None:
    if account.role not in (Role.PRODUCER, Role.DISTRIBUTOR):
        return None
    name = nfc(account.organisation_name)
    if not name:
        raise Invalid({"organisation_name": N_("Nhập tên cơ sở hoặc công ty")})
    organisation = Organisation(
        slug=free_slug(name, _slug_taken), kind=OrganisationKind(account.role.value), name=name, created_at=at
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation


def _slug_taken(slug: str) -> bool:
    return bool(db.session.scalar(select(exists().where(Organisation.slug == slug))))


def _unit_id(account: NewAccount) -> int | None:
    level = LEVEL_OF_ROLE.get(account.role)
    if level is None:
        return None
    unit = find_unit(account.unit_code, level)
    if unit is None:
        raise Invalid({"unit_code": N_("Không có đơn vị mang mã này ở cấp của vai trò.")})
    return unit.id


def _kind(user: User) -> str:
    return "staff" if user.role in (*LEVEL_OF_ROLE, Role.ADMIN) else "other"
