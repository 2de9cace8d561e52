"""Accounts themselves: making, changing, stopping and striking out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, true

from marketplace.people.accounts import mails
from marketplace.people.accounts.models import (
    NO_PASSWORD,
    Invitation,
    MailLink,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    SignIn,
    User,
)
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.accounts.queries import count_owners, find_user, hold_organisation
from marketplace.people.accounts.services.members import LastOwner
from marketplace.people.accounts.services.signing_in import end_sign_ins_of
from marketplace.people.places.models import Level
from marketplace.people.places.queries import find_unit
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug, random_code
from marketplace.platform.core.words import N_
from marketplace.platform.mail.services import forget_letters

LEVEL_OF_ROLE = {
    Role.COMMUNE_OFFICER: Level.COMMUNE,
    Role.DISTRICT_OFFICER: Level.DISTRICT,
    Role.PROVINCE_OFFICER: Level.PROVINCE,
}


class OfficersStay(Conflict):
    """An officer's account belongs to the office."""

    code = "officers_stay"
    message = N_("Tài khoản công vụ do quản trị đóng khi bạn thôi việc, không tự xóa được.")


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


def create_user(*, account: NewAccount, by: Actor, at: datetime) -> User:
    """Make a confirmed account of any role: a producer or distributor with an organisation, an officer in a unit."""
    if find_user(account.email) is not None:
        raise Invalid({"email": N_("Địa chỉ thư này đã có tài khoản.")})
    return add_user(account=account, by=by, at=at, confirmed_at=at)


def add_user(*, account: NewAccount, by: Actor, at: datetime, confirmed_at: datetime | None) -> User:
    """The same for an address known to be free; where two come at once the unique address decides."""
    organisation = _organisation(account, at=at)
    unit_id = unit_of_role(account.role, account.unit_code)
    user = User(
        code=random_code(10),
        email=account.email,
        name=nfc(account.name),
        phone=account.phone,
        password_hash=account.password_hash,
        role=account.role,
        organisation_id=organisation.id if organisation else None,
        membership=Membership.OWNER if organisation else None,
        unit_id=unit_id,
        language=account.language,
        created_at=at,
        confirmed_at=confirmed_at,
    )
    db.session.add(user)
    db.session.flush()
    detail = {"role": account.role.value}
    record(by=by, action="user.created", subject_type="user", subject=user.code, at=at, detail=detail)
    return user


def disable_user(*, email: str, by: Actor, at: datetime) -> None:
    """Stop an account at once: its sign-ins end and no new one opens."""
    user = find_user(email)
    if user is None:
        raise NotFound
    user.disabled_at = at
    end_sign_ins_of(user.id, at=at)
    record(by=by, action="user.disabled", subject_type="user", subject=user.code, at=at)


def change_profile(*, name: str, phone: str | None, language: str, by: Actor, at: datetime) -> None:
    """Change the acting person's own name, phone (E.164) and language."""
    user = db.session.get_one(User, in_person(by).user_id)
    user.name, user.phone, user.language = nfc(name), phone, language
    record(by=by, action="user.profile_changed", subject_type="user", subject=user.code, at=at)


def set_language(*, language: str, by: Actor) -> None:
    """Remember the language a person reads in: of pages and of letters."""
    db.session.get_one(User, by.user_id).language = language


def erase_user(*, by: Actor, at: datetime) -> None:
    """Strike out the acting person's data (Luật 91/2025/QH15): the row stays, as nobody's, for orders to point at.

    Refuses officers, and the last owner of an organisation with other members. Letters not yet sent are withdrawn,
    those sent emptied, and one last letter says that it was done. What upper rooms hold is the caller's to ask first.
    """
    user = db.session.get_one(User, in_person(by).user_id)
    if user.role in OFFICERS:
        raise OfficersStay
    if user.organisation_id is not None:
        _leave_for_good(user, user.organisation_id)
    forget_letters(to=user.email)
    mails.erased(user, at=at)
    db.session.execute(delete(MailLink).where(MailLink.user_id == user.id))
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    db.session.execute(delete(Invitation).where(Invitation.email == user.email))
    user.email, user.name, user.phone = f"{user.code.lower()}@erased.invalid", "", None
    user.password_hash = NO_PASSWORD
    user.role, user.organisation_id, user.membership = Role.BUYER, None, None
    user.disabled_at = user.erased_at = at
    nameless = Actor(user.id, user.code, Role.BUYER)
    record(by=nameless, action="user.erased", subject_type="user", subject=user.code, at=at)


def _leave_for_good(user: User, organisation_id: int) -> None:
    """Their invitations end; the last owner among others cannot leave."""
    hold_organisation(organisation_id)
    others = db.session.scalar(select(exists().where(User.organisation_id == organisation_id, User.id != user.id)))
    if others and user.membership is Membership.OWNER and count_owners(organisation_id) == 1:
        raise LastOwner
    theirs = Invitation.invited_by == user.name if others else true()
    db.session.execute(delete(Invitation).where(Invitation.organisation_id == organisation_id, theirs))


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


def unit_of_role(role: Role, unit_code: str) -> int | None:
    """The unit that somebody of this role acts within; Invalid on `unit_code` where it is of no such level."""
    level = LEVEL_OF_ROLE.get(role)
    if level is None:
        return None
    unit = find_unit(unit_code, level)
    if unit is None:
        raise Invalid({"unit_code": N_("Đơn vị không đúng cấp của vai trò.")})
    return unit.id
