"""Who acts for an organisation, on the desk of the organisation's kind."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.accounts.forms import EmailForm
from marketplace.people.accounts.policies import SEE_MEMBERS
from marketplace.people.accounts.queries import get_self, list_invitations, list_members
from marketplace.people.accounts.rules import read_email
from marketplace.people.accounts.services import hand_over, invite, remove_member, withdraw_invitation
from marketplace.people.accounts.views.blueprint import limit, own_account
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import add_errors
from marketplace.shop.orders.queries import count_parts_by_state
from marketplace.trade.distributors.queries import get_own_organisation

bp = Blueprint("members", __name__)

DESK = "<any(producer, distributor):desk>"


@bp.route(f"/{DESK}/members", methods=["GET", "POST"])
@allow(SEE_MEMBERS)
@limit("20 per hour", own_account)
def members(desk: str) -> Any:
    _own_desk(desk)
    form = EmailForm()
    if form.validate_on_submit():
        try:
            email = read_email(form.email.data)
            with transaction():
                invite(email=email, by=current_actor(), at=now())
        except Invalid as invalid:
            add_errors(form, invalid)
        except Conflict as conflict:
            add_errors(form, Invalid({"email": conflict.message}))
        else:
            flash(_("Đã gửi thư mời tới %(email)s.", email=email), "ok")
            return redirect(url_for("members.members", desk=desk))
    return _page(desk, form), 422 if form.errors else 200


def _page(desk: str, form: EmailForm) -> str:
    by = current_actor()
    frame: dict[str, Any] = {"organisation": get_own_organisation(by)}
    if desk == "producer":  # what the desk's frame shows
        frame |= {"producer": get_own(by), "counts": count_parts_by_state(by=by)}
    return render_template(
        "members/members.html",
        desk=desk,
        form=form,
        own=get_self(by),
        people=list_members(by=by),
        invitations=list_invitations(by=by, at=now()),
        **frame,
    )


@bp.post(f"/{DESK}/members/<code>/remove")
@allow(SEE_MEMBERS)
def remove(desk: str, code: str) -> Response:
    own = get_self(current_actor()).code
    done = _do(desk, remove_member, code, _("Người ấy không còn làm cho nơi này."))
    return redirect("/") if done and code == own else redirect(url_for("members.members", desk=desk))


@bp.post(f"/{DESK}/members/<code>/hand-over")
@allow(SEE_MEMBERS)
def give(desk: str, code: str) -> Response:
    _do(desk, hand_over, code, _("Đã trao quyền chủ. Từ giờ bạn là người cùng làm."))
    return redirect(url_for("members.members", desk=desk))


@bp.post(f"/{DESK}/members/invitations/<code>/withdraw")
@allow(SEE_MEMBERS)
def withdraw(desk: str, code: str) -> Response:
    _do(desk, withdraw_invitation, code, _("Đã rút lời mời. Đường dẫn trong thư không còn dùng được."))
    return redirect(url_for("members.members", desk=desk))


def _do(desk: str, verb: Callable[..., None], code: str, done: str) -> bool:
    """One change of the list, with its sentence; answers whether it was made."""
    _own_desk(desk)
    try:
        with transaction():
            verb(code=code, by=current_actor(), at=now())
    except Conflict as conflict:
        flash(sentence(conflict), "bad")
        return False
    flash(done, "ok")
    return True


def _own_desk(desk: str) -> None:
    """The other kind's desk is nobody's here."""
    if current_actor().role != desk:
        raise Forbidden
