"""The verbs of an edition: planning, its steps, its programme."""

from marketplace.trade.fairs.services.planning import (
    EditionFacts,
    PlanFixed,
    ZoneInUse,
    change_edition,
    plan_edition,
    set_budget,
    set_quotas,
    set_zones,
)
from marketplace.trade.fairs.services.programme import (
    NothingChanged,
    SessionFacts,
    drop_item,
    put_item,
    release_programme,
)
from marketplace.trade.fairs.services.steps import NotThisStep, move, step_to

__all__ = [
    "EditionFacts",
    "NotThisStep",
    "NothingChanged",
    "PlanFixed",
    "SessionFacts",
    "ZoneInUse",
    "change_edition",
    "drop_item",
    "move",
    "plan_edition",
    "put_item",
    "release_programme",
    "set_budget",
    "set_quotas",
    "set_zones",
    "step_to",
]
