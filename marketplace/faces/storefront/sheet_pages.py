"""The sheet of one wholesale offer: for its producer, for verified distributors, for the office; for nobody else."""

from flask import Blueprint, Response

from marketplace.faces.storefront.sheet_pdf import sheet_pdf
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.media.models import FileKind
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import document_answer
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.language import document_language, in_language
from marketplace.trade.export.policies import TAKE_SHEETS
from marketplace.trade.export.queries import get_goods

bp = Blueprint("trade_sheets", __name__, url_prefix="/trade/sheets")


@bp.get("/<code>.pdf")
@allow(TAKE_SHEETS)
@limiter.limit("120 per hour")
def sheet(code: str) -> Response:
    """The PDF, in the language that `?language=` names or the reader's."""
    on = day_of(now())
    goods = get_goods(code, by=current_actor(), on=on)
    with in_language(document_language()):
        made = sheet_pdf(goods, on=on)
    return document_answer(made, f"{goods.listing.slug}-{on.isoformat()}.pdf", FileKind.PDF)
