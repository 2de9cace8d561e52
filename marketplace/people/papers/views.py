"""Opening a paper's file, for its producer and the officers who look after it."""

from flask import Blueprint, Response

from marketplace.people.papers.policies import KEEP_OWN_PAPERS, SEE_PAPERS
from marketplace.people.papers.queries import get_file
from marketplace.people.papers.services import note_look
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer

bp = Blueprint("papers", __name__)


@bp.get("/papers/<code>/<file_code>")
@allow(SEE_PAPERS)
def open_paper(code: str, file_code: str) -> Response:
    """The file; who opens a personal paper that is not their own producer's leaves a trace."""
    by = current_actor()
    paper, file = get_file(code, file_code, by=by)
    if paper.of_kind.personal and (by.behalf or not KEEP_OWN_PAPERS.held_by(by)):
        with transaction():
            note_look(paper=paper, file=file, by=by, at=now())
    return file_answer(file)
