"""The programme: a working copy, changed freely, and releases, which the public and those with seats see."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import announce, db
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.trade.fairs.models import Edition, EditionState, ProgrammeItem, ProgrammeRelease
from marketplace.trade.fairs.queries import find_release, get_item, list_programme
from marketplace.trade.fairs.rules import Session, changes_between
from marketplace.trade.fairs.services.planning import PlanFixed
from marketplace.trade.fairs.services.steps import TOPIC, office_edition

MOST_ITEMS = 500
OVER = (EditionState.CLOSED, EditionState.REPORTED, EditionState.CANCELLED)


class NothingChanged(Conflict):
    """The working copy is what was last released."""

    code = "nothing_changed"
    message = N_("Chương trình đang công bố đã đúng như bản này.")


@dataclass(frozen=True)
class SessionFacts:
    """What an officer says of an item. `seats`: how many may book one, None where nobody books."""

    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    title_en: str = ""
    about: str = ""
    about_en: str = ""
    speaker: str = ""
    seats: int | None = None


def put_item(*, code: str, facts: SessionFacts, item: str = "", by: Actor, at: datetime) -> ProgrammeItem:
    """Write an item anew, or change the one of that code; nobody outside sees it before the next release."""
    edition = _workable(code, by)
    _check(edition, facts)
    if item:
        row = get_item(code, item, hold=True)
    else:
        if len(list_programme(edition.id)) >= MOST_ITEMS:
            raise Invalid({"title": N_("Chương trình có nhiều nhất 500 mục.")})
        row = ProgrammeItem(edition_id=edition.id, code=f"TR{random_code(8)}")
        db.session.add(row)
    row.title, row.title_en, row.place = nfc(facts.title)[:200], nfc(facts.title_en)[:200], nfc(facts.place)[:120]
    row.about, row.about_en, row.speaker = facts.about.strip(), facts.about_en.strip(), nfc(facts.speaker)[:200]
    row.starts_at, row.ends_at, row.seats = facts.starts_at, facts.ends_at, facts.seats
    db.session.flush()
    record(by=by, action="fair.item", subject_type="fair", subject=code, at=at, detail={"item": row.code})
    return row


def drop_item(*, code: str, item: str, by: Actor, at: datetime) -> None:
    """Take an item off the working copy."""
    _workable(code, by)
    db.session.delete(get_item(code, item, hold=True))
    record(by=by, action="fair.item_dropped", subject_type="fair", subject=code, at=at, detail={"item": item})


def release_programme(*, code: str, by: Actor, at: datetime) -> ProgrammeRelease:
    """Give the working copy to the public; those with a seat in what changed are told by whoever keeps the seats."""
    edition = _workable(code, by)
    items = [session_of(item) for item in list_programme(edition.id)]
    last = find_release(edition.id)
    before = [Session.from_json(kept) for kept in last.items] if last else []
    changes = changes_between(before, items)
    if not changes:
        raise NothingChanged
    release = ProgrammeRelease(
        edition_id=edition.id,
        number=(last.number if last else 0) + 1,
        items=[each.to_json() for each in items],
        changes=[{"code": each.code, "title": each.title, "kind": each.kind.value} for each in changes],
        released_at=at,
        released_by=by.name,
    )
    db.session.add(release)
    db.session.flush()
    record(by=by, action="fair.released", subject_type="fair", subject=code, at=at, detail={"number": release.number})
    announce(TOPIC)
    return release


def session_of(item: ProgrammeItem) -> Session:
    """An item as a release holds it."""
    return Session(
        code=item.code,
        title=item.title,
        title_en=item.title_en,
        about=item.about,
        about_en=item.about_en,
        place=item.place,
        speaker=item.speaker,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        seats=item.seats,
    )


def _workable(code: str, by: Actor) -> Edition:
    edition = office_edition(code, by)
    if edition.state in OVER:
        raise PlanFixed
    return edition


def _check(edition: Edition, facts: SessionFacts) -> None:
    wrong = {}
    if not 3 <= len(nfc(facts.title)) <= 200:
        wrong["title"] = N_("Đặt tên từ 3 đến 200 ký tự.")
    if not nfc(facts.place):
        wrong["place"] = N_("Ghi nơi diễn ra.")
    if facts.ends_at <= facts.starts_at:
        wrong["ends_at"] = N_("Giờ kết thúc phải sau giờ bắt đầu.")
    if not edition.first_day <= day_of(facts.starts_at) <= day_of(facts.ends_at) <= edition.last_day:
        wrong["starts_at"] = N_("Nằm ngoài các ngày của hội chợ.")
    if facts.seats is not None and not 1 <= facts.seats <= 100_000:
        wrong["seats"] = N_("Từ 1 đến 100.000 chỗ, hoặc để trống.")
    if wrong:
        raise Invalid(wrong)
