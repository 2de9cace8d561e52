"""Writing down why a case is in order though it does not match."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, insert_into
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.reconciliation.models import Explanation
from marketplace.shop.reconciliation.rows import QUIET, Case


def explain_case(*, case: Case, words: str, by: Actor, at: datetime) -> None:
    """Keep why this case is in order, as long as its figures stand; of two who say so at once the later words hold.

    Nothing is booked by it. Words are needed (Invalid), and something to explain.
    """
    if not KEEP_MONEY.held_by(by):
        raise Forbidden
    said = nfc(words)[:300]
    if not said or case.bucket in QUIET:
        raise Invalid({"words": N_("Ghi vì sao khoản này vẫn đúng, và ai đã xem.")})
    facts = {"words": said, "at": at, "by": by.name[:120]}
    row = insert_into(Explanation).values(case_name=case.name, figures=case.figures, **facts)
    db.session.execute(row.on_conflict_do_update(index_elements=["case_name", "figures"], set_=facts))
    detail = {"figures": case.figures, "words": said}
    record(by=by, action="case.explained", subject_type="ledger", subject=case.name[:120], at=at, detail=detail)
