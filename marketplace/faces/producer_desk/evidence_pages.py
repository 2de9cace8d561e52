"""What the market witnesses of a producer's product: on the page, as a PDF, as a table, kept in the vault."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.office.evidence.documents import evidence_pdf, evidence_xlsx, fair_days
from marketplace.office.evidence.keeping import keep_evidence
from marketplace.office.evidence.policies import SEE_OWN_EVIDENCE
from marketplace.office.evidence.queries import evidence_of, list_own_products
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.media.models import FileKind
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import document_answer
from marketplace.platform.web.glue import limiter

bp = Blueprint("producer_evidence", __name__, url_prefix="/producer/evidence")


@bp.get("")
@allow(SEE_OWN_EVIDENCE)
def evidence() -> str:
    by, on = current_actor(), day_of(now())
    products = list_own_products(by=by)
    code = request.args.get("product") or (products[0].code if products else "")
    shown = evidence_of(code, by=by, on=on) if code else None
    return render_template(
        "producer_desk/evidence.html", products=products, shown=shown, today=on, fair_days=fair_days, **desk(by)
    )


@bp.get("/<product_code>.<any(pdf, xlsx):form>")
@allow(SEE_OWN_EVIDENCE)
@limiter.limit("120 per hour")
def take(product_code: str, form: str) -> Response:
    """The dated report, as paper or as a table."""
    on = day_of(now())
    found = evidence_of(product_code, by=current_actor(), on=on)
    name = f"{found.product.slug}-{on.isoformat()}.{form}"
    if form == "pdf":
        return document_answer(evidence_pdf(found, on=on), name, FileKind.PDF)
    return document_answer(evidence_xlsx(found, on=on), name, FileKind.XLSX)


@bp.post("/<product_code>/keep")
@allow(SEE_OWN_EVIDENCE)
@limiter.limit("30 per hour")
def keep(product_code: str) -> BaseResponse:
    code = keep_evidence(product_code, by=current_actor(), at=now())
    flash(_("Đã cất báo cáo vào tủ giấy tờ; dùng được cho mọi hồ sơ."), "ok")
    return redirect(url_for("producer_papers.paper", code=code))
