"""A visitor says what they think of a fair, by the link of their ticket."""

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.feedback_words import LONGEST_WORDS, OPTIONS, rating_in
from marketplace.faces.storefront.ticket_pages import held_ticket
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.verbs import answered
from marketplace.trade.fair_reports.queries import find_feedback
from marketplace.trade.fair_reports.services import ASKING, rate_as_visitor
from marketplace.trade.visitors.links import ticket_key

bp = Blueprint("fair_feedback", __name__, url_prefix="/fairs/<slug>/tickets/<code>/feedback")


@bp.get("")
@allow(PUBLIC)
def feedback(slug: str, code: str) -> str:
    return _look(slug, code)


@bp.post("")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def rate(slug: str, code: str) -> Any:
    edition, _row = held_ticket(slug, code)
    act = partial(rate_as_visitor, rating=rating_in(request.form), words=request.form.get("words", ""))
    act = partial(act, code=edition.code, ticket=code, at=now())
    then = f"{request.path}?k={ticket_key(code)}"
    return answered(act, _("Cảm ơn. Ý kiến đã được ghi."), again=partial(_look, slug, code), then=then)


def _look(slug: str, code: str, errors: dict[str, str] | None = None) -> str:
    edition, row = held_ticket(slug, code)
    return render_template(
        "storefront/feedback.html",
        edition=edition,
        ticket=row,
        key=ticket_key(code),
        said=find_feedback(ticket_id=row.id),
        asking=edition.state in ASKING and row.state.value == "valid",
        options=OPTIONS,
        longest=LONGEST_WORDS,
        errors=errors or {},
        typed=request.form if errors else {},
        **fair_words(),
    )
