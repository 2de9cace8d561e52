"""Recording support."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.office.outreach.services import FIRST_DAY
from marketplace.office.support.models import Support, SupportKind
from marketplace.office.support.policies import KEEP_SUPPORT
from marketplace.office.support.queries import get_support
from marketplace.people.producers.queries import get_within
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_

MOST = Money(10**12)


class Withdrawn(Conflict):
    """What was withdrawn stays as it is."""

    code = "support_withdrawn"
    message = N_("Khoản hỗ trợ này đã rút, không sửa được nữa.")


@dataclass(frozen=True)
class SupportFacts:
    """What an officer says of an act of support; `producer` by its slug."""

    producer: str
    kind: SupportKind
    programme: str
    what: str
    amount: Money
    given_on: date
    decision_number: str = ""
    result: str = ""


def record_support(*, facts: SupportFacts, by: Actor, at: datetime) -> Support:
    """Enter what a producer of the officer's was given."""
    row = Support(code=f"HT{random_code(8)}", entered_at=at, entered_by=by.name or "system")
    return _keep(row, facts, "support.recorded", by, at)


def change_support(*, code: str, facts: SupportFacts, by: Actor, at: datetime) -> Support:
    """Mend what was entered, or add what came of it."""
    return _keep(_standing(code, by), facts, "support.changed", by, at)


def withdraw_support(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Take back what was entered by mistake: it counts nowhere any more."""
    row = _standing(code, by)
    why = nfc(why)[:300]
    if not why:
        raise Invalid({"why": N_("Ghi lý do.")})
    row.withdrawn_at, row.withdrawn_why = at, why
    record(by=by, action="support.withdrawn", subject_type="support", subject=code, at=at, detail={"why": why})
    db.session.flush()


def _standing(code: str, by: Actor) -> Support:
    if not KEEP_SUPPORT.held_by(by):
        raise Forbidden
    row = get_support(code, by=by, hold=True)
    if row.withdrawn_at is not None:
        raise Withdrawn
    return row


def _keep(row: Support, facts: SupportFacts, action: str, by: Actor, at: datetime) -> Support:
    if not KEEP_SUPPORT.held_by(by):
        raise Forbidden
    wrong = _wrong(facts, day_of(at))
    try:
        producer = get_within(facts.producer, by=by)
    except NotFound as unknown:
        raise Invalid({**wrong, "producer": N_("Chọn nơi làm.")}) from unknown
    if wrong:
        raise Invalid(wrong)
    row.producer_id, row.kind, row.amount, row.given_on = producer.id, facts.kind, facts.amount, facts.given_on
    row.programme, row.what = nfc(facts.programme)[:200], nfc(facts.what)[:300]
    row.decision_number, row.result = nfc(facts.decision_number)[:64], facts.result
    db.session.add(row)
    said = {"producer": facts.producer, "kind": facts.kind.value, "amount": facts.amount.amount}
    record(by=by, action=action, subject_type="support", subject=row.code, at=at, detail=said)
    db.session.flush()
    return row


def _wrong(facts: SupportFacts, today: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not nfc(facts.programme):
        wrong["programme"] = N_("Ghi chương trình hoặc nguồn hỗ trợ.")
    if not nfc(facts.what):
        wrong["what"] = N_("Ghi đã hỗ trợ gì.")
    if facts.given_on > today:
        wrong["given_on"] = N_("Chưa diễn ra thì chưa ghi được.")
    elif facts.given_on < FIRST_DAY:
        wrong["given_on"] = N_("Chương trình bắt đầu từ tháng 5/2018.")
    if not Money(0) <= facts.amount <= MOST:
        wrong["amount"] = N_("Số tiền từ 0 đến 1.000 tỷ đồng.")
    return wrong
