"""Opening rounds, moving their deadlines, closing them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.policies import KEEP_ROUNDS
from marketplace.registry.rounds.queries import get_kept_round
from marketplace.registry.rounds.rules import RoundDays, reminder_days
from marketplace.registry.rulesets.queries import ruleset_on

REMIND = "rounds.remind"
MORNING = timedelta(hours=7)  # of Vietnam's day: when reminders go out
FIRST_YEAR = 2018  # QĐ 490/QĐ-TTg began the programme


class RoundExists(Conflict):
    """A year has each number once."""

    code = "round_exists"
    message = N_("Năm ấy đã có đợt mang số này.")


class RoundClosed(Conflict):
    """A closed round changes no more."""

    code = "round_closed"
    message = N_("Đợt đánh giá này đã khép.")


@dataclass(frozen=True)
class RoundFacts:
    """What an officer says of a round."""

    days: RoundDays
    note: str = ""


def open_round(*, year: int, number: int, facts: RoundFacts, by: Actor, at: datetime) -> EvaluationRound:
    """Enter a round. Its rule set is the one in force on the first deadline; reminders are asked for at once."""
    _may_keep(by)
    if not FIRST_YEAR <= year <= day_of(at).year + 2:
        raise Invalid({"year": N_("Năm từ 2018 đến hai năm sau năm nay.")})
    if not 1 <= number <= 12:
        raise Invalid({"number": N_("Số đợt từ 1 đến 12.")})
    _check(facts.days, year)
    code = f"{year}-{number}"
    if db.session.scalar(select(EvaluationRound.id).where(EvaluationRound.code == code)):
        raise RoundExists
    row = EvaluationRound(
        code=code,
        unit_id=by.unit_id,
        year=year,
        number=number,
        ruleset_code=ruleset_on(facts.days.first_deadline).code,
        created_at=at,
    )
    _write(row, facts)
    db.session.add(row)
    db.session.flush()
    _ask_reminders(row, at)
    record(by=by, action="round.opened", subject_type="round", subject=code, at=at, detail=_told(row))
    return row


def change_round(*, code: str, facts: RoundFacts, by: Actor, at: datetime) -> EvaluationRound:
    """Move the deadlines of a round that is not closed; reminders follow the new days."""
    _may_keep(by)
    row = get_kept_round(code, by=by)
    if row.closed_at is not None:
        raise RoundClosed
    _check(facts.days, row.year)
    before = _told(row)
    _write(row, facts)
    row.ruleset_code = ruleset_on(facts.days.first_deadline).code
    _ask_reminders(row, at)
    detail = {"before": before, "after": _told(row)}
    record(by=by, action="round.changed", subject_type="round", subject=code, at=at, detail=detail)
    return row


def close_round(*, code: str, by: Actor, at: datetime) -> None:
    """Close a round: nothing is handed in to it any more."""
    _may_keep(by)
    row = get_kept_round(code, by=by)
    if row.closed_at is not None:
        raise RoundClosed
    row.closed_at = at
    record(by=by, action="round.closed", subject_type="round", subject=code, at=at)


def _may_keep(by: Actor) -> None:
    if not KEEP_ROUNDS.held_by(by):
        raise Forbidden


def _check(days: RoundDays, year: int) -> None:
    wrong = {}
    if days.first_deadline < days.opens_on:
        wrong["first_deadline"] = N_("Hạn nộp phải từ ngày mở đợt trở đi.")
    if days.province_deadline < days.first_deadline:
        wrong["province_deadline"] = N_("Hạn của tỉnh phải từ hạn nộp trở đi.")
    if days.first_deadline.year != year:
        wrong.setdefault("first_deadline", N_("Hạn nộp phải trong năm của đợt."))
    if wrong:
        raise Invalid(wrong)


def _write(row: EvaluationRound, facts: RoundFacts) -> None:
    row.opens_on, row.first_deadline = facts.days.opens_on, facts.days.first_deadline
    row.province_deadline, row.note = facts.days.province_deadline, facts.note.strip()


def _ask_reminders(row: EvaluationRound, at: datetime) -> None:
    """A job for each reminder of each deadline; one whose deadline was moved meanwhile finds that out itself."""
    for step, deadline in (("first", row.first_deadline), ("province", row.province_deadline)):
        for days, on in reminder_days(deadline, day_of(at)):
            enqueue(
                name=REMIND,
                key=f"{REMIND}:{row.code}:{step}:{deadline.isoformat()}:{days}",
                at=at,
                due_at=max(at, midnight(on) + MORNING),
                payload={"round": row.code, "step": step, "deadline": deadline.isoformat(), "days": days},
            )


def _told(row: EvaluationRound) -> dict[str, str]:
    return {name: _day(getattr(row, name)) for name in ("opens_on", "first_deadline", "province_deadline")}


def _day(day: date) -> str:
    return day.isoformat()
