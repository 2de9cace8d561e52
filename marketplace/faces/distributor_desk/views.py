"""The distributor's desk: whose it is, its profile, what comes next."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.faces.distributor_desk.forms import KINDS, DistributorForm
from marketplace.people.accounts.policies import ENTER_DISTRIBUTOR_DESK
from marketplace.people.accounts.queries import list_members
from marketplace.people.accounts.rules import show_phone
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.trade.distributors.policies import KEEP_OWN_PROFILE
from marketplace.trade.distributors.queries import find_own, get_own_organisation
from marketplace.trade.distributors.services import save_profile

bp = Blueprint("distributor_desk", __name__, url_prefix="/distributor")


@bp.get("/")
@allow(ENTER_DISTRIBUTOR_DESK)
def today() -> str:
    by = current_actor()
    return render_template(
        "distributor_desk/today.html",
        organisation=get_own_organisation(by),
        distributor=find_own(by),
        members=list_members(by=by),
        kinds=KINDS,
    )


@bp.route("/profile", methods=["GET", "POST"])
@allow(KEEP_OWN_PROFILE)
def profile() -> Any:
    organisation = get_own_organisation(current_actor())
    form = DistributorForm(data=_known(organisation.name))
    if form.validate_on_submit():
        with told_on(form):
            facts = form.facts()
            with transaction():
                save_profile(facts=facts, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("distributor_desk.profile"))
    page = render_template("distributor_desk/profile.html", form=form, organisation=organisation)
    return page, 422 if form.errors else 200


def _known(name: str) -> dict[str, str]:
    """What the form starts with."""
    own = find_own(current_actor())
    if own is None:
        return {"name": name}
    phone = show_phone(own.phone) if own.phone else ""
    return {"name": name, "kind": own.kind.value, "phone": phone, "about": own.about}
