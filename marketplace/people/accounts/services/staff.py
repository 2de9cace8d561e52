"""What administrators do with other people's accounts: roles, invitations to the office, stopping, signing out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from marketplace.people.accounts import mails
from marketplace.people.accounts.models import NO_PASSWORD, LinkPurpose, Role, SignIn, User
from marketplace.people.accounts.policies import KEEP_USERS, OFFICERS
from marketplace.people.accounts.queries import hold_administrators
from marketplace.people.accounts.services.links import issue_link, many_already
from marketplace.people.accounts.services.people import NewAccount, create_user, unit_of_role
from marketplace.people.accounts.services.signing_in import end_sign_ins_of
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.words import N_

GIVEN = (*sorted(OFFICERS), Role.COUNCIL_MEMBER, Role.BUYER)  # roles that an administrator gives
SHORTEST_REASON = 5
REASON = N_("Viết lý do.")


class NotYourself(Conflict):
    """Nobody changes or stops their own account here, so that an administrator always remains."""

    code = "not_yourself"
    message = N_("Không tự đổi vai trò hay khóa tài khoản của mình: nhờ một quản trị khác.")


class AtWork(Conflict):
    """A producer's or distributor's people belong to their organisation."""

    code = "at_work"
    message = N_("Người này làm cho một cơ sở. Cơ sở đưa họ ra trước, rồi mới đổi vai trò được.")


class AlreadyOpened(Conflict):
    """Whoever has set a password asks for a new one alone."""

    code = "already_opened"
    message = N_("Người này đã đặt mật khẩu, hoặc tài khoản đã khóa: không gửi lại thư mời.")


class InvitedToday(Conflict):
    """An address gets a few letters a day and no more."""

    code = "invited_today"
    message = N_("Hôm nay đã gửi nhiều thư mời. Mai hãy gửi lại.")


@dataclass(frozen=True)
class OfficerFacts:
    """Who is asked to work for the office; `email` as `rules.read_email` gives it."""

    email: str
    name: str
    role: Role
    unit_code: str = ""


def change_role(*, code: str, role: Role, unit_code: str, reason: str, by: Actor, at: datetime) -> None:
    """Give another person a role and its unit, with the reason; they are signed out and sign in to the new one."""
    user = _another(code, by)
    if user.organisation_id is not None or role not in GIVEN:
        raise AtWork
    _check_reason(reason)
    was = user.role
    user.unit_id = unit_of_role(role, unit_code)
    user.role = role
    end_sign_ins_of(user.id, at=at)
    detail = {"from": was.value, "to": role.value, "unit": unit_code, "reason": reason}
    record(by=by, action="user.role_changed", subject_type="user", subject=user.code, at=at, detail=detail)


def stop_account(*, code: str, reason: str, by: Actor, at: datetime) -> None:
    """Close another's account at once, with the reason: its sign-ins end and no new one opens."""
    user = _another(code, by)
    _check_reason(reason)
    if user.disabled_at is not None:
        raise Conflict
    user.disabled_at = at
    end_sign_ins_of(user.id, at=at)
    record(by=by, action="user.disabled", subject_type="user", subject=user.code, at=at, detail={"reason": reason})


def start_account(*, code: str, reason: str, by: Actor, at: datetime) -> None:
    """Open another's closed account again; one that was struck out stays so."""
    user = _another(code, by)
    _check_reason(reason)
    if user.disabled_at is None:
        raise Conflict
    user.disabled_at = None
    record(by=by, action="user.enabled", subject_type="user", subject=user.code, at=at, detail={"reason": reason})


def end_sign_in_of(*, code: str, sign_in: str, by: Actor, at: datetime) -> None:
    """Sign one device of anybody's out."""
    _check_right(by)
    owner = select(User.id).where(User.code == code)
    theirs = SignIn.code == sign_in, SignIn.user_id.in_(owner), SignIn.ended_at.is_(None)
    if rows_changed(update(SignIn).where(*theirs).values(ended_at=at)) != 1:
        raise NotFound
    detail = {"sign_in": sign_in}
    record(by=by, action="sign_in.ended_by_office", subject_type="user", subject=code, at=at, detail=detail)


def invite_officer(*, facts: OfficerFacts, by: Actor, at: datetime) -> User:
    """Make an account for somebody who works for the office; the letter's link sets its password."""
    _check_right(by)
    if facts.role not in OFFICERS:
        raise Invalid({"role": N_("Chọn một vai trò công vụ.")})
    account = NewAccount(
        email=facts.email, name=facts.name, password_hash=NO_PASSWORD, role=facts.role, unit_code=facts.unit_code
    )
    user = create_user(account=account, by=by, at=at)
    mails.office_invited(user, issue_link(user, LinkPurpose.RESET, at=at), at=at)
    return user


def invite_again(*, code: str, by: Actor, at: datetime) -> None:
    """Send the letter once more to somebody who has not set a password: its link lasts an hour. The one before ends."""
    user = _another(code, by)
    if not user.unopened or user.disabled_at is not None:
        raise AlreadyOpened
    if many_already(user, LinkPurpose.RESET, at=at):
        raise InvitedToday
    mails.office_invited(user, issue_link(user, LinkPurpose.RESET, at=at), at=at)
    record(by=by, action="user.invited_again", subject_type="user", subject=user.code, at=at)


def _another(code: str, by: Actor) -> User:
    """Somebody else's account, read while no administrator's role changes and while `by` still is one."""
    _check_right(by)
    hold_administrators()
    user = db.session.scalar(
        select(User).where(User.code == code, User.erased_at.is_(None)).execution_options(populate_existing=True)
    )
    if user is None:
        raise NotFound
    if user.id == by.user_id:
        raise NotYourself
    if by.known:
        own = db.session.scalar(select(User.role).where(User.id == by.user_id, User.disabled_at.is_(None)))
        if own is not Role.ADMIN:
            raise Forbidden
    return user


def _check_right(by: Actor) -> None:
    if not KEEP_USERS.held_by(by):
        raise Forbidden


def _check_reason(reason: str) -> None:
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": REASON})
