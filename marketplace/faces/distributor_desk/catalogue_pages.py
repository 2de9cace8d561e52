"""A distributor's own catalogue: the goods that pass every gate of one of its demands, as one PDF."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.storefront.sheet_pdf import catalogue_pdf
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.media.models import FileKind
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import document_answer
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.language import document_language, in_language
from marketplace.trade.demands.queries import get_own
from marketplace.trade.export.policies import TAKE_SHEETS_OF_MATCHES
from marketplace.trade.export.queries import list_goods
from marketplace.trade.export.rules import MOST_AT_ONCE
from marketplace.trade.matching.queries import matches_for_buyer

bp = Blueprint("distributor_catalogue", __name__, url_prefix="/distributor/catalogue")


@bp.get("/<code>.pdf")
@allow(TAKE_SHEETS_OF_MATCHES)
@limiter.limit("30 per hour")
def catalogue(code: str) -> Response:
    """The best of them, as many as one catalogue holds, best first; in the language that `language` names."""
    by, on = current_actor(), day_of(now())
    demand = get_own(code, by=by)
    fit = [each.offer.code for each in matches_for_buyer(demand, on=on) if each.eligible]
    goods = list_goods(fit[:MOST_AT_ONCE], by=by, on=on)
    if not goods:
        flash(_("Chưa có món nào qua hết các cửa nên chưa có danh mục."), "bad")
        return redirect(url_for("distributor_matches.matches", demand=code))
    with in_language(document_language()):
        made = catalogue_pdf(goods, title=demand.title, on=on)
    return document_answer(made, f"catalogue-{code}-{on.isoformat()}.pdf", FileKind.PDF)
