"""A plan, activities with papers and support for the table of access and the table of costs."""

from collections.abc import Mapping
from datetime import datetime

from marketplace.office.outreach.services import add_paper
from marketplace.office.programme.jobs import count_sales
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import transaction
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from tests.builders import BY, pdf
from tests.planning import make_activity, make_support, plan

ACTIVITY = {
    "unit": "2025:03390",
    "kind": "meeting",
    "title": "Họp",
    "held_on": "2026-11-10",
    "audience": "Dân",
    "people": "9",
}
SUPPORT = {
    "producer": "{producer}",
    "kind": "tests",
    "programme": "OCOP",
    "what": "Mẫu",
    "amount": "0",
    "given_on": "2026-11-10",
}
BASE = "POST /office/programme"
PLANNED_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    f"{BASE}/plan": {"year": "2026", "unit": "12", "seen": "1", "decision_number": "1/KH", "decided_on": "2026-01-02"},
    f"{BASE}/activities/new": ACTIVITY,
    f"{BASE}/activities/{{activity}}/edit": ACTIVITY,
    f"{BASE}/activities/{{activity}}/withdraw": {"why": "Nhầm"},
    f"{BASE}/support/new": SUPPORT,
    f"{BASE}/support/{{support}}": SUPPORT,
    f"{BASE}/support/{{support}}/withdraw": {"why": "Nhầm"},
}


def planned(producer: Producer, at: datetime) -> dict[str, str]:
    """One of each, of the producer and its commune."""
    plan(at=at)
    activity = make_activity(at=at)
    document = take_document(pdf("Có mặt"), "co-mat.pdf")
    put_document(document, at=at)
    with transaction():
        paper = add_paper(code=activity.code, document=document, by=BY, at=at)
    return {"activity": activity.code, "activitypaper": paper.code, "support": make_support(producer, at=at).code}


def grow_planned(producer: Producer, going_on: Mapping[str, str], at: datetime, name: str) -> dict[str, str]:
    """One more of everything; the plan is written at the first call, the sums are counted at each."""
    if "planned" not in going_on:
        plan(at=at)
    activity = make_activity(at=at, title=f"Họp {name}")
    make_support(producer, at=at)
    count_sales(at)
    return {"planned": "1", "activity": activity.code}
