"""Decisions with many certificates: entered once, then product by product, and read as a whole."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.forms import DecisionForm, GrantForm
from marketplace.people.places.models import Level
from marketplace.people.places.queries import find_unit, list_former_districts
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.registry.certification.authorities import Authority, authorities
from marketplace.registry.certification.policies import KEEP_REGISTER, SEE_REGISTER
from marketplace.registry.certification.queries import (
    count_decisions,
    counts_of_decisions,
    get_decision,
    list_decisions,
    list_granted,
    list_of_products,
    list_products,
    list_revoked,
)
from marketplace.registry.certification.rules import standing
from marketplace.registry.certification.services import DecisionFacts, certify, enter_decision

bp = Blueprint("office_decisions", __name__, url_prefix="/office/certification/decisions")
A_PAGE = 40
MOST_FOUND = 20


@bp.app_context_processor
def suggestions() -> dict[str, object]:
    """The authorities that decision forms offer."""
    return {"known_authorities": known_authorities}


def known_authorities() -> list[Authority]:
    """Authorities whose decisions reach this province."""
    province = find_unit(current_app.config["SETTINGS"].province_code, Level.PROVINCE)
    return authorities(province.name, [unit.name for unit in list_former_districts()]) if province else []


@bp.get("")
@allow(SEE_REGISTER)
def everything() -> str:
    by, page = current_actor(), read_page()
    found = list_decisions(by=by, page=page, per_page=A_PAGE)
    total = count_decisions(by=by)
    return render_template(
        "office_desk/decisions.html",
        decisions=found,
        counts=counts_of_decisions((d.id for d in found), by=by),
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        may_keep=KEEP_REGISTER.held_by(by),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_REGISTER)
def enter() -> Any:
    form = DecisionForm()
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            decision = enter_decision(decision=form.decision(), by=current_actor(), at=now())
        if not form.errors:
            return redirect(url_for("office_decisions.one", code=decision.code))
    return render_template("office_desk/new_decision.html", form=form), 422 if form.errors else 200


@bp.get("/<code>")
@allow(SEE_REGISTER)
def one(code: str) -> str:
    return _page(code, GrantForm())


def _page(code: str, form: GrantForm) -> str:
    by, day, words = current_actor(), day_of(now()), request.args.get("q", "").strip()
    decision = get_decision(code, by=by)
    granted = list_granted(decision.id, by=by)
    others = list_of_products(c.product_id for c in granted)
    done = {c.product_id for c in granted}
    found = list_products(by=by, words=words, per_page=MOST_FOUND) if words else []
    return render_template(
        "office_desk/decision.html",
        decision=decision,
        granted=[(c, standing(c, others[c.product_id], day)) for c in granted],
        revoked=list_revoked(decision.id, by=by),
        form=form,
        words=words,
        found=[product for product in found if product.id not in done],
        may_keep=KEEP_REGISTER.held_by(by),
    )


@bp.post("/<code>")
@allow(KEEP_REGISTER)
def grant(code: str) -> Any:
    form = GrantForm()
    if form.validate_on_submit():
        with told_on(form, Refusal):
            _grant(code, form)
        if not form.errors:
            flash(_("Đã nhập chứng nhận. Tìm sản phẩm tiếp theo của quyết định này."), "ok")
            return redirect(url_for("office_decisions.one", code=code))
    return _page(code, form), 422


def _grant(code: str, form: GrantForm) -> None:
    by = current_actor()
    decision = get_decision(code, by=by)
    with transaction():
        certify(product_code=form.product.data, decision=DecisionFacts.of(decision), by=by, at=now(), **form.grant())
