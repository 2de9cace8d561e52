"""An exhibitor's leads at a fair: noted by the visitor's ticket, changed, taken away as a table."""

from functools import partial
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.ticket_words import KINDS, ticket_words
from marketplace.people.accounts.rules import show_phone
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import VIETNAM, now
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import day_in, read_page
from marketplace.platform.web.spreadsheets import Cell, xlsx_answer
from marketplace.platform.web.verbs import answered, perform
from marketplace.trade.exhibitors.queries import get_own_stand
from marketplace.trade.visitors.leading import count_leads, get_lead, list_leads, listings_shown, named
from marketplace.trade.visitors.links import ticket_seed
from marketplace.trade.visitors.models import Lead
from marketplace.trade.visitors.policies import TAKE_LEADS
from marketplace.trade.visitors.services import LeadFacts, change_lead, take_lead

bp = Blueprint("producer_leads", __name__, url_prefix="/producer/fairs")
A_PAGE = 50
MOST_ROWS = 20_000


@bp.get("/<code>/leads")
@allow(TAKE_LEADS)
def leads(code: str) -> str:
    return _list(code)


def _list(code: str, errors: dict[str, str] | None = None) -> str:
    by, page = current_actor(), read_page()
    place = get_own_stand(code, by=by)
    return render_template(
        "producer_desk/leads.html",
        place=place,
        edition=place.edition,
        leads=list_leads(place.id, page=page, per_page=A_PAGE),
        named=named,
        goods=listings_shown(by),
        key=str(uuid4()),
        page=page,
        pages=max(1, -(-count_leads(place.id) // A_PAGE)),
        errors=errors or {},
        typed=request.form,
        **_words(),
    )


@bp.post("/<code>/leads")
@allow(TAKE_LEADS)
def take(code: str) -> Any:
    by, typed = current_actor(), request.form.get("ticket", "").strip()[:200]
    known = {"code": code, "typed": typed, "client_id": request.form.get("key") or str(uuid4())}

    def act() -> Lead:
        return take_lead(**known, facts=_facts(), seed=ticket_seed(), by=by, at=now())

    came = perform(act)
    if not came.made:
        return _list(code, came.errors), 422
    if came.value.consent_version is None:
        flash(_("Đã ghi. Khách này chưa đồng ý cho xem tên và số điện thoại, nên chỉ ghi nhu cầu và ghi chú."), "warn")
    else:
        flash(_("Đã ghi khách."), "ok")
    return redirect(url_for("producer_leads.lead", code=code, lead=came.value.code))


@bp.get("/<code>/leads/<lead>")
@allow(TAKE_LEADS)
def lead(code: str, lead: str) -> str:
    return _one(code, lead)


def _one(code: str, lead: str, errors: dict[str, str] | None = None) -> str:
    by = current_actor()
    place = get_own_stand(code, by=by)
    row = get_lead(place.id, lead)
    return render_template(
        "producer_desk/lead.html",
        edition=place.edition,
        lead=row,
        visitor=named(row),
        goods=listings_shown(by),
        chosen={each.listing.slug for each in row.goods},
        errors=errors or {},
        **_words(),
    )


@bp.post("/<code>/leads/<lead>")
@allow(TAKE_LEADS)
def change(code: str, lead: str) -> Any:
    def act() -> None:
        change_lead(code=code, lead=lead, facts=_facts(), by=current_actor(), at=now())

    then = url_for("producer_leads.leads", code=code)
    return answered(act, _("Đã lưu."), again=partial(_one, code, lead), then=then)


@bp.get("/<code>/leads.xlsx")
@allow(TAKE_LEADS)
def table(code: str) -> Response:
    """Every lead of the exhibitor's as a workbook; names of those who agree alone."""
    place = get_own_stand(code, by=current_actor())
    said = (_("Mã vé"), _("Tên"), _("Điện thoại"), _("Thư"), _("Là"), _("Điểm"), _("Nhu cầu"), _("Ghi chú"))
    head = (*said, _("Sản phẩm"), _("Việc tiếp theo"), _("Ngày"), _("Ghi ngày"))
    rows = (_row(each) for each in list_leads(place.id, per_page=MOST_ROWS))
    return xlsx_answer(f"khach-{place.edition.slug}", head, rows)


def _row(lead: Lead) -> list[Cell]:
    who = named(lead)
    phone = show_phone(who.phone) if who and who.phone else ""
    goods = ", ".join(each.listing.name for each in lead.goods)
    return [
        lead.ticket.code,
        who.name if who else "",
        phone,
        who.email if who else "",
        str(KINDS[lead.ticket.registration.kind]),
        lead.rating,
        lead.wish,
        lead.note,
        goods,
        lead.next_action,
        lead.next_on,
        lead.noted_at.astimezone(VIETNAM).date(),
    ]


def _facts() -> LeadFacts:
    form = request.form
    rating, typed = form.get("rating", ""), form.get("next_on", "").strip()
    next_on = day_in(typed)
    if typed and next_on is None:
        raise Invalid({"next_on": N_("Nhập ngày như 31/12/2026.")})
    return LeadFacts(
        rating=int(rating) if rating in ("1", "2", "3", "4", "5") else None,
        note=form.get("note", ""),
        wish=form.get("wish", ""),
        goods=frozenset(form.getlist("goods")),
        next_action=form.get("next_action", ""),
        next_on=next_on,
    )


def _words() -> dict[str, Any]:
    return {**desk(current_actor()), **fair_words(), **ticket_words()}
