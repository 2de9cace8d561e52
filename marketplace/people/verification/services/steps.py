"""One step of a verification: held, allowed, written down."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import VERIFY_PRODUCERS
from marketplace.people.producers.queries import get_own, get_within
from marketplace.people.verification.models import (
    CHECKED_ONCE,
    TRANSITIONS,
    Verification,
    VerificationState,
    VerificationStep,
)
from marketplace.people.verification.policies import KEEP_OWN_VERIFICATION
from marketplace.people.verification.queries import standing
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden
from marketplace.platform.core.words import N_

UNSAID = "–"  # the reason of a suspension from before reasons were asked


class NotNow(Conflict):
    """Where the verification stands, this cannot be done to it."""

    code = "verification_state"
    message = N_("Nơi làm này đang ở bước khác nên chưa làm được việc này. Hãy tải lại trang để xem.")


class ChangedMeanwhile(Conflict):
    """The producer changed something after the officer's page was opened: nobody decides on what they have not seen."""

    code = "changed_meanwhile"
    message = N_("Nơi làm vừa sửa điều gì đó sau khi bạn mở trang. Hãy xem lại rồi quyết định.")


class SameHands(Conflict):
    """Who entered or sent a thing does not approve it too."""

    code = "same_hands"
    message = N_("Chính bạn đã nhập hoặc gửi điều này, nên một người khác phải duyệt.")


def own_file(by: Actor, at: datetime) -> tuple[Producer, Verification]:
    """The acting producer with its verification, held; begun where there is none."""
    if not KEEP_OWN_VERIFICATION.held_by(by):
        raise Forbidden
    producer = get_own(by)
    return producer, hold(producer, at)


def file_to_decide(slug: str, by: Actor, at: datetime) -> tuple[Producer, Verification]:
    """A producer within the officer's unit with its verification, held, for the province to decide on."""
    if not VERIFY_PRODUCERS.held_by(by):
        raise Forbidden
    producer = get_within(slug, by=by)
    return producer, hold(producer, at)


def hold(producer: Producer, at: datetime) -> Verification:
    """A producer's verification, kept from others until the block ends; begun where there is none.

    A producer verified or suspended past it, by a file or a command, counts as that here too.
    """
    query = select(Verification).where(Verification.producer_id == producer.id)
    row = db.session.scalar(query.with_for_update())
    if row is None:
        row = Verification(producer_id=producer.id, state=VerificationState.OPEN, version=0, remarks={}, started_at=at)
        db.session.add(row)
    row.state = standing(producer, row)
    if row.state is not VerificationState.SUSPENDED:
        row.suspension_reason = ""
    else:
        row.suspension_reason = row.suspension_reason or UNSAID
    db.session.flush()
    return row


def stands(row: Verification) -> bool:
    """Whether the office has checked the facts, so that they change by its word only."""
    return row.state in CHECKED_ONCE


def move(row: Verification, to: VerificationState) -> None:
    """Take a held verification one step further, or NotNow."""
    if to not in TRANSITIONS[row.state]:
        raise NotNow
    row.state = to


def same_as_seen(row: Verification, seen: int) -> None:
    """ChangedMeanwhile unless the producer has said nothing new since the officer's page was made."""
    if row.version != seen:
        raise ChangedMeanwhile


def other_hands(entered_by_id: int | None, by: Actor) -> None:
    """SameHands where the deciding person is who entered it."""
    if by.user_id is not None and by.user_id == entered_by_id:
        raise SameHands


def note(
    producer: Producer,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    subject: str = "",
    remark: str = "",
    checked: Iterable[str] = (),
) -> None:
    """Write down who did what, in the producer's own history and in the trail."""
    ticked = sorted(checked)
    db.session.add(
        VerificationStep(
            producer_id=producer.id,
            at=at,
            verb=verb,
            subject=subject[:200],
            actor_name=by.name,
            actor_role=by.role or "",
            behalf=by.behalf,
            remark=remark,
            checked=ticked,
        )
    )
    said = {"subject": subject, "remark": remark, "checked": ticked}
    detail = {name: value for name, value in said.items() if value}
    record(by=by, action=f"producer.{verb}", subject_type="producer", subject=producer.slug, at=at, detail=detail)
    db.session.flush()
