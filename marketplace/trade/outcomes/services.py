"""Setting a year's targets."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.trade.outcomes.models import YearTarget
from marketplace.trade.outcomes.policies import SEE_OUTCOMES

MOST = 100_000
MOST_VALUE = Money(1_000_000_000_000)


def set_target(
    *, year: int, meetings: int, producers: int, contracts: int, contract_value: Money, by: Actor, at: datetime
) -> YearTarget:
    """Say what a year is to reach; said again, the last word counts. Raises Invalid by field."""
    if not SEE_OUTCOMES.held_by(by):
        raise Forbidden
    counts = {"meetings": meetings, "producers": producers, "contracts": contracts}
    wrong = {name: N_("Từ 0 đến 100.000.") for name, count in counts.items() if not 0 <= count <= MOST}
    if not 2019 <= year <= 2100:
        wrong["year"] = N_("Năm bằng bốn chữ số, từ 2019.")
    if not Money(0) <= contract_value <= MOST_VALUE:
        wrong["contract_value"] = N_("Giá trị từ 0 đến một nghìn tỷ đồng.")
    if wrong:
        raise Invalid(wrong)
    row = db.session.get(YearTarget, year, with_for_update=True) or YearTarget(year=year)
    row.meetings, row.producers, row.contracts = meetings, producers, contracts
    row.contract_value, row.set_by, row.set_at = contract_value, by.name, at
    db.session.add(row)
    db.session.flush()
    record(by=by, action="matchmaking.target_set", subject_type="year", subject=str(year), at=at)
    return row
