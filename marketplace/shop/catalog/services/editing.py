"""One way for every change of what a page says: applied at once, or kept as a proposal until an officer has looked.

Whoever calls has the listing held: edits of one page, and decisions about them, come one after the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from marketplace.people.places.queries import find_commune
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.catalog.label_fields import DeclaredKind
from marketplace.shop.catalog.models import (
    Listing,
    ListingPicture,
    ListingProposal,
    ListingRevision,
    ListingState,
    ProposalState,
)
from marketplace.shop.catalog.policies import looks
from marketplace.shop.catalog.proposals import find_proposal, now_said
from marketplace.shop.catalog.queries import list_pictures, missing_if, missing_of
from marketplace.shop.catalog.rules import Unit
from marketplace.shop.catalog.statements import (
    COLUMNS,
    ORIGIN,
    PICTURES,
    Statement,
    as_they_differ,
    differing,
    facts_in,
    picture_names,
    split,
)

SHOWN_TO_OTHERS = frozenset({ListingState.IN_REVIEW, ListingState.PUBLISHED})
LOOKED_AT = frozenset({ListingState.PUBLISHED, ListingState.PAUSED})
HIDDEN = {ListingState.IN_REVIEW: ListingState.DRAFT, ListingState.PUBLISHED: ListingState.PAUSED}
FORGET_PICTURE = "pictures.forget"
FORGET_AFTER = timedelta(days=1)


class MedicineRefused(Invalid):
    """Medicine is sold by pharmacies, never here (Pharmacy Law 105/2016; it is not on a general marketplace)."""

    code = "medicine"
    message = N_("Thuốc không được bán trên chợ này, kể cả thuốc dược liệu và thuốc cổ truyền.")


class Incomplete(Invalid):
    """The page lacks what the law has a label say; `fields` names it all."""

    code = "listing_incomplete"
    message = N_("Trang bán còn thiếu điều nhãn phải ghi.")


class ChangedSinceSeen(Conflict):
    """The producer has written something else since the officer opened the page: nothing was decided."""

    code = "changed_since_seen"
    message = N_("Nơi làm vừa sửa lại sau khi bạn mở trang. Chưa quyết gì cả: hãy xem bản mới rồi bấm.")


@dataclass(frozen=True)
class Edited:
    """What became of an edit: the codes that the page says anew, and those of it that wait for an officer's look."""

    listing: Listing
    applied: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


def edit(
    listing: Listing, changes: Mapping[str, Any], *, action: str, by: Actor, at: datetime, restored: int | None = None
) -> Edited:
    """Have the page say `changes` (by the codes of `statements`); what a producer claims on a public page waits.

    Refuses what would leave a page that others see without what the law has it say: Incomplete.
    """
    now, proposal = now_said(listing), find_proposal(listing.id)
    seen = picture_names(now, proposal.wanted if proposal else {})
    if listing.published_at is None or listing.state not in LOOKED_AT or looks(by):
        at_once, waiting = as_they_differ(now, now | dict(changes)), None
    else:
        at_once, waiting = split(now, now | (proposal.wanted if proposal else {}) | dict(changes))
    applied: list[str] = []
    if at_once:
        for_name = listing.product.producer.name if looks(by) else ""
        applied = apply(listing, at_once, action=action, by=by, at=at, for_name=for_name, restored=restored)
    if listing.state in SHOWN_TO_OTHERS:
        check_complete(listing)
    after = now | at_once
    if waiting is not None:
        _propose(listing, proposal, waiting, after, asked=set(changes), by=by, at=at)
        proposal = find_proposal(listing.id)
    forget_unseen(seen, after, proposal.wanted if proposal else {}, at=at)
    return Edited(listing, tuple(applied), tuple(code for code in waiting or () if code in changes))


def apply(
    listing: Listing,
    changes: Statement,
    *,
    action: str,
    by: Actor,
    at: datetime,
    for_name: str = "",
    restored: int | None = None,
) -> list[str]:
    """Write what the page says from now on, with a revision of it; answers the codes of what is new."""
    before = now_said(listing)
    new = differing(before, before | changes)
    if new:
        last = _last_number(listing, before)
        write(listing, changes, at=at)
        revision = ListingRevision(
            listing_id=listing.id,
            number=last + 1,
            said=now_said(listing),
            changed=new,
            restored=restored,
            by_name=by.name,
            for_name=for_name,
            at=at,
        )
        db.session.add(revision)
        db.session.flush()
        changed("listing", listing.id, at=at)
    detail = {"changed": new} | ({"restored": restored} if restored else {})
    record(by=by, action=action, subject_type="listing", subject=listing.slug, at=at, detail=detail)
    return new


def number_of(listing_id: int) -> int:
    """The number of what the page says now; a page that was never changed is at its first."""
    query = select(func.max(ListingRevision.number)).where(ListingRevision.listing_id == listing_id)
    return db.session.scalar(query) or 1


