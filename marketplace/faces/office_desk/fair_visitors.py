"""The office sees who comes to a fair, takes money at the desk, cancels tickets, makes invitations."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.ticket_words import ticket_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, whole_number
from marketplace.platform.web.seeing import noted
from marketplace.platform.web.verbs import answered
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.visitors.links import ticket_path
from marketplace.trade.visitors.queries import count_by_state, count_tickets, list_invitations, list_tickets
from marketplace.trade.visitors.services import cancel_ticket, make_invitation, revoke_invitation, take_payment

bp = Blueprint("office_fair_visitors", __name__, url_prefix="/office/fairs")
A_PAGE = 50


@bp.get("/<code>/visitors")
@allow(RUN_FAIRS)
def visitors(code: str) -> str:
    return _look(code)


def _look(code: str, errors: dict[str, str] | None = None) -> str:
    edition, words, page = get_edition(code), request.args.get("q", "")[:100], read_page()
    listed = render_template(
        "office_desk/fair_visitors.html",
        edition=edition,
        tickets=list_tickets(edition.id, words=words, page=page, per_page=A_PAGE),
        sums=count_by_state(edition.id),
        invitations=list_invitations(edition.id),
        q=words,
        page=page,
        pages=max(1, -(-count_tickets(edition.id, words=words) // A_PAGE)),
        path=partial(ticket_path, edition.slug),
        errors=errors or {},
        typed=request.form,
        **fair_words(),
        **ticket_words(),
    )
    return noted(listed, "visitors", code)


@bp.post("/<code>/visitors/<ticket>/<any(pay, cancel):verb>")
@allow(RUN_FAIRS)
def move(code: str, ticket: str, verb: str) -> Any:
    """Money taken at the desk, or a ticket that is worth nothing any more."""
    act, done = (take_payment, N_("Đã ghi thu tiền.")) if verb == "pay" else (cancel_ticket, N_("Đã hủy vé."))
    return _do(code, partial(act, ticket=ticket), done)


@bp.post("/<code>/invitations")
@allow(RUN_FAIRS)
def invite(code: str) -> Any:
    most = whole_number(request.form.get("most", ""), 6) or 0
    return _do(code, partial(make_invitation, whom=request.form.get("whom", ""), most=most), N_("Đã tạo mã mời."))


@bp.post("/<code>/invitations/<invitation>/revoke")
@allow(RUN_FAIRS)
def revoke(code: str, invitation: str) -> Any:
    return _do(code, partial(revoke_invitation, invitation=invitation), N_("Mã mời ấy không dùng được nữa."))


def _do(code: str, verb: Callable[..., Any], done: str) -> Any:
    act = partial(verb, code=code, by=current_actor(), at=now())
    then = url_for("office_fair_visitors.visitors", code=code, q=request.form.get("q") or None)
    return answered(act, _(done), again=partial(_look, code), then=then)
