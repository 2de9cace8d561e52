"""Forming a council, giving seats and ending them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.people.accounts.models import NO_PASSWORD, Role
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services import NewAccount, create_user, start_reset
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.platform.media.services import drop_file
from marketplace.registry.councils.models import Council, CouncilMember, ScoreSheet, Seat, Sitting, SittingState
from marketplace.registry.councils.policies import KEEP_COUNCILS, SCORE
from marketplace.registry.councils.queries import get_council
from marketplace.registry.dossiers.models import Dossier
from marketplace.registry.rulesets.rules import AuthorityLevel

MOST_SEATS = 40


class AlreadySits(Conflict):
    """A person has one seat in a council."""

    code = "already_sits"
    message = N_("Người này đã có ghế trong hội đồng.")


@dataclass(frozen=True)
class SeatFacts:
    """Whose seat it is. `email` as `accounts.rules.read_email` gives it."""

    email: str
    name: str
    department: str
    seat: Seat = Seat.MEMBER


def form_council(
    *, name: str, level: AuthorityLevel, decision_number: str, established_on: date, by: Actor, at: datetime
) -> Council:
    """Enter a council by the decision that set it up."""
    may_keep(by)
    wrong = {}
    if not nfc(name):
        wrong["name"] = N_("Nhập tên hội đồng.")
    if not nfc(decision_number):
        wrong["decision_number"] = N_("Nhập số quyết định")
    if established_on > day_of(at):
        wrong["established_on"] = N_("Ngày ban hành không thể ở tương lai.")
    if level is AuthorityLevel.MINISTRY:
        wrong["level"] = N_("Hội đồng ở đây là của tỉnh hoặc của huyện trước đây.")
    if wrong:
        raise Invalid(wrong)
    council = Council(
        code=f"HD{random_code(8)}",
        unit_id=by.unit_id,
        name=nfc(name),
        level=level,
        decision_number=nfc(decision_number),
        established_on=established_on,
        created_at=at,
    )
    db.session.add(council)
    db.session.flush()
    record(by=by, action="council.formed", subject_type="council", subject=council.code, at=at)
    return council


def add_member(*, council_code: str, facts: SeatFacts, by: Actor, at: datetime) -> CouncilMember:
    """Give somebody a seat. Whoever has no account gets one that sees only what it scores, and a letter to open it.

    An officer's or administrator's account takes the seat as it is; a buyer's or producer's does not: Invalid.
    """
    may_keep(by)
    council = get_council(council_code, by=by, hold=True)
    if not nfc(facts.name):
        raise Invalid({"name": N_("Nhập họ tên.")})
    if len(council.seated) >= MOST_SEATS:
        raise Invalid({"email": N_("Hội đồng nhiều nhất 40 người.")})
    user = find_user(facts.email)
    if user is None:
        account = NewAccount(facts.email, facts.name, NO_PASSWORD, Role.COUNCIL_MEMBER)
        user = create_user(account=account, by=by, at=at)
        start_reset(email=facts.email, at=at)
    elif not SCORE.held_by(user.actor()):
        raise Invalid({"email": N_("Địa chỉ này là của người bán hoặc người mua. Hãy dùng địa chỉ công vụ khác.")})
    seat = db.session.scalar(
        select(CouncilMember).where(CouncilMember.council_id == council.id, CouncilMember.user_id == user.id)
    )
    if seat is not None and seat.left_at is None:
        raise AlreadySits
    if seat is None:
        seat = CouncilMember(code=f"TV{random_code(8)}", council_id=council.id, user_id=user.id, joined_at=at)
        db.session.add(seat)
    seat.left_at = None
    seat.name, seat.department, seat.seat = nfc(facts.name), nfc(facts.department), facts.seat
    db.session.flush()
    detail = {"council": council.code, "user": user.code, "seat": facts.seat.value}
    record(by=by, action="council.seat_given", subject_type="council", subject=council.code, at=at, detail=detail)
    return seat


def end_seat(*, council_code: str, member_code: str, by: Actor, at: datetime) -> None:
    """End a seat: from now on this person sees nothing of the council's.

    What they signed stays and counts; sheets that they began and did not sign go, so that no sitting waits for them.
    """
    may_keep(by)
    council = get_council(council_code, by=by, hold=True)
    member = next((m for m in council.seated if m.code == member_code), None)
    if member is None:
        raise NotFound
    member.left_at = at
    detail = {"member": member.code, "sheets_dropped": _drop_unsigned(member, at)}
    record(by=by, action="council.seat_ended", subject_type="council", subject=council.code, at=at, detail=detail)


def _drop_unsigned(member: CouncilMember, at: datetime) -> list[str]:
    """Drop what a member has not signed on open tables; answers the dossiers' codes."""
    query = (
        select(ScoreSheet, Dossier.code)
        .join(Sitting, Sitting.id == ScoreSheet.sitting_id)
        .join(Dossier, Dossier.id == ScoreSheet.dossier_id)
        .where(ScoreSheet.member_id == member.id, ScoreSheet.signed_at.is_(None), Sitting.state == SittingState.OPEN)
        .options(joinedload(ScoreSheet.scan))
    )
    dropped = []
    for sheet, code in db.session.execute(query.order_by(ScoreSheet.id)).all():
        db.session.delete(sheet)
        db.session.flush()
        if sheet.scan is not None:
            drop_file(sheet.scan, at=at)
        dropped.append(code)
    return dropped


def may_keep(by: Actor) -> None:
    """Raise Forbidden where `by` does not keep councils."""
    if not KEEP_COUNCILS.held_by(by):
        raise Forbidden
