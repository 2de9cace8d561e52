"""Evidence kept: a paper of the producer's vault with the PDF and the table, ready for any dossier."""

from datetime import datetime

from flask_babel import gettext as _

from marketplace.office.evidence.documents import evidence_pdf, evidence_xlsx
from marketplace.office.evidence.queries import evidence_of
from marketplace.people.papers.services import PaperFacts, add_file, describe_paper, start_paper
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import transaction
from marketplace.platform.core.folding import slugify
from marketplace.platform.media.documents import made_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.media.models import FileKind

PAPER_KIND = "market_development"


def keep_evidence(product_code: str, *, by: Actor, at: datetime) -> str:
    """Draw up the evidence of an own product as of today and keep it as a paper; answers the paper's code."""
    on = day_of(at)
    evidence = evidence_of(product_code, by=by, on=on)
    name = f"{slugify(evidence.product.name)}-{on.isoformat()}"
    documents = [
        made_document(evidence_pdf(evidence, on=on), f"{name}.pdf", FileKind.PDF),
        made_document(evidence_xlsx(evidence, on=on), f"{name}.xlsx", FileKind.XLSX),
    ]
    for document in documents:
        put_document(document, at=at)
    title = _("Bằng chứng thị trường của %(name)s", name=evidence.product.name)[:200]
    with transaction():
        paper = start_paper(kind=PAPER_KIND, by=by, at=at)
        for document in documents:
            add_file(code=paper.code, document=document, by=by, at=at)
    with transaction():
        describe_paper(code=paper.code, facts=PaperFacts(PAPER_KIND, title=title, issued_on=on), by=by, at=at)
    return paper.code
