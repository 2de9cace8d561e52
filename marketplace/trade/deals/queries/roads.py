"""Reading deals, scoped: a party its own, the office all; what stands inside only whom `reads_within` lets."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.accounts.models import Organisation
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.media.models import KeptFile
from marketplace.trade.deals.models import Deal, DealEvent, DealFile, EventKind, Side, Stage
from marketplace.trade.deals.policies import BUY_WHOLESALE, OVERSEE_DEALS, SELL_WHOLESALE, reads_within
from marketplace.trade.deals.rules import STUCK_AFTER
from marketplace.trade.distributors.models import Distributor

OFFICE_ONLY = frozenset({EventKind.NOTE})


def side_of(by: Actor) -> Side:
    """On which side of the table the actor sits."""
    if by.role in BUY_WHOLESALE.roles:
        return Side.BUYER
    return Side.PRODUCER if by.role in SELL_WHOLESALE.roles else Side.OFFICE


def get_deal(code: str, *, by: Actor, hold: bool = False) -> Deal:
    """A deal that the actor is a party to, or oversees; else NotFound. `hold` keeps it until the block ends."""
    query = _loaded().where(Deal.code == code, _seen_by(by))
    found: Deal | None = db.session.scalar(held(query, Deal) if hold else query)
    if found is None:
        raise NotFound
    return found


def get_within(code: str, *, by: Actor, hold: bool = False) -> Deal:
    """The same, for whom messages, quotations and files are open; else NotFound."""
    deal = get_deal(code, by=by, hold=hold)
    if not reads_within(by, deal):
        raise NotFound
    return deal


def list_deals(
    *, by: Actor, stage: Stage | None = None, open_only: bool = False, page: int = 1, per_page: int = 30
) -> list[Deal]:
    """A page of the actor's deals, where something happened last first."""
    query = _in_stage(_loaded().where(_seen_by(by)), stage, open_only)
    query = query.order_by(Deal.moved_at.desc(), Deal.id.desc()).limit(per_page).offset((page - 1) * per_page)
    return list(db.session.scalars(query))


def count_deals(*, by: Actor, stage: Stage | None = None, open_only: bool = False) -> int:
    """How many `list_deals` has in all."""
    query = select(func.count(Deal.id)).join(Deal.distributor).join(Deal.producer)
    return db.session.scalar(_in_stage(query.where(_seen_by(by)), stage, open_only)) or 0


def count_by_stage(*, by: Actor) -> dict[Stage, int]:
    """How many deals stand at each stage, in the order of the road; none is not in the answer."""
    query = select(Deal.stage, func.count()).join(Deal.distributor).join(Deal.producer).where(_seen_by(by))
    found = {row[0]: row[1] for row in db.session.execute(query.group_by(Deal.stage))}
    return {stage: found[stage] for stage in Stage if stage in found}


def list_stuck(*, by: Actor, at: datetime) -> list[Deal]:
    """Open deals on which nothing has happened for fourteen days, longest first."""
    query = _loaded().where(_seen_by(by), Deal.stage != Stage.ENDED, Deal.moved_at <= at - STUCK_AFTER)
    return list(db.session.scalars(query.order_by(Deal.moved_at, Deal.id)))


def count_waiting(*, by: Actor) -> int:
    """How many open deals wait for the actor's side."""
    query = select(func.count(Deal.id)).join(Deal.distributor).join(Deal.producer)
    return db.session.scalar(query.where(_seen_by(by), Deal.stage != Stage.ENDED, Deal.turn == side_of(by))) or 0


def find_open(open_key: str) -> Deal | None:
    """The open deal of a pair about a thing, if there is one."""
    return db.session.scalar(_loaded().where(Deal.open_key == open_key))


def list_events(deal: Deal, *, by: Actor) -> list[DealEvent]:
    """What happened on a deal, newest first; nothing to whom it is not open, and the office's notes to the office."""
    if not reads_within(by, deal):
        return []
    query = select(DealEvent).where(DealEvent.deal_id == deal.id)
    if not OVERSEE_DEALS.held_by(by):
        query = query.where(DealEvent.kind.not_in(OFFICE_ONLY))
    return list(db.session.scalars(query.order_by(DealEvent.id.desc())))


def list_files(deal: Deal, *, by: Actor) -> list[DealFile]:
    """A deal's files in the order they came; none to whom they are not open."""
    if not reads_within(by, deal):
        return []
    query = select(DealFile).where(DealFile.deal_id == deal.id).options(joinedload(DealFile.file))
    return list(db.session.scalars(query.order_by(DealFile.added_at, DealFile.file_id)))


def get_file(code: str, file_code: str, *, by: Actor) -> DealFile:
    """One of a deal's files, or NotFound: also where the deal, but not its files, may be seen."""
    deal = get_within(code, by=by)
    query = select(DealFile).join(DealFile.file).options(contains_eager(DealFile.file))
    found = db.session.scalar(query.where(DealFile.deal_id == deal.id, KeptFile.code == file_code))
    if found is None:
        raise NotFound
    return found


def _loaded() -> Select[Deal]:
    return (
        select(Deal)
        .join(Deal.distributor)
        .join(Deal.producer)
        .join(Distributor.organisation)
        .options(
            contains_eager(Deal.distributor).contains_eager(Distributor.organisation),
            contains_eager(Deal.producer),
            joinedload(Deal.listing),
            joinedload(Deal.demand),
            joinedload(Deal.officer),
        )
    )


def _seen_by(by: Actor) -> ColumnElement[bool]:
    if OVERSEE_DEALS.held_by(by):
        return true()
    if by.organisation_id is None or side_of(by) is Side.OFFICE:
        return false()
    return or_(
        Distributor.organisation_id == by.organisation_id,
        Producer.organisation_id == by.organisation_id,
    )


def _in_stage(query: Select[Any], stage: Stage | None, open_only: bool) -> Select[Any]:
    if stage is not None:
        query = query.where(Deal.stage == stage)
    return query.where(Deal.stage != Stage.ENDED) if open_only else query


def name_of(deal: Deal, side: Side) -> str:
    """What a party is called."""
    organisation: Organisation = deal.distributor.organisation
    return organisation.name if side is Side.BUYER else deal.producer.name
