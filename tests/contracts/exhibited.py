"""Applications to exhibit in every state for the table of access, and more of them for the table of costs."""

from collections.abc import Mapping
from datetime import datetime

from marketplace.people.accounts.models import User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing
from marketplace.trade.exhibitors.models import Application, Decision, FeeMethod
from marketplace.trade.exhibitors.services import (
    ReceiptFacts,
    confirm,
    mark_pending,
    record_fee,
    score_application,
    set_criteria,
)
from marketplace.trade.fairs.models import EditionState
from tests.applying import CRITERIA, Exhibitor, apply, decide, make_booth, make_exhibitor, place
from tests.builders import BY, make_paper
from tests.fairing import lead_to, make_edition

DESK, OFFICE = "POST /producer/fairs", "POST /office/fairs"
ENTRY = f"{OFFICE}/{{exposent}}/applications/{{entrysent}}"
OFFERED = f"{OFFICE}/{{expooffer}}/applications/{{entryoffer}}"
EXHIBITED_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    f"{DESK}/{{expo}}": {"pitch": "Miến nóng", "power_w": "0"},
    f"{OFFICE}/{{expo}}/criteria": {"name": ["Ngon"], "name_en": [""], "most": ["10"]},
    f"{OFFICE}/{{exposent}}/applications": {"application": ["{entrysent}"], "decision": "offer"},
    f"{ENTRY}/score": {"points-0": "50", "points-1": "30"},
    f"{ENTRY}/pending": {"decision": "wait"},
    f"{ENTRY}/cancel": {"reason": "Hàng giả"},
    f"{OFFERED}/fee": {"amount": "1.000", "method": "cash"},
    f"{OFFERED}/waive": {"waiver": "Hộ nghèo"},
}


def exhibited(owner: User, listing: Listing, at: datetime) -> dict[str, str]:
    """The owner's application sent, offered with a booth and a fee paid in part, and confirmed at a fair that runs."""
    who = Exhibitor(owner, get_own(owner.actor()), listing)
    held, offer, sent = (make_edition(at=at, zones=("Khu A",)) for _ in range(3))
    rows = {edition.code: apply(who, edition.code, at=at) for edition in (held, offer, sent)}
    with transaction():
        set_criteria(code=sent.code, criteria=CRITERIA, by=BY, at=at)
    for edition in (held, offer):
        decide(edition.code, Decision.OFFER, rows[edition.code], at=at)
    with transaction():
        confirm(code=held.code, by=who.by, at=at)
    lead_to(held.code, EditionState.RUNNING, at=at)
    place(rows[offer.code], make_booth(offer.code), at=at)
    return {
        "expoheld": held.code,
        "entryheld": rows[held.code].code,
        "expooffer": offer.code,
        "entryoffer": rows[offer.code].code,
        "receipt": str(_paid(offer.code, rows[offer.code], at, "FT-offer")),
        "exposent": sent.code,
        "entrysent": rows[sent.code].code,
    }


def _paid(code: str, row: Application, at: datetime, reference: str) -> int:
    facts = ReceiptFacts(Money(9_000), FeeMethod.TRANSFER, reference)
    with transaction():
        return record_fee(code=code, application=row.code, facts=facts, by=BY, at=at).id


def grow_exhibited(
    there: Mapping[str, str], owner: User, officer: User, listing_id: int, at: datetime, name: str
) -> dict[str, str]:
    """One more call, and one more exhibitor of one edition with all that belongs to it; answers that edition."""
    make_edition(at=at, title=f"Hội chợ gọi {name}")
    who = Exhibitor(owner, get_own(owner.actor()), db.session.get_one(Listing, listing_id))
    mine = make_edition(at=at, title=f"Hội chợ của tôi {name}", zones=("Khu A",))
    apply(who, mine.code, at=at, sent=False, wishes=("zone:0",), badges=(("An", ""),))
    code = there.get("expofull", "")
    if not code:
        code = make_edition(at=at, zones=("Khu A", "Khu B"), quotas={"2025:03390": 900, "outside": 900}).code
        with transaction():
            set_criteria(code=code, criteria=CRITERIA, by=BY, at=at)
    booth, other = make_booth(code, f"B{name}"), make_exhibitor(f"Gian {name}", at=at)
    papers = frozenset({make_paper(other.user, at=at).code, make_paper(other.user, "award", at=at).code})
    wishes, badges = ("zone:0", f"booth:{booth.code}"), (("An", ""), ("Bình", ""))
    row = apply(other, code, at=at, wishes=wishes, badges=badges, papers=papers)
    with transaction():
        score_application(code=code, application=row.code, points={0: 9, 1: 9}, by=officer.actor(), at=at)
        mark_pending(code=code, applications=[row.code], decision=Decision.OFFER, by=BY, at=at)
    place(row, booth, at=at)
    _paid(code, row, at, f"FT-{name}")
    make_booth(mine.code, f"C{name}")
    return {"expofull": code, "entry": row.code, "expomine": mine.code}
