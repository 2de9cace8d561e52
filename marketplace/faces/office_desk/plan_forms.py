"""What an officer types about a plan: the decision, and a row for each indicator of a unit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marketplace.office.programme.models import Indicator, PlanYear
from marketplace.office.programme.services import Aim
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.money import ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import day_in

NO_NUMBER = N_("Nhập bằng chữ số.")
STAND_IN = date(2018, 5, 7)
LONGEST = 9


def aims_in(form: Mapping[str, str]) -> tuple[dict[Indicator, Aim], date, dict[str, str]]:
    """The aims typed, the day of the decision, and what could not be read by field. An empty row sets no target."""
    aims: dict[Indicator, Aim] = {}
    unread: dict[str, str] = {}
    for indicator in Indicator:
        typed = {part: form.get(f"{indicator}-{part}", "").strip() for part in ("least", "most", "weight")}
        if not typed["least"] and not typed["most"]:
            continue
        numbers = {part: _number(words) for part, words in typed.items() if words}
        unread |= {f"{indicator}-{part}": NO_NUMBER for part, value in numbers.items() if value is None}
        if not typed["least"]:
            unread[f"{indicator}-least"] = NO_NUMBER
        aims[indicator] = Aim(numbers.get("least") or 0, numbers.get("most"), numbers.get("weight", 1) or 0)
    decided_on = day_in(form.get("decided_on", ""))
    if decided_on is None:
        unread["decided_on"] = N_("Nhập ngày như 31/12/2026.")
    return aims, decided_on or STAND_IN, unread


def _number(typed: str) -> int | None:
    digits = ungroup(typed)
    return int(digits) if digits is not None and len(digits) <= LONGEST else None


def aims_said(plan: PlanYear | None, unit: AdministrativeUnit, form: Mapping[str, str]) -> dict[str, str]:
    """What stands in each field of the form: what was typed, else what the plan says."""
    said: dict[str, str] = {}
    for row in plan.targets if plan else ():
        if row.unit_id == unit.id:
            most = "" if row.most is None else str(row.most)
            kept = {"least": str(row.least), "most": most, "weight": str(row.weight)}
            said |= {f"{row.indicator}-{part}": value for part, value in kept.items()}
    return said if not form else {name: value for name, value in form.items() if "-" in name}


def heads_in(plan: PlanYear | None, form: Any) -> dict[str, Any]:
    """The decision and the preferred sets: what was typed, else what the plan says."""
    if form:
        return {
            "decision_number": form.get("decision_number", ""),
            "decided_on": form.get("decided_on", ""),
            "priority_sets": form.getlist("priority_sets"),
            "seen": form.get("seen", ""),
        }
    if plan is None:
        return {"decision_number": "", "decided_on": "", "priority_sets": [], "seen": "0"}
    return {
        "decision_number": plan.decision_number,
        "decided_on": plan.decided_on.isoformat(),
        "priority_sets": plan.priority_sets,
        "seen": str(plan.version),
    }


def differing(plan: PlanYear | None, unit: AdministrativeUnit, form: Any) -> dict[str, Any]:
    """What the plan says now in each field where something else was typed; a number is one however it is grouped."""
    if plan is None:
        return {}
    typed, kept = aims_said(plan, unit, form), aims_said(plan, unit, {})
    found: dict[str, Any] = {
        name: kept.get(name, "") for name in typed.keys() | kept.keys() if _meant(name, typed) != _meant(name, kept)
    }
    said, now = heads_in(plan, form), heads_in(plan, {})
    if said["decision_number"] != now["decision_number"]:
        found["decision_number"] = now["decision_number"]
    if day_in(said["decided_on"]) != plan.decided_on:
        found["decided_on"] = plan.decided_on
    if form.get("with_sets") and set(said["priority_sets"]) != set(now["priority_sets"]):
        found["priority_sets"] = now["priority_sets"]
    return found


def _meant(name: str, said: Mapping[str, str]) -> int | None:
    """The number that a field says; a weight that is left empty is 1."""
    return _number(said.get(name) or ("1" if name.endswith("-weight") else ""))
