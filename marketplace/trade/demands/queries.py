"""Reading demands: one's own, those that producers see, and all of them for the office."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.accounts.models import Organisation
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.folding import fold
from marketplace.trade.demands.models import Demand, DemandState
from marketplace.trade.demands.policies import KEEP_OWN_DEMANDS, OVERSEE_DEMANDS
from marketplace.trade.distributors.models import Distributor, Standing

ORDER = (
    case({state: n for n, state in enumerate(DemandState)}, value=Demand.state),  # drafts, open, paused, closed
    Demand.changed_at.desc(),
    Demand.id.desc(),
)


def wanted(on: date) -> tuple[ColumnElement[bool], ...]:
    """What makes a demand one that producers see on a day: open, not over, of a verified distributor."""
    lasts = or_(Demand.wanted_until.is_(None), Demand.wanted_until >= on)
    return Demand.state == DemandState.OPEN, lasts, Distributor.standing == Standing.VERIFIED


def of_sets(codes: Collection[str]) -> ColumnElement[bool]:
    """Demands for any of these product sets; of none, none."""
    told = cast(Demand.sets, String)
    return or_(false(), *(told.like(f'%"{code}"%') for code in sorted(codes)))


def get_own(code: str, *, by: Actor, hold: bool = False) -> Demand:
    """A demand of the acting distributor, or NotFound. `hold` keeps it from others until the block ends."""
    return _one(_loaded().where(Demand.code == code, _own(by)), hold)


def list_own(*, by: Actor, state: DemandState | None = None, page: int = 1, per_page: int = 40) -> list[Demand]:
    """A page of the acting distributor's demands: drafts and open ones first, then the newest change."""
    query = _loaded().where(_own(by), _in_state(state)).order_by(*ORDER)
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_own(*, by: Actor, state: DemandState | None = None) -> int:
    """How many `list_own` has in all."""
    query = select(func.count(Demand.id)).join(Demand.distributor)
    return db.session.scalar(query.where(_own(by), _in_state(state))) or 0


def count_own_by_state(*, by: Actor) -> dict[str, int]:
    """How many demands the acting distributor has in each state, by the state's code."""
    query = select(Demand.state, func.count()).join(Demand.distributor).where(_own(by)).group_by(Demand.state)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {state.value: found.get(state, 0) for state in DemandState}


def list_of_distributor(distributor_id: int) -> list[Demand]:
    """Every demand of a distributor, for who oversees them (ask the policy)."""
    query = select(Demand).where(Demand.distributor_id == distributor_id).order_by(*ORDER)
    return list(db.session.scalars(query))


def get_wanted(code: str, *, on: date) -> Demand:
    """A demand that producers see on the day, or NotFound."""
    return _one(_loaded().where(Demand.code == code, *wanted(on)))


def list_wanted(
    *, on: date, sets: Collection[str] | None = None, words: str = "", page: int = 1, per_page: int = 20
) -> list[Demand]:
    """A page of the demands that producers see on the day, newest first. `sets` None: for anything."""
    query = _searched(_loaded(), on, sets, words).order_by(Demand.opened_at.desc(), Demand.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_wanted(*, on: date, sets: Collection[str] | None = None, words: str = "") -> int:
    """How many `list_wanted` has in all."""
    query = select(func.count(Demand.id)).join(Demand.distributor)
    return db.session.scalar(_searched(query, on, sets, words)) or 0


def get_any(code: str, *, by: Actor, hold: bool = False) -> Demand:
    """A demand whatever its state, for who oversees, or NotFound."""
    return _one(_loaded().where(Demand.code == code, _overseen(by)), hold)


def list_all(
    *,
    by: Actor,
    state: DemandState | None = None,
    set_code: str = "",
    distributor: str = "",
    page: int = 1,
    per_page: int = 40,
) -> list[Demand]:
    """A page of all demands for who oversees them; `distributor` is a slug."""
    query = _filtered(_loaded(), by, state, set_code, distributor).order_by(*ORDER)
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_all(*, by: Actor, state: DemandState | None = None, set_code: str = "", distributor: str = "") -> int:
    """How many `list_all` has in all."""
    query = select(func.count(Demand.id)).join(Demand.distributor).join(Distributor.organisation)
    return db.session.scalar(_filtered(query, by, state, set_code, distributor)) or 0


def _loaded() -> Select[Demand]:
    return (
        select(Demand)
        .join(Demand.distributor)
        .join(Distributor.organisation)
        .options(
            contains_eager(Demand.distributor).options(
                contains_eager(Distributor.organisation), joinedload(Distributor.province)
            ),
            joinedload(Demand.delivery_province),
        )
    )


def _one(query: Select[Demand], hold: bool = False) -> Demand:
    found = db.session.scalar(held(query, Demand) if hold else query)
    if found is None:
        raise NotFound
    return found


def _own(by: Actor) -> ColumnElement[bool]:
    if by.organisation_id is None or not KEEP_OWN_DEMANDS.held_by(by):
        return false()
    return Distributor.organisation_id == by.organisation_id


def _overseen(by: Actor) -> ColumnElement[bool]:
    return true() if OVERSEE_DEMANDS.held_by(by) else false()


def _in_state(state: DemandState | None) -> ColumnElement[bool]:
    return true() if state is None else Demand.state == state


def _searched(query: Select[Any], on: date, sets: Collection[str] | None, words: str) -> Select[Any]:
    query = query.where(*wanted(on))
    if sets is not None:
        query = query.where(of_sets(sets))
    for word in fold(words).replace("%", " ").replace("_", " ").split():
        query = query.where(Demand.folded.like(f"% {word}%"))
    return query


def _filtered(query: Select[Any], by: Actor, state: DemandState | None, set_code: str, distributor: str) -> Select[Any]:
    query = query.where(and_(_overseen(by), _in_state(state)))
    if set_code:
        query = query.where(of_sets([set_code]))
    return query.where(Organisation.slug == distributor) if distributor else query
