"""The programme's rule sets as officers read them: which applied when, and what each one says."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.registry.certification.classifications import classified_set
from marketplace.registry.certification.policies import SEE_REGISTER
from marketplace.registry.rulesets.queries import all_rulesets, ruleset, ruleset_on
from marketplace.registry.rulesets.rules import RuleSet

bp = Blueprint("office_rules", __name__, url_prefix="/office/rulesets")


@dataclass(frozen=True)
class Period:
    """A rule set on the line of days; `start` and `width` are shares in percent."""

    rules: RuleSet
    start: float
    width: float


def _periods(today: date) -> list[Period]:
    every = all_rulesets()
    first, last = every[0].valid_from, max(today, every[-1].valid_from)
    whole = max(1, (last - first).days)

    def share(day: date) -> float:
        return round((day - first).days * 100 / whole, 1)

    return [Period(r, share(r.valid_from), round(share(r.valid_until or last) - share(r.valid_from), 1)) for r in every]


@bp.get("")
@allow(SEE_REGISTER)
def everything() -> str:
    today = day_of(now())
    return render_template("office_desk/rulesets.html", periods=_periods(today), current=ruleset_on(today))


@bp.get("/<code>")
@allow(SEE_REGISTER)
def one(code: str) -> str:
    rules = ruleset(code)
    return render_template(
        "office_desk/ruleset.html",
        rules=rules,
        in_force=ruleset_on(day_of(now())) is rules,
        set_of=classified_set,
    )
