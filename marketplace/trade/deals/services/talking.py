"""Opening a deal, talking on it, giving files, ending it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, held, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, NotFound
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import Document
from marketplace.platform.media.models import KeptFile
from marketplace.platform.media.services import note_file
from marketplace.shop.catalog.queries import list_public
from marketplace.trade.deals.models import (
    Appointment,
    Deal,
    DealEvent,
    DealFile,
    EventKind,
    MeetingState,
    Origin,
    Side,
    Stage,
)
from marketplace.trade.deals.policies import BUY_WHOLESALE, OVERSEE_DEALS, SELL_WHOLESALE
from marketplace.trade.deals.queries import find_open, list_files, side_of
from marketplace.trade.deals.queries.signed import has_live_contract
from marketplace.trade.deals.services.steps import held_deal, read_words, step
from marketplace.trade.demands.models import Demand
from marketplace.trade.demands.queries import wanted
from marketplace.trade.distributors.models import Distributor

MOST_FILES = 30


class NotVerified(Conflict):
    """Only distributors whom the province has verified enquire and are answered."""

    code = "distributor_not_verified"
    message = N_("Tỉnh xác minh nơi bán trước, rồi mới hỏi mua sỉ được. Gửi hồ sơ ở bàn làm việc của bạn.")


class ContractRuns(Conflict):
    """A contract of the deal runs, or will: it is ended first, so that what it promised is free again."""

    code = "contract_runs"
    message = N_("Hợp đồng của thương vụ này còn hiệu lực. Kết thúc hợp đồng trước, rồi kết thúc thương vụ.")


class TooManyFiles(Conflict):
    """A deal keeps at most thirty files."""

    code = "too_many_deal_files"
    message = N_("Nhiều nhất 30 tệp cho một thương vụ. Hãy gộp các trang thành một tệp PDF.")


class FileGiven(Conflict):
    """The same file was given before."""

    code = "deal_file_given"
    message = N_("Tệp “%(name)s” đã có trong thương vụ này.")


def open_deal(
    *,
    distributor_id: int,
    producer_id: int,
    listing_id: int | None = None,
    demand_id: int | None = None,
    origin: Origin,
    by: Actor,
    at: datetime,
    words: str = "",
) -> Deal:
    """The open deal of this pair about this listing, or demand where no listing is named; begun now if there is none.

    `words` begin it, or are said in the one there is, unless they are the last that this side said (a form sent
    twice). The actor is the verified distributor, the producer, or the office. NotFound where producer, listing or
    demand is not there for the other to see today, NotVerified where the distributor is not.
    """
    said = read_words(words)
    distributor, producer = _parties(distributor_id, producer_id)
    side = _party(distributor, producer, by)
    if not distributor.verified:
        raise NotVerified
    key = f"{distributor_id}:{producer_id}:" + (f"l{listing_id}" if listing_id is not None else f"d{demand_id}")
    found = find_open(key)
    if found is not None:
        return _go_on(found, said, by=by, at=at)
    _check_about(producer_id, listing_id, distributor_id, demand_id, at)
    deal = Deal(
        code=random_code(8),
        distributor_id=distributor_id,
        producer_id=producer_id,
        listing_id=listing_id,
        demand_id=demand_id,
        origin=origin,
        stage=Stage.ENQUIRY,
        open_key=key,
        opened_at=at,
        moved_at=at,
    )
    deal.distributor, deal.producer = distributor, producer
    db.session.add(deal)
    db.session.flush()
    begun = find_open(key)
    assert begun is not None
    turn = side.other if side is not Side.OFFICE else Side.BUYER
    step(begun, EventKind.OPENED, side, by=by, at=at, words=said, turn=turn)
    return begun


def _go_on(found: Deal, said: str, *, by: Actor, at: datetime) -> Deal:
    """A deal that is open already, with the words said in it."""
    last = (DealEvent.deal_id == found.id) & (DealEvent.side == side_of(by)) & (DealEvent.words != "")
    if said and said != db.session.scalar(select(DealEvent.words).where(last).order_by(DealEvent.id.desc()).limit(1)):
        say(code=found.code, words=said, by=by, at=at)
    return found


def _parties(distributor_id: int, producer_id: int) -> tuple[Distributor, Producer]:
    """The two, or NotFound; the distributor is held, so that of two who open at once the second finds the first's."""
    query = select(Distributor).where(Distributor.id == distributor_id).options(joinedload(Distributor.organisation))
    distributor = db.session.scalar(held(query, Distributor))
    producer = db.session.get(Producer, producer_id)
    if distributor is None or producer is None or producer.verified_at is None:
        raise NotFound
    return distributor, producer


