"""An officer's visit to a point is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import Document
from marketplace.platform.media.services import note_file
from marketplace.trade.showcase.models import PointVisit, VisitPhoto
from marketplace.trade.showcase.policies import VISIT_POINTS
from marketplace.trade.showcase.queries import get_point

MOST_PHOTOS = 6
LONGEST = 4000


@dataclass(frozen=True)
class VisitFacts:
    """When, who, what was found and advised."""

    visited_on: date
    visitors: str
    findings: str
    advice: str = ""


def record_visit(
    *, slug: str, facts: VisitFacts, photos: Sequence[Document] = (), by: Actor, at: datetime
) -> PointVisit:
    """Write a visit down, with photographs whose files are kept already; raises Invalid by field."""
    if not VISIT_POINTS.held_by(by):
        raise Forbidden
    point = get_point(slug, by=by)
    errors = {}
    if facts.visited_on > day_of(at):
        errors["visited_on"] = N_("Chuyến đi chưa tới ngày thì chưa ghi được.")
    if not nfc(facts.visitors) or len(nfc(facts.visitors)) > 200:
        errors["visitors"] = N_("Ghi ai đi, trong 200 ký tự.")
    if not facts.findings.strip() or len(facts.findings) > LONGEST or len(facts.advice) > LONGEST:
        errors["findings"] = N_("Ghi thấy gì ở điểm, trong 4.000 ký tự.")
    if len(photos) > MOST_PHOTOS:
        errors["photos"] = N_("Nhiều nhất 6 ảnh một chuyến.")
    if errors:
        raise Invalid(errors)
    visit = PointVisit(
        code=f"TD{random_code(8)}",
        point_id=point.id,
        visited_on=facts.visited_on,
        visitors=nfc(facts.visitors),
        findings=facts.findings.strip(),
        advice=facts.advice.strip(),
        at=at,
        by=by.name,
    )
    db.session.add(visit)
    db.session.flush()
    db.session.add_all(VisitPhoto(visit_id=visit.id, file_id=note_file(each, by=by, at=at).id) for each in photos)
    db.session.flush()
    record(by=by, action="showcase.visited", subject_type="showcase", subject=slug, at=at, detail={"visit": visit.code})
    return visit
