"""The office's check: sent, returned, approved, suspended, each with who and what in writing and a letter."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from marketplace.people.papers.models import Paper
from marketplace.people.papers.queries import get_paper
from marketplace.people.papers.services import look_at_paper
from marketplace.people.producers.queries import get_within
from marketplace.people.producers.services import suspend_producer, verify_producer
from marketplace.people.verification import mails
from marketplace.people.verification.models import VerificationState
from marketplace.people.verification.policies import SEE_PRODUCERS
from marketplace.people.verification.queries import file_of
from marketplace.people.verification.rules import Step
from marketplace.people.verification.services.accounts import put_in_force
from marketplace.people.verification.services.steps import (
    NotNow,
    file_to_decide,
    move,
    note,
    other_hands,
    own_file,
    same_as_seen,
)
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.words import N_

LONGEST_REMARK = 2000


class Incomplete(Invalid):
    """Steps are not done; `fields` names them, each with what it lacks."""

    code = "verification_incomplete"
    message = N_("Còn bước chưa xong.")


def send_for_verification(*, by: Actor, at: datetime) -> None:
    """Ask the province to check the own producer; raises Incomplete while a step lacks something."""
    producer, row = own_file(by, at)
    missing = file_of(producer, on=day_of(at)).lacking
    if missing:
        raise Incomplete({step.value: sentence for step, sentence in missing.items()})
    move(row, VerificationState.WAITING)
    row.sent_at, row.sent_by_id, row.remarks = at, by.user_id, {}
    note(producer, "sent", by=by, at=at)


def approve_producer(*, slug: str, checked: Iterable[str], seen: int, by: Actor, at: datetime) -> None:
    """Verify a producer, having compared all that is to be compared; from then on its certified goods are public.

    The bank account that waits comes in force with it. Who sent it in another's name does not approve it.
    """
    producer, row = file_to_decide(slug, by, at)
    if row.state is VerificationState.SUSPENDED:
        raise NotNow
    move(row, VerificationState.APPROVED)
    same_as_seen(row, seen)
    ticked, asked = set(checked), set(file_of(producer, on=day_of(at)).checks)
    if not asked <= ticked:
        raise Invalid({"checked": N_("Đánh dấu đủ những điều đã đối chiếu trước khi duyệt.")})
    other_hands(row.sent_by_id, by)
    row.decided_at, row.remarks = at, {}
    row.version += 1
    put_in_force(producer, by=by, at=at)
    verify_producer(slug=slug, by=by, at=at)
    note(producer, "approved", checked=asked, by=by, at=at)
    mails.told(producer, verb="approved", at=at)


def return_producer(*, slug: str, remarks: Mapping[str, str], seen: int, by: Actor, at: datetime) -> None:
    """Give a producer back to its people with remarks beside the steps, at least one."""
    producer, row = file_to_decide(slug, by, at)
    move(row, VerificationState.RETURNED)
    same_as_seen(row, seen)
    said = {step.value: words for step in Step if (words := remarks.get(step, "").strip()[:LONGEST_REMARK])}
    if not said:
        raise Invalid({"remarks": N_("Ghi điều cần sửa cạnh ít nhất một bước.")})
    row.decided_at, row.remarks = at, said
    row.version += 1
    words = "\n".join(said.values())
    note(producer, "returned", subject=", ".join(said), remark=words, by=by, at=at)
    mails.told(producer, verb="returned", remark=words, at=at)


def suspend(*, slug: str, reason: str, by: Actor, at: datetime) -> None:
    """Take a producer off the market at once, saying why, in a letter too."""
    producer, row = file_to_decide(slug, by, at)
    words = reason.strip()[:LONGEST_REMARK]
    if not words:
        raise Invalid({"reason": N_("Ghi lý do tạm ngừng; nơi làm nhận được trong thư.")})
    move(row, VerificationState.SUSPENDED)
    row.suspension_reason, row.decided_at = words, at
    row.version += 1
    suspend_producer(slug=slug, by=by, at=at)
    note(producer, "suspended", remark=words, by=by, at=at)
    mails.told(producer, verb="suspended", remark=words, at=at)


def lift_suspension(*, slug: str, remark: str = "", by: Actor, at: datetime) -> None:
    """Let a suspended producer back on the market."""
    producer, row = file_to_decide(slug, by, at)
    if row.state is not VerificationState.SUSPENDED:
        raise NotNow
    move(row, VerificationState.APPROVED)
    row.suspension_reason, row.decided_at = "", at
    row.version += 1
    verify_producer(slug=slug, by=by, at=at)
    note(producer, "lifted", remark=remark.strip()[:LONGEST_REMARK], by=by, at=at)
    mails.told(producer, verb="lifted", at=at)


def remark_producer(*, slug: str, words: str, by: Actor, at: datetime) -> None:
    """An officer of the producer's unit writes down what they saw, for the province to read."""
    if not SEE_PRODUCERS.held_by(by):
        raise Forbidden
    producer = get_within(slug, by=by)
    said = words.strip()[:LONGEST_REMARK]
    if not said:
        raise Invalid({"words": N_("Ghi nhận xét của bạn.")})
    note(producer, "remarked", remark=said, by=by, at=at)


def look_at(*, slug: str, code: str, accepted: bool, seen: str, remark: str = "", by: Actor, at: datetime) -> Paper:
    """The officer's word on one paper of a producer, as it was `seen`; a refusal goes out as a letter."""
    producer, row = file_to_decide(slug, by, at)
    if get_paper(code, by=by).producer_id != producer.id:
        raise NotFound
    paper = look_at_paper(code=code, accepted=accepted, remark=remark, seen=seen, by=by, at=at)
    row.version += 1
    verb = "paper_accepted" if accepted else "paper_refused"
    note(producer, verb, subject=paper.title or paper.kind, remark=paper.remark, by=by, at=at)
    if not accepted:
        mails.told(producer, verb=verb, remark=paper.remark, paper=paper, at=at)
    return paper
