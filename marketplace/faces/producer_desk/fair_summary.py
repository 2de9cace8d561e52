"""What a fair brought an exhibitor, for its own eyes, and what it thinks of the fair."""

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.feedback_words import LONGEST_WORDS, OPTIONS, rating_in
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.verbs import perform
from marketplace.trade.fair_reports.policies import SEE_OWN_PART
from marketplace.trade.fair_reports.queries import own_part
from marketplace.trade.fair_reports.services import ASKING, rate_as_exhibitor

bp = Blueprint("producer_fair_summary", __name__, url_prefix="/producer/fairs/<code>/summary")


@bp.get("")
@allow(SEE_OWN_PART)
def summary(code: str) -> str:
    return _look(code)


@bp.post("")
@allow(SEE_OWN_PART)
def rate(code: str) -> Any:
    act = partial(rate_as_exhibitor, rating=rating_in(request.form), words=request.form.get("words", ""))
    came = perform(partial(act, edition=code, by=current_actor(), at=now()), _("Cảm ơn. Ý kiến đã được ghi."))
    if came.errors:
        return _look(code, came.errors), 422
    return redirect(url_for("producer_fair_summary.summary", code=code))


def _look(code: str, errors: dict[str, str] | None = None) -> str:
    by = current_actor()
    part = own_part(code, by=by)
    edition = part.stand.edition
    return render_template(
        "producer_desk/fair_summary.html",
        part=part,
        edition=edition,
        said=part.feedback,
        asking=edition.state in ASKING,
        options=OPTIONS,
        longest=LONGEST_WORDS,
        errors=errors or {},
        typed=request.form if errors else {},
        **desk(by),
        **fair_words(),
    )