def check_seen(now: int, seen: int | None) -> None:
    """Raise ChangedSinceSeen where an officer decides about another version than the one he looked at."""
    if seen is not None and seen != now:
        raise ChangedSinceSeen


def check_complete(listing: Listing) -> None:
    """Raise where others may not see what the page says: a medicine, or a label that lacks something."""
    if listing.declared_kind is DeclaredKind.MEDICINE:
        raise MedicineRefused({"declared_kind": MedicineRefused.message})
    lacking = missing_of(listing)
    if lacking:
        raise Incomplete(lacking)


def forget_unseen(seen: Iterable[str], *shown: Mapping[str, Any], at: datetime) -> None:
    """Have the files of pictures removed that neither the page nor its proposal shows, unless its history does."""
    for name in sorted(set(seen) - picture_names(*shown)):
        key = f"{FORGET_PICTURE}:{name}:off:{at.isoformat()}"
        enqueue(name=FORGET_PICTURE, key=key, at=at, due_at=at + FORGET_AFTER, payload={"name": name})


def _propose(
    listing: Listing,
    proposal: ListingProposal | None,
    wanted: Statement,
    now: Statement,
    *,
    asked: set[str],
    by: Actor,
    at: datetime,
) -> None:
    """Keep what waits as the page's one proposal; what is public already is no proposal."""
    if not wanted:
        if proposal is not None:
            db.session.delete(proposal)
            db.session.flush()
            action = "listing.change_withdrawn"
            record(by=by, action=action, subject_type="listing", subject=listing.slug, at=at)
        return
    lacking = missing_if(listing, now | wanted)
    worse = {code: lacking[code] for code in lacking.keys() - missing_if(listing, now).keys()}
    if worse:
        raise Incomplete(worse)
    if proposal is None:
        proposal = ListingProposal(listing_id=listing.id, version=0, wanted={}, base={}, asked_by=by.name, asked_at=at)
        db.session.add(proposal)
    mended = proposal.state is ProposalState.RETURNED and bool(asked & set(wanted))
    kept = {code: value for code, value in proposal.base.items() if code not in asked}
    base = {code: kept.get(code, now.get(code)) for code in wanted}
    if not differing(proposal.wanted, wanted) and not differing(proposal.base, base) and not mended:
        return
    if mended:
        proposal.asked_at = at
    proposal.wanted, proposal.base, proposal.state = wanted, base, ProposalState.WAITING
    proposal.version, proposal.asked_by, proposal.changed_at = proposal.version + 1, by.name, at
    db.session.flush()
    detail = {"changed": sorted(wanted), "version": proposal.version}
    record(by=by, action="listing.proposed", subject_type="listing", subject=listing.slug, at=at, detail=detail)


def _last_number(listing: Listing, before: Statement) -> int:
    """The number of the last revision; the first is written with the first change, as the page was until then."""
    query = select(func.max(ListingRevision.number)).where(ListingRevision.listing_id == listing.id)
    last = db.session.scalar(query)
    if last is None:
        first = ListingRevision(listing_id=listing.id, number=1, said=before, changed=[], by_name="", for_name="")
        first.at = listing.published_at or listing.created_at
        db.session.add(first)
    return last or 1


def write(listing: Listing, changes: Statement, *, at: datetime) -> None:
    """Put what is said into the listing's columns and facts, and its pictures in their order."""
    if changes.get("declared_kind") == DeclaredKind.MEDICINE:  # taken off before it is said: no row may be both
        listing.state = HIDDEN.get(listing.state, listing.state)
    for code in set(COLUMNS) & set(changes):
        setattr(listing, code, _column(code, changes[code]))
    facts = {**listing.facts, **{code: changes[code] for code in facts_in(changes)}}
    listing.facts = {code: value for code, value in facts.items() if value not in (None, "")}
    if ORIGIN in changes:
        listing.origin_commune = find_commune(changes[ORIGIN]) if changes[ORIGIN] else None
    if PICTURES in changes:
        _show(listing, changes[PICTURES], at)
    db.session.flush()


def _column(code: str, value: Any) -> Any:
    if code == "declared_kind":
        return DeclaredKind(value) if value else None
    if code == "capacity_unit":
        return Unit(value) if value else None
    return value


def _show(listing: Listing, shots: list[dict[str, Any]], at: datetime) -> None:
    """The pictures in their order, positions from 0 without gaps, the cover the first of them."""
    rows = {row.name: row for row in list_pictures(listing.id)}
    for name in rows.keys() - {shot["name"] for shot in shots}:
        db.session.delete(rows[name])
    db.session.flush()  # a picture cut anew has the mark of the one it replaces
    for position, shot in enumerate(shots):
        row = rows.get(shot["name"]) or ListingPicture(listing_id=listing.id, added_at=at)
        for name, value in shot.items():
            setattr(row, name, value)
        row.position = position
        db.session.add(row)
    listing.cover = shots[0]["name"] if shots else None
