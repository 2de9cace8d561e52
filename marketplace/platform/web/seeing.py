"""Pages with people's names, addresses, telephones or accounts leave a trace of who opened them."""

from flask import request

from marketplace.platform.audit.queries import was_seen
from marketplace.platform.audit.services import note_seen
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor


def noted(page: str, kind: str, subject: str = "") -> str:
    """The page as it is, after noting that the acting person saw it; one row a day, so that looking stays cheap.

    Called with the page made: the write block lets go of what was read for it.
    """
    by, at = current_actor(), now()
    looked = request.method == "GET"  # a form that was refused shows what was seen before
    if looked and not was_seen(user_id=by.user_id or 0, kind=kind, subject=subject, day=day_of(at)):
        with transaction():
            note_seen(kind=kind, subject=subject, by=by, at=at)
    return page
