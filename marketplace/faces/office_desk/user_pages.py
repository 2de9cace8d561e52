"""Accounts as administrators keep them: found, invited, given roles, stopped, signed out, freed of a lost device."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.faces.office_desk.user_forms import ROLE_NAMES, InviteForm, unit_groups
from marketplace.people.accounts import sessions
from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import KEEP_USERS
from marketplace.people.accounts.queries import UsersAsked, count_users, get_user, list_sign_ins_of, list_users
from marketplace.people.accounts.services import (
    change_role,
    end_sign_in_of,
    invite_again,
    invite_officer,
    start_account,
    stop_account,
)
from marketplace.people.accounts.services.staff import GIVEN
from marketplace.people.second_factor.queries import count_paper_codes
from marketplace.people.second_factor.services import reset_factor
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.seeing import noted
from marketplace.platform.web.verbs import answered

bp = Blueprint("office_users", __name__, url_prefix="/office/users")
A_PAGE = 40
STATE_NAMES = {
    "active": _l("Đang mở"),
    "unopened": _l("Chưa đặt mật khẩu"),
    "waiting": _l("Chưa xác nhận thư"),
    "disabled": _l("Đã khóa"),
    "bare": _l("Công vụ chưa có xác minh hai bước"),
}


@bp.get("")
@allow(KEEP_USERS)
def users() -> str:
    asked, page = _asked(), read_page()
    total = count_users(asked)
    shown = render_template(
        "office_desk/users.html",
        users=list_users(asked, page=page, per_page=A_PAGE),
        asked=asked,
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        units=unit_groups(),
        role_names=ROLE_NAMES,
        state_names=STATE_NAMES,
    )
    return noted(shown, "users")


def _asked() -> UsersAsked:
    typed = request.args
    role = typed.get("role", "")
    return UsersAsked(
        words=nfc(typed.get("q", ""))[:100],
        role=Role(role) if role in set(Role) else None,
        unit=typed.get("unit", "").strip()[:10],
        state=typed.get("state", "") if typed.get("state", "") in STATE_NAMES else "",
    )


@bp.get("/new")
@allow(KEEP_USERS)
def new() -> str:
    return _new(InviteForm())


def _new(form: InviteForm) -> str:
    return render_template("office_desk/new_user.html", form=form, units=unit_groups())


@bp.post("/new")
@allow(KEEP_USERS)
def invite() -> Any:
    form = InviteForm()
    if form.validate():
        with told_on(form), transaction():
            code = invite_officer(facts=form.facts(), by=current_actor(), at=now()).code
        if not form.errors:
            flash(_("Đã lập tài khoản và gửi thư mời."), "ok")
            return redirect(url_for("office_users.one", code=code))
    return _new(form), 422


def _role() -> Role:
    typed = request.form.get("role", "")
    if typed not in set(GIVEN):
        raise Invalid({"role": N_("Chọn một mục trong danh sách.")})
    return Role(typed)


@bp.get("/<code>")
@allow(KEEP_USERS)
def one(code: str) -> str:
    return _look(code)


def _look(code: str, errors: dict[str, str] | None = None) -> str:
    user, here = get_user(code), sessions.current_sign_in()
    shown = render_template(
        "office_desk/user.html",
        user=user,
        own=user.id == current_actor().user_id,
        here=here.code if here else "",
        sign_ins=list_sign_ins_of(user.id, at=now()),
        paper=count_paper_codes(user.id),
        roles=[(role.value, ROLE_NAMES[role]) for role in GIVEN],
        units=unit_groups(),
        role_names=ROLE_NAMES,
        errors=errors or {},
        typed=request.form,
    )
    return noted(shown, "user", code)


@bp.post("/<code>/role")
@allow(KEEP_USERS)
def give_role(code: str) -> Any:
    unit = request.form.get("unit_code", "").strip()[:10]

    def give(**facts: Any) -> None:
        change_role(role=_role(), unit_code=unit, **facts)

    return _do(code, give, _("Đã đổi vai trò. Người này phải đăng nhập lại."))


@bp.post("/<code>/<any(disable, enable):verb>")
@allow(KEEP_USERS)
def turn(code: str, verb: str) -> Any:
    stopping = verb == "disable"
    done = _("Đã khóa tài khoản và đăng xuất mọi thiết bị.") if stopping else _("Đã mở lại tài khoản.")
    return _do(code, stop_account if stopping else start_account, done)


@bp.post("/<code>/second-factor/reset")
@allow(KEEP_USERS)
def reset(code: str) -> Any:
    return _do(code, reset_factor, _("Đã bỏ xác minh hai bước; người này được báo bằng thư."))


@bp.post("/<code>/invitation")
@allow(KEEP_USERS)
def invite_once_more(code: str) -> Any:
    act = partial(invite_again, code=code, by=current_actor(), at=now())
    then = url_for("office_users.one", code=code)
    return answered(act, _("Đã gửi lại thư mời."), again=partial(_look, code), then=then)


def _do(code: str, verb: Callable[..., Any], done: str) -> Any:
    reason = nfc(request.form.get("reason", ""))[:500]
    act = partial(verb, code=code, reason=reason, by=current_actor(), at=now())
    return answered(act, done, again=partial(_look, code), then=url_for("office_users.one", code=code))


@bp.post("/<code>/sign-ins/<sign_in>/end")
@allow(KEEP_USERS)
def end_sign_in(code: str, sign_in: str) -> Any:
    act = partial(end_sign_in_of, code=code, sign_in=sign_in, by=current_actor(), at=now())
    then = url_for("office_users.one", code=code)
    return answered(act, _("Đã đăng xuất thiết bị đó."), again=partial(_look, code), then=then)
