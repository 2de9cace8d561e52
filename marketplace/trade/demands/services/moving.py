"""A demand's way: opened, paused, opened again, closed."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.demands.models import TRANSITIONS, Demand, DemandState
from marketplace.trade.demands.policies import KEEP_OWN_DEMANDS, OVERSEE_DEMANDS
from marketplace.trade.demands.queries import get_any, get_own
from marketplace.trade.demands.services.checking import check_terms
from marketplace.trade.demands.services.writing import terms_of
from marketplace.trade.distributors import mails

LONGEST_REASON = 300


class NotNow(Conflict):
    """In the demand's state this cannot be done to it."""

    code = "demand_state"
    message = N_("Nhu cầu này đang ở trạng thái khác nên chưa làm được việc này.")


def open_demand(*, code: str, by: Actor, at: datetime) -> Demand:
    """Let producers see an own demand, if what it says may still be asked today; raises Invalid where not."""
    demand = _own(code, by)
    check_terms(terms_of(demand), today=day_of(at))
    verb = "resumed" if demand.state is DemandState.PAUSED else "opened"
    _move(demand, DemandState.OPEN, verb, by=by, at=at)
    demand.opened_at = at
    return demand


def pause_demand(*, code: str, by: Actor, at: datetime) -> Demand:
    """Hide an own demand from producers for a while."""
    demand = _own(code, by)
    _move(demand, DemandState.PAUSED, "paused", by=by, at=at)
    return demand


def close_demand(*, code: str, reason: str, by: Actor, at: datetime) -> Demand:
    """End an own demand for good, saying why: found, not needed any more."""
    demand = _own(code, by)
    _close(demand, reason, by=by, at=at)
    return demand


def close_for_office(*, code: str, reason: str, by: Actor, at: datetime) -> Demand:
    """The office ends a demand, saying why; its distributor reads that in a letter."""
    if not OVERSEE_DEMANDS.held_by(by):
        raise Forbidden
    demand = get_any(code, by=by, hold=True)
    _close(demand, reason, by=by, at=at)
    mails.demand_closed(demand.distributor, title=demand.title, code=demand.code, reason=demand.closed_reason, at=at)
    return demand


def _own(code: str, by: Actor) -> Demand:
    if not KEEP_OWN_DEMANDS.held_by(by):
        raise Forbidden
    return get_own(code, by=by, hold=True)


def _close(demand: Demand, reason: str, *, by: Actor, at: datetime) -> None:
    words = nfc(reason)[:LONGEST_REASON]
    if not words:
        raise Invalid({"reason": N_("Ghi lý do đóng.")})
    demand.closed_reason = words
    _move(demand, DemandState.CLOSED, "closed", by=by, at=at, reason=words)


def _move(demand: Demand, to: DemandState, verb: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    if to not in TRANSITIONS[demand.state]:
        raise NotNow
    demand.state, demand.changed_at = to, at
    detail = {"reason": reason} if reason else {}
    record(by=by, action=f"demand.{verb}", subject_type="demand", subject=demand.code, at=at, detail=detail)
    db.session.flush()
