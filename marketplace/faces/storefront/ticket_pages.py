"""A visitor asks for tickets to a fair, and comes back to them by their links: QR, seats, consent, cancelling."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask_babel import gettext as _

from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.ticket_forms import TicketForm
from marketplace.faces.storefront.ticket_words import ticket_words
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.language import language
from marketplace.platform.web.qr import KINDS, picture
from marketplace.platform.web.verbs import perform
from marketplace.shop.payments.links import pay_link
from marketplace.shop.payments.models import Payment
from marketplace.shop.payments.setup import first_prepaid, prepays
from marketplace.trade.fair_reports.services import ASKING
from marketplace.trade.fairs.models import COMING, Edition
from marketplace.trade.fairs.queries import get_public, released_programme
from marketplace.trade.visitors.links import holds_key, ticket_key, ticket_path, ticket_text
from marketplace.trade.visitors.models import Registration, Ticket, TicketState, VisitorKind
from marketplace.trade.visitors.queries import (
    awaited_of,
    get_ticket,
    list_seats,
    paid_but_unsettled,
    seats_taken,
    tickets_left,
)
from marketplace.trade.visitors.services import (
    ask_ticket_payment,
    book_seat,
    cancel_ticket,
    leave_seat,
    register,
    set_consent,
    settle_paid,
)

bp = Blueprint("tickets", __name__, url_prefix="/fairs")


@bp.route("/<slug>/ticket", methods=["GET", "POST"])
@allow(PUBLIC)
@limiter.limit("60 per hour", exempt_when=lambda: request.method != "POST")
def ask(slug: str) -> Any:
    """The form for tickets; sent once however often it is pressed, by the key it carries."""
    edition = get_public(slug)
    form = TicketForm(data=None if request.method == "POST" else _usual())
    form.offer()
    made: Registration | None = None
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            made = register(code=edition.code, key=form.key.data or new_token(), facts=form.facts(language()), at=now())
    if made is not None and not form.errors:
        return redirect(ticket_path(slug, made.tickets[0].code))
    page = render_template(
        "storefront/ticket_form.html",
        edition=edition,
        form=form,
        left=tickets_left(edition.id, edition.most_visitors),
        taking=edition.state in COMING and day_of(now()) <= edition.last_day,
        **fair_words(),
    )
    return page, 422 if form.errors else 200


def _usual() -> dict[str, object]:
    invitation = request.args.get("invitation", "")[:30]
    return {"key": new_token(), "people": 1, "kind": VisitorKind.BUYER.value, "invitation": invitation}


def held_ticket(slug: str, code: str) -> tuple[Edition, Ticket]:
    """The ticket whose link's key came with the request, or NotFound."""
    edition = get_public(slug)
    if not holds_key(code, request.values.get("k")):
        raise NotFound
    return edition, get_ticket(edition.id, code)


@bp.get("/<slug>/tickets/<code>")
@allow(PUBLIC)
def ticket(slug: str, code: str) -> str:
    edition, row = held_ticket(slug, code)
    at = now()
    if paid_but_unsettled(row.registration_id):  # back from paying, before the worker's next round
        with transaction():
            settle_paid(at=at, registration_id=row.registration_id)
        edition, row = held_ticket(slug, code)
    return render_template(
        "storefront/ticket.html",
        edition=edition,
        ticket=row,
        others=[(each, ticket_path(slug, each.code)) for each in row.registration.tickets if each.id != row.id],
        key=ticket_key(code),
        sessions=[each for each in released_programme(edition.id) if each.seats is not None and each.starts_at > at],
        seats=list_seats(row.id),
        taken=seats_taken(edition.id),
        asking=edition.state in ASKING,
        unpaid=_unpaid(edition, row),
        **fair_words(),
        **ticket_words(),
    )


def _unpaid(edition: Edition, row: Ticket) -> dict[str, Any] | None:
    """What may be paid online for the tickets of one registration, and what of it is under way."""
    tickets = [each for each in row.registration.tickets if each.state is TicketState.UNPAID]
    if not tickets or not edition.ticket_price or edition.state not in COMING or not prepays():
        return None
    return {
        "tickets": len(tickets),
        "amount": Money(edition.ticket_price.amount * len(tickets)),
        "awaited": awaited_of(row.registration_id),
    }


@bp.post("/<slug>/tickets/<code>/pay")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def pay(slug: str, code: str) -> Any:
    """On to the page where the tickets are paid, by card or transfer."""
    edition, _row = held_ticket(slug, code)
    asked: list[Payment] = []

    def ask() -> None:
        facts: dict[str, Any] = {"code": edition.code, "ticket": code, "method": first_prepaid()}
        asked.append(ask_ticket_payment(**facts, by=current_actor(), at=now()))

    came = perform(ask)
    return redirect(pay_link(asked[0]) if came.made else ticket_path(slug, code))


@bp.get("/<slug>/tickets/<code>/qr.svg")
@allow(PUBLIC)
def qr(slug: str, code: str) -> Response:
    """The ticket's signed text as a QR picture."""
    edition, row = held_ticket(slug, code)
    return Response(picture(ticket_text(edition.code, row.code), "svg"), mimetype=KINDS["svg"])


@bp.post("/<slug>/tickets/<code>/cancel")
@allow(PUBLIC)
def cancel(slug: str, code: str) -> Any:
    return _do(slug, code, partial(cancel_ticket, by=current_actor()), N_("Đã hủy vé."))


@bp.post("/<slug>/tickets/<code>/consent")
@allow(PUBLIC)
def consent(slug: str, code: str) -> Any:
    given = request.form.get("given") == "1"
    done = N_("Gian hàng quét vé sẽ thấy tên và số điện thoại của bạn.")
    taken_back = N_("Đã rút lại. Không gian hàng nào còn thấy tên và số điện thoại của bạn.")
    return _do(slug, code, partial(set_consent, given=given), done if given else taken_back)


@bp.post("/<slug>/tickets/<code>/seats/<item>")
@allow(PUBLIC)
def seat(slug: str, code: str, item: str) -> Any:
    return _do(slug, code, partial(book_seat, item=item), N_("Đã ghi. Xem chỗ của bạn bên dưới."))


@bp.post("/<slug>/tickets/<code>/seats/<item>/leave")
@allow(PUBLIC)
def leave(slug: str, code: str, item: str) -> Any:
    return _do(slug, code, partial(leave_seat, item=item), N_("Đã trả chỗ."))


def _do(slug: str, code: str, verb: Callable[..., Any], done: str) -> Any:
    """One verb on the ticket whose link was held; a refusal is said above its page."""
    edition, _row = held_ticket(slug, code)
    perform(partial(verb, code=edition.code, ticket=code, at=now()), _(done))
    return redirect(ticket_path(slug, code))
