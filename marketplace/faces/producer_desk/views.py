"""The producer's desk: what waits today, own order parts, own terms."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.forms import TermsForm
from marketplace.faces.producer_desk.shelves import goods_of, shelves
from marketplace.faces.producer_desk.start import steps
from marketplace.people.accounts.policies import ENTER_PRODUCER_DESK
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.seeing import noted
from marketplace.registry.dossiers.models import DossierState
from marketplace.registry.dossiers.queries import Asked, list_dossiers
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.fulfilment import services as fulfilment
from marketplace.shop.fulfilment.queries import parcels_of
from marketplace.shop.orders.models import PartState
from marketplace.shop.orders.policies import FULFIL_OWN
from marketplace.shop.orders.queries import (
    count_parts_by_state,
    count_waiting_for_payment,
    get_part,
    list_latest_parts,
    list_parts,
)
from marketplace.shop.pricing.queries import terms_of
from marketplace.shop.pricing.services import set_terms
from marketplace.trade.news.queries import list_unread
from marketplace.trade.showcase.queries import keeps_points

bp = Blueprint("producer_desk", __name__, url_prefix="/producer")

A_PAGE = 50
TO_DO = frozenset({PartState.PLACED, PartState.CONFIRMED, PartState.PACKED, PartState.SHIPPED, PartState.UNDELIVERED})


@bp.get("/")
@allow(ENTER_PRODUCER_DESK)
def today() -> str:
    by = current_actor()
    producer, day = get_own(by), day_of(now())
    found = shelves(by, on=day)
    return render_template(
        "producer_desk/today.html",
        producer=producer,
        steps=steps(producer, found),
        returned=list_dossiers(by=by, asked=Asked(state=DossierState.RETURNED)),
        parts=list_parts(by=by, states=TO_DO, limit=20),
        counts=count_parts_by_state(by=by),
        waiting=count_waiting_for_payment(by=by),
        shelves=found,
        goods=goods_of([variant for shelf in found for variant, _units in shelf.variants], on=day),
        day=day,
        now=now(),
        points=keeps_points(by),
        unread=list_unread(now(), by=by),
    )


@bp.get("/orders")
@allow(FULFIL_OWN)
def orders() -> str:
    by = current_actor()
    wanted = request.args.get("state", "")
    states = frozenset({PartState(wanted)}) if wanted in set(PartState) else None
    page, counts = read_page(), count_parts_by_state(by=by)
    total = sum(n for state, n in counts.items() if states is None or state in states)
    listed = render_template(
        "producer_desk/orders.html",
        producer=get_own(by),
        parts=list_latest_parts(by=by, states=states, page=page, per_page=A_PAGE),
        counts=counts,
        waiting=count_waiting_for_payment(by=by),
        wanted=wanted,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
    )
    return noted(listed, "orders") if by.behalf else listed


@bp.get("/orders/<number>/<int(max=9999):position>")
@allow(FULFIL_OWN)
def part(number: str, position: int) -> str:
    """An order's part; whoever acts for the producer leaves a trace of having seen its buyer."""
    page = _part_page(number, position)
    return noted(page, "order", number) if current_actor().behalf else page


def _part_page(number: str, position: int, errors: dict[str, str] | None = None) -> str:
    by = current_actor()
    found = get_part(number, position, by=by)
    return render_template(
        "producer_desk/part.html",
        producer=get_own(by),
        counts=count_parts_by_state(by=by),
        part=found,
        parcel=parcels_of([found.id]).get(found.id),
        errors=errors or {},
    )


VERBS: dict[str, Callable[..., Any]] = {
    "confirm": fulfilment.confirm_part,
    "pack": fulfilment.pack_part,
    "ship": fulfilment.ship_part,
    "deliver": fulfilment.deliver_part,
    "decline": fulfilment.decline_part,
    "undelivered": fulfilment.report_undelivered,
    "take-back": fulfilment.take_back,
    "invoice": fulfilment.note_invoice,
}
FIELDS = {
    "ship": ("carrier", "tracking_number"),
    "decline": ("reason",),
    "undelivered": ("reason",),
    "invoice": ("invoice_number",),
}


@bp.post("/orders/<number>/<int(max=9999):position>/<verb>")
@allow(FULFIL_OWN)
def move(number: str, position: int, verb: str) -> Any:
    if verb not in VERBS:
        raise NotFound
    facts = {name: request.form.get(name, "") for name in FIELDS.get(verb, ())}
    try:
        with transaction():
            VERBS[verb](number=number, position=position, by=current_actor(), at=now(), **facts)
    except Invalid as invalid:
        errors = {name: _(message) % invalid.facts for name, message in invalid.fields.items()}
        return _part_page(number, position, {**errors, "verb": verb}), 422
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        told = VERBS[verb] is not fulfilment.note_invoice
        flash(_("Đã ghi. Người mua được báo bằng thư.") if told else _("Đã lưu."), "ok")
    return redirect(url_for("producer_desk.part", number=number, position=position))


@bp.route("/terms", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def terms() -> Any:
    """The least order, and the days to get ready."""
    by = current_actor()
    known = terms_of([get_own(by).id]).popitem()[1]
    form = TermsForm(
        minimum_order=known.minimum_order.amount or "", ready_from=known.ready_days[0], ready_until=known.ready_days[1]
    )
    if form.validate_on_submit():
        with told_on(form):
            said = form.terms()
            with transaction():
                set_terms(terms=said, by=by, at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("producer_desk.terms"))
    page = render_template(
        "producer_desk/terms.html", producer=get_own(by), counts=count_parts_by_state(by=by), form=form
    )
    return page, 422 if form.errors else 200
