"""What becomes of a proposal: approved whole, returned to be mended, withdrawn; and a revision restored."""

from datetime import datetime

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.words import N_
from marketplace.shop.catalog import mails
from marketplace.shop.catalog.models import Listing, ListingProposal, ListingRevision, ProposalState
from marketplace.shop.catalog.policies import looks
from marketplace.shop.catalog.proposals import find_proposal, now_said, wished
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.services.editing import (
    SHOWN_TO_OTHERS,
    Edited,
    apply,
    check_complete,
    check_seen,
    edit,
    forget_unseen,
)
from marketplace.shop.catalog.statements import brought_back, overtaken, picture_names

LONGEST_REMARK = 2000


class Overtaken(Conflict):
    """The page was changed meanwhile in what the proposal would change: it cannot be taken over as it is."""

    code = "proposal_overtaken"
    message = N_("Trang đã được sửa ở đúng chỗ này sau khi nơi làm đề nghị. Hãy gửi lại để họ xem bản mới.")


class NothingWaits(Conflict):
    """Somebody has decided already, or the producer has taken it back."""

    code = "nothing_waits"
    message = N_("Không còn đề nghị nào của trang này đang chờ.")


def approve_proposal(*, slug: str, seen: int | None, by: Actor, at: datetime) -> list[str]:
    """Let the page say what its producer proposed, whole, in the version the officer has seen; answers the codes.

    Refused where the proposal is another by now (ChangedSinceSeen), or the page was changed in the same (Overtaken).
    """
    listing, proposal = _waiting(slug, by)
    check_seen(proposal.version, seen)
    now = now_said(listing)
    if overtaken(proposal.wanted, proposal.base, now):
        raise Overtaken
    new = apply(listing, proposal.wanted, action="listing.approved", by=by, at=at, for_name=proposal.asked_by)
    if listing.state in SHOWN_TO_OTHERS:
        check_complete(listing)
    shown = now | proposal.wanted
    forget_unseen(picture_names(now, proposal.wanted), shown, at=at)
    db.session.delete(proposal)
    mails.approved(listing, at=at)
    return new


def return_proposal(*, slug: str, seen: int | None, remark: str, by: Actor, at: datetime) -> None:
    """Give a proposal back with what has to be mended: what was written is kept, and the producer gets a letter."""
    listing, proposal = _waiting(slug, by)
    check_seen(proposal.version, seen)
    proposal.remark, proposal.state = read_remark(remark), ProposalState.RETURNED
    mails.change_returned(listing, proposal.remark, at=at)
    detail = {"remark": proposal.remark}
    record(by=by, action="listing.change_returned", subject_type="listing", subject=slug, at=at, detail=detail)


def withdraw_proposal(*, slug: str, by: Actor, at: datetime) -> None:
    """Take an open proposal back; the page goes on as it is, and pictures that only the proposal showed go."""
    listing = get_kept(slug, by=by, hold=True)
    proposal = find_proposal(listing.id)
    if proposal is None:
        raise NotFound
    forget_unseen(picture_names(proposal.wanted), now_said(listing), at=at)
    db.session.delete(proposal)
    record(by=by, action="listing.change_withdrawn", subject_type="listing", subject=slug, at=at)


def restore_revision(*, slug: str, number: int, by: Actor, at: datetime) -> Edited:
    """Have the page say again what it said in this revision: a change like any other, so it may have to wait.

    What comes back, and what stays as it is: `statements.brought_back`.
    """
    listing = get_kept(slug, by=by, hold=True)
    query = select(ListingRevision).where(ListingRevision.listing_id == listing.id)
    revision = db.session.scalar(query.where(ListingRevision.number == number))
    if revision is None:
        raise NotFound
    wanted = brought_back(now_said(listing) if looks(by) else wished(listing), revision.said)
    return edit(listing, wanted, action="listing.restored", by=by, at=at, restored=number)


def read_remark(typed: str) -> str:
    """What an officer asks to have mended; raises Invalid on `remark`."""
    remark = typed.strip()
    if not remark or len(remark) > LONGEST_REMARK:
        raise Invalid({"remark": N_("Ghi điều cần sửa, nhiều nhất 2.000 ký tự.")})
    return remark


def _waiting(slug: str, by: Actor) -> tuple[Listing, ListingProposal]:
    """The listing, held, and its proposal that waits for the officer; NotFound for everybody else."""
    listing = get_kept(slug, by=by, hold=True)
    if not looks(by):
        raise NotFound
    proposal = find_proposal(listing.id)
    if proposal is None or proposal.state is not ProposalState.WAITING:
        raise NothingWaits
    return listing, proposal