def _party(distributor: Distributor, producer: Producer, by: Actor) -> Side:
    if OVERSEE_DEALS.held_by(by):
        return Side.OFFICE
    if BUY_WHOLESALE.held_by(by) and by.organisation_id == distributor.organisation_id:
        return Side.BUYER
    if SELL_WHOLESALE.held_by(by) and by.organisation_id == producer.organisation_id:
        return Side.PRODUCER
    raise Forbidden


def _check_about(
    producer_id: int, listing_id: int | None, distributor_id: int, demand_id: int | None, at: datetime
) -> None:
    """The listing is the producer's and public, the demand the distributor's and seen; one of them there is."""
    on = day_of(at)
    if listing_id is not None:
        public = list_public([listing_id], on=on)
        if not public or public[0].product.producer_id != producer_id:
            raise NotFound
    if demand_id is not None:
        query = select(Demand.id).join(Demand.distributor)
        if not db.session.scalar(query.where(Demand.id == demand_id, Distributor.id == distributor_id, *wanted(on))):
            raise NotFound
    if listing_id is None and demand_id is None:
        raise NotFound


def say(*, code: str, words: str, by: Actor, at: datetime) -> None:
    """Write to the other side."""
    deal, side = held_deal(code, by=by)
    said = read_words(words, least=N_("Viết điều bạn muốn nói."))
    step(deal, EventKind.MESSAGE, side, by=by, at=at, words=said, turn=side.other)


def add_file(*, code: str, document: Document, title: str = "", by: Actor, at: datetime) -> KeptFile:
    """Give a file, which lies in the store already, to the other side."""
    deal, side = held_deal(code, by=by)
    given = list_files(deal, by=by)
    if any(each.file.digest == document.digest for each in given):
        raise FileGiven(name=document.file_name)
    if len(given) >= MOST_FILES:
        raise TooManyFiles
    file = note_file(document, by=by, at=at)
    name = read_words(title)[:200] or document.file_name[:200]
    db.session.add(DealFile(file_id=file.id, deal_id=deal.id, side=side, title=name, added_at=at))
    step(deal, EventKind.FILE, side, by=by, at=at, words=name, turn=side.other)
    return file


def end_deal(*, code: str, reason: str, by: Actor, at: datetime) -> None:
    """End the road for good, saying why; what was signed and delivered stays counted.

    Appointments that have not begun are called off. Raises ContractRuns while a contract does, or will.
    """
    deal, side = held_deal(code, by=by)
    words = read_words(reason, name="reason", least=N_("Ghi lý do; bên kia đọc được."))[:500]
    if has_live_contract(deal.id, on=day_of(at)):
        raise ContractRuns
    ahead = update(Appointment).where(
        Appointment.deal_id == deal.id,
        Appointment.state.in_((MeetingState.PROPOSED, MeetingState.ACCEPTED)),
        Appointment.starts_at.is_(None) | (Appointment.starts_at > at),
    )
    rows_changed(ahead.values(state=MeetingState.CANCELLED, reason=words, sequence=Appointment.sequence + 1))
    deal.stage, deal.open_key = Stage.ENDED, None
    deal.ended_by, deal.ended_reason = side, words
    step(deal, EventKind.ENDED, side, by=by, at=at, words=words)
