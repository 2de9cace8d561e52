"""Counting what came of matchmaking: deals by the year they were opened in, meetings by the year they were held in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money, total
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing
from marketplace.trade.campaigns.models import CampaignSlot, Meeting, MeetingState, Participant, Side
from marketplace.trade.campaigns.rules import gini
from marketplace.trade.deals.models import Appointment, Deal, DealEvent, Stage
from marketplace.trade.deals.models import MeetingState as AppointmentState
from marketplace.trade.deals.queries.signed import Values, values_of
from marketplace.trade.deals.rules import WAY
from marketplace.trade.distributors.models import Distributor
from marketplace.trade.outcomes.models import YearTarget


@dataclass(frozen=True)
class DealRow:
    """One deal as the report has it; `reached` is the farthest stage it came to, even where it has ended."""

    deal: Deal
    reached: Stage
    values: Values

    @property
    def set_code(self) -> str:
        """The product set it is about; empty where no product is named yet."""
        return self.deal.listing.product.set_code if self.deal.listing is not None else ""


@dataclass(frozen=True)
class MeetingCount:
    """What became of meetings, and how many each producer that was to meet anybody had."""

    held: int
    missed_by_producer: int
    missed_by_buyer: int
    per_producer: tuple[int, ...]

    @property
    def gini(self) -> Fraction:
        """How unevenly held meetings are shared: 0 all alike."""
        return gini(self.per_producer)

    @property
    def shares(self) -> list[tuple[int, int]]:
        """How many producers had how many meetings, fewest meetings first."""
        return sorted(Counter(self.per_producer).items())

    @property
    def producers(self) -> int:
        """How many producers met somebody."""
        return sum(count > 0 for count in self.per_producer)


@dataclass(frozen=True)
class YearOutcome:
    """A year of matchmaking. The values of memoranda, contracts and deliveries are three and never added up."""

    year: int
    meetings: MeetingCount
    rows: tuple[DealRow, ...]
    target: YearTarget | None

    def came_to(self, stage: Stage) -> int:
        """How many deals came to a stage, or farther."""
        place = WAY.index(stage)
        return sum(WAY.index(row.reached) >= place for row in self.rows)

    @property
    def memoranda(self) -> Money:
        return total(row.values.memoranda for row in self.rows)

    @property
    def contracts(self) -> Money:
        return total(row.values.contracts for row in self.rows)

    @property
    def delivered(self) -> Money:
        return total(row.values.delivered for row in self.rows)

    @property
    def contracted(self) -> tuple[DealRow, ...]:
        """The deals with a contract."""
        return tuple(row for row in self.rows if row.values.contracts)

    @property
    def places(self) -> int:
        """From how many communes goods are contracted or delivered."""
        return len({row.deal.producer.commune_id for row in self._served})

    @property
    def sets(self) -> int:
        """Of how many product sets."""
        return len({row.set_code for row in self._served if row.set_code})

    @property
    def _served(self) -> tuple[DealRow, ...]:
        return tuple(row for row in self.rows if row.values.contracts or row.values.delivered)


def outcome_of_year(year: int, *, on: date) -> YearOutcome:
    """What came of a year, as known on a day: a fixed number of queries."""
    start, end = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    return YearOutcome(year, _meetings(start, end), tuple(_rows(start, end, on)), db.session.get(YearTarget, year))


def list_years(*, on: date) -> list[int]:
    """The years there is something to tell of, newest first; this one always."""
    days = db.session.scalars(select(Deal.opened_at))
    slots = db.session.scalars(select(CampaignSlot.starts_at))
    return sorted({on.year, *(day_of(at).year for at in days), *(day_of(at).year for at in slots)}, reverse=True)


def _rows(start: datetime, end: datetime, on: date) -> list[DealRow]:
    deals = list(
        db.session.scalars(
            select(Deal)
            .where(Deal.opened_at >= start, Deal.opened_at < end)
            .options(
                joinedload(Deal.distributor).joinedload(Distributor.organisation),
                joinedload(Deal.producer).joinedload(Producer.commune).joinedload(AdministrativeUnit.former_district),
                joinedload(Deal.listing).joinedload(Listing.product).load_only(Product.set_code),
            )
            .order_by(Deal.id)
        )
    )
    values, reached = values_of(deals, on=on), _reached([deal.id for deal in deals])
    return [DealRow(deal, reached.get(deal.id, Stage.ENQUIRY), values[deal.id]) for deal in deals]


def _reached(ids: Sequence[int]) -> dict[int, Stage]:
    """The farthest stage that each deal's events tell of."""
    query = select(DealEvent.deal_id, DealEvent.stage).where(DealEvent.deal_id.in_(ids), DealEvent.stage != Stage.ENDED)
    found: dict[int, Stage] = {}
    for deal_id, stage in db.session.execute(query.distinct()):
        found[deal_id] = max(found.get(deal_id, Stage.ENQUIRY), stage, key=WAY.index)
    return found


def _meetings(start: datetime, end: datetime) -> MeetingCount:
    """Campaigns' meetings and appointments alike; whoever was to meet and did not counts with none."""
    in_campaigns = (
        select(Participant.producer_id, Meeting.state, Meeting.absent)
        .join(Participant, Participant.id == Meeting.producer_participant_id)
        .join(Meeting.slot)
        .where(CampaignSlot.starts_at >= start, CampaignSlot.starts_at < end, Meeting.state != MeetingState.CANCELLED)
    )
    appointed = select(Appointment.producer_id, Appointment.state).where(
        Appointment.starts_at >= start, Appointment.starts_at < end, Appointment.state.in_(OF_APPOINTMENTS)
    )
    rows = [(row[0] or 0, row[1].value, row[2].value if row[2] else "") for row in db.session.execute(in_campaigns)]
    rows += [(row[0], *OF_APPOINTMENTS[row[1]]) for row in db.session.execute(appointed)]
    held = Counter(producer for producer, state, _absent in rows if state == MeetingState.HELD)
    missed = Counter(absent for _producer, _state, absent in rows if absent)
    producers = {producer for producer, _state, _absent in rows}
    return MeetingCount(
        held=held.total(),
        missed_by_producer=missed[Side.PRODUCER.value],
        missed_by_buyer=missed[Side.BUYER.value],
        per_producer=tuple(sorted(held[producer] for producer in producers)),
    )


OF_APPOINTMENTS = {
    AppointmentState.HELD: (MeetingState.HELD.value, ""),
    AppointmentState.PRODUCER_ABSENT: (MeetingState.NO_SHOW.value, Side.PRODUCER.value),
    AppointmentState.BUYER_ABSENT: (MeetingState.NO_SHOW.value, Side.BUYER.value),
    AppointmentState.ACCEPTED: (MeetingState.CONFIRMED.value, ""),
}
