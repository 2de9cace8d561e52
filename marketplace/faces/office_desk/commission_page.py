"""What the platform keeps: dated rates, of everybody and of single producers, with their history."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.money_forms import CommissionForm
from marketplace.people.producers.queries import get_verified, list_verified_names
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import together, told_on
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.queries import list_commission_rates
from marketplace.shop.ledger.rules import in_force
from marketplace.shop.ledger.services import set_commission

bp = Blueprint("office_commission", __name__, url_prefix="/office/payments/commission")


@bp.route("", methods=["GET", "POST"])
@allow(KEEP_MONEY)
def page() -> Any:
    form = CommissionForm()
    form.offer(list_verified_names())
    if form.validate_on_submit():
        with told_on(form), transaction(), together(form.unread):
            _set(form)
        if not form.errors:
            flash(_("Đã ghi tỷ lệ mới."), "ok")
            return redirect(url_for("office_commission.page"))
    rates, today = list_commission_rates(), day_of(now())
    counting = in_force(((rate.producer_id, rate.valid_from) for rate in rates), today)
    facts = {"rates": rates, "counting": counting, "today": today}
    return render_template("office_desk/commission.html", form=form, **facts), 422 if form.errors else 200


def _set(form: CommissionForm) -> None:
    slug = form.producer.data
    set_commission(
        producer_id=get_verified(slug).id if slug else None,
        valid_from=form.valid_from.data or day_of(now()),
        rate_bp=form.rate.bp,
        reason=form.reason.data,
        by=current_actor(),
        at=now(),
    )
