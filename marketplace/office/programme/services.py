"""Writing the year's plan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.office.programme.models import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_COUNTED,
    Indicator,
    PlanTarget,
    PlanYear,
)
from marketplace.office.programme.policies import KEEP_PLAN
from marketplace.office.programme.queries import find_plan, home_of
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import all_sets


class PlanChanged(Conflict):
    """Somebody else wrote the plan after this form was opened."""

    code = "plan_changed"
    message = N_("Kế hoạch vừa được người khác sửa; chưa ghi gì. Xem chỗ khác nhau, sửa nếu cần, rồi lưu lại.")


@dataclass(frozen=True)
class Aim:
    """What an indicator is to come to: at least, at most (None: no limit), and how much it matters, 1 to 5."""

    least: int
    most: int | None = None
    weight: int = 1


@dataclass(frozen=True)
class PlanFacts:
    """A unit's targets by the decision that says so; `priority_sets` belong to the whole plan."""

    decision_number: str
    decided_on: date
    unit_code: str
    aims: Mapping[Indicator, Aim]
    priority_sets: Collection[str] | None = None


def write_plan(*, year: int, facts: PlanFacts, seen: int, province_code: str, by: Actor, at: datetime) -> PlanYear:
    """Enter or change the targets of the province or one of its former districts; `seen` is the version written from.

    An indicator without an aim has no target there. Only what the decision sets is kept, the rest stays as it was.
    """
    if not KEEP_PLAN.held_by(by):
        raise Forbidden
    home = home_of(by, province_code=province_code)
    unit = next((each for each in (home.province, *home.districts) if each.code == facts.unit_code), None)
    wrong = _wrong(year, facts, day_of(at)) | ({} if unit else {"unit": N_("Chọn tỉnh hoặc huyện cũ.")})
    if unit is None or wrong:
        raise Invalid(wrong)
    plan = find_plan(year, province_id=home.province.id, hold=True)
    if (plan.version if plan else 0) != seen:
        raise PlanChanged
    if plan is None:
        plan = PlanYear(province_id=home.province.id, year=year, version=0, priority_sets=[], targets=[])
        db.session.add(plan)
    plan.version += 1
    plan.decision_number, plan.decided_on = nfc(facts.decision_number)[:64], facts.decided_on
    plan.updated_at, plan.updated_by = at, by.name or "system"
    if facts.priority_sets is not None:
        plan.priority_sets = sorted(set(facts.priority_sets))
    _aim(plan, unit.id, facts.aims)
    said = {"unit": unit.code, "decision": plan.decision_number, "decided_on": plan.decided_on.isoformat()}
    if facts.priority_sets is not None:
        said["sets"] = ", ".join(plan.priority_sets)
    detail = {**said, **_said(facts)}
    record(by=by, action="programme.planned", subject_type="plan", subject=str(year), at=at, detail=detail)
    db.session.flush()
    return plan


def _aim(plan: PlanYear, unit_id: int, aims: Mapping[Indicator, Aim]) -> None:
    there = {row.indicator: row for row in plan.targets if row.unit_id == unit_id}
    for indicator, row in there.items():
        if indicator not in aims:
            plan.targets.remove(row)
    for indicator, aim in aims.items():
        row = there.get(indicator) or PlanTarget(indicator=indicator, unit_id=unit_id)
        row.least, row.most, row.weight = aim.least, aim.most, aim.weight
        if indicator not in there:
            plan.targets.append(row)


def _said(facts: PlanFacts) -> dict[str, object]:
    return {each.value: [aim.least, aim.most, aim.weight] for each, aim in facts.aims.items()}


def _wrong(year: int, facts: PlanFacts, today: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not FIRST_YEAR <= year <= LAST_YEAR:
        wrong["year"] = N_("Năm này không có kế hoạch.")
    if not nfc(facts.decision_number):
        wrong["decision_number"] = N_("Ghi số quyết định hoặc kế hoạch.")
    if facts.decided_on > today:
        wrong["decided_on"] = N_("Ngày ký không thể sau hôm nay.")
    for indicator, aim in facts.aims.items():
        if not 0 <= aim.least <= MOST_COUNTED:
            wrong[f"{indicator}-least"] = N_("Từ 0 đến 10 triệu.")
        if aim.most is not None and not aim.least <= aim.most <= MOST_COUNTED:
            wrong[f"{indicator}-most"] = N_("Không nhỏ hơn mức ít nhất.")
        if not 1 <= aim.weight <= 5:
            wrong[f"{indicator}-weight"] = N_("Từ 1 đến 5.")
    if not {each.code for each in all_sets()}.issuperset(facts.priority_sets or ()):
        wrong["priority_sets"] = N_("Chọn các mục trong danh sách.")
    return wrong
