"""The address book."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.rules import show_phone
from marketplace.people.addresses.forms import SavedAddressForm
from marketplace.people.addresses.models import SavedAddress
from marketplace.people.addresses.queries import get_address, list_addresses
from marketplace.people.addresses.services import add_address, change_address, delete_address, make_default
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Conflict
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on

bp = Blueprint("addresses", __name__, url_prefix="/account/addresses")


@bp.get("")
@allow(SIGNED_IN)
def book() -> str:
    return render_template("addresses/book.html", addresses=list_addresses(by=current_actor()))


@bp.route("/new", methods=["GET", "POST"])
@allow(SIGNED_IN)
def new() -> Any:
    user = get_self(current_actor())
    return _edit({"recipient": user.name, "phone": show_phone(user.phone) if user.phone else ""})


@bp.route("/<code>", methods=["GET", "POST"])
@allow(SIGNED_IN)
def edit(code: str) -> Any:
    return _edit(known(get_address(code, by=current_actor())), code)


def known(address: SavedAddress) -> dict[str, Any]:
    """What a form starts with."""
    parent = address.commune.parent
    return {
        "label": address.label,
        "recipient": address.recipient,
        "phone": show_phone(address.phone),
        "province_code": parent.code if parent else "",
        "commune_code": address.commune.code,
        "street": address.street,
        "is_default": address.is_default,
    }


def _edit(starts: dict[str, Any], code: str = "") -> Any:
    form = SavedAddressForm(data=starts)
    form.offer_places()
    if "pick" not in request.form and form.validate_on_submit():
        with told_on(form, Conflict):
            _save(form, code)
        if not form.errors:
            flash(_("Đã lưu vào sổ địa chỉ."), "ok")
            return redirect(url_for("addresses.book"))
    return render_template("addresses/edit.html", form=form, code=code), 422 if form.errors else 200


def _save(form: SavedAddressForm, code: str) -> None:
    facts, default, by = form.facts(), bool(form.is_default.data), current_actor()
    with transaction():
        if code:
            change_address(code=code, facts=facts, default=default, by=by)
        else:
            add_address(facts=facts, default=default, by=by, at=now())


@bp.post("/<code>/delete")
@allow(SIGNED_IN)
def remove(code: str) -> Response:
    with transaction():
        delete_address(code=code, by=current_actor())
    flash(_("Đã xóa địa chỉ."), "ok")
    return redirect(url_for("addresses.book"))


@bp.post("/<code>/default")
@allow(SIGNED_IN)
def set_default(code: str) -> Response:
    with transaction():
        make_default(code=code, by=current_actor())
    flash(_("Đã đặt làm địa chỉ mặc định."), "ok")
    return redirect(url_for("addresses.book"))
