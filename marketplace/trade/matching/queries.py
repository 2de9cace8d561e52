"""Reading matches: nothing of them is stored, so that every list follows every change at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.shop.orders.models import OrderPart, PartState
from marketplace.trade.deals.queries import follow_through, last_met, supplying_pairs
from marketplace.trade.demands.models import Demand
from marketplace.trade.demands.queries import list_wanted
from marketplace.trade.distributors.models import Distributor
from marketplace.trade.matching.facts import Between, DemandFacts, demand_facts
from marketplace.trade.matching.gates import GateCode
from marketplace.trade.matching.models import SHOWN, MatchWeights, PartyWish
from marketplace.trade.matching.pairing import Match, Wish, in_turn, match, subject_of, unrefused
from marketplace.trade.matching.score import USUAL, Weights
from marketplace.trade.offers.facts import OfferFacts, facts_of_open, facts_of_producer
from marketplace.trade.offers.models import OfferState

A_LIST = 12  # so many are recommended
ALL = 100_000
SENT = frozenset({PartState.SHIPPED, PartState.DELIVERED, PartState.COMPLETED})
LEFT = frozenset({PartState.DECLINED, PartState.UNDELIVERED})
Pair = tuple[int, int]  # a distributor's row and a producer's


@dataclass(frozen=True)
class Standings:
    """How distributors and producers stand to each other: their wishes, and what they have done."""

    wishes: Mapping[tuple[int, int, bool], Wish] = field(default_factory=dict)
    kept: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # by producer: parts sent, of those settled
    supplies: Collection[Pair] = ()
    met: Mapping[Pair, date] = field(default_factory=dict)
    answered: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # by distributor: answered, of those quoted

    def between(self, pair: Pair) -> Between:
        """What gates and score read of a pair."""
        kept, asked = self.kept.get(pair[1], (0, 0))
        answered, approached = self.answered.get(pair[0], (0, 0))
        return Between(
            refused_by_buyer=self.wishes.get((*pair, True)) is Wish.NO,
            refused_by_producer=self.wishes.get((*pair, False)) is Wish.NO,
            supplies=pair in self.supplies,
            met_on=self.met.get(pair),
            kept=kept,
            asked=asked,
            answered=answered,
            approached=approached,
        )

    def wishes_of(self, pair: Pair) -> tuple[Wish | None, Wish | None]:
        """The buyer's wish of the producer, and the producer's of the buyer."""
        return self.wishes.get((*pair, True)), self.wishes.get((*pair, False))


def standings(
    producer_ids: Collection[int], distributor_ids: Collection[int], *, on: date, met: Mapping[Pair, date] | None = None
) -> Standings:
    """How these stand to each other: a fixed number of queries, however many there are.

    `met`: meetings held that deals do not know of (a campaign's), by pair.
    """
    wishes = select(PartyWish).where(
        PartyWish.producer_id.in_(list(producer_ids)), PartyWish.distributor_id.in_(list(distributor_ids))
    )
    said = {(row.distributor_id, row.producer_id, row.by_buyer): row.wish for row in db.session.scalars(wishes)}
    states = (
        select(OrderPart.producer_id, OrderPart.state, func.count())
        .where(OrderPart.producer_id.in_(list(producer_ids)), OrderPart.state.in_(SENT | LEFT))
        .group_by(OrderPart.producer_id, OrderPart.state)
    )
    kept: dict[int, tuple[int, int]] = {}
    for producer_id, state, count in db.session.execute(states):
        sent, settled = kept.get(producer_id, (0, 0))
        kept[producer_id] = (sent + (count if state in SENT else 0), settled + count)
    return Standings(
        said,
        kept,
        supplying_pairs(distributor_ids, producer_ids, on),
        _latest(last_met(distributor_ids, producer_ids), met or {}),
        follow_through(distributor_ids),
    )


def _latest(one: Mapping[Pair, date], other: Mapping[Pair, date]) -> dict[Pair, date]:
    return {pair: max(day for day in (one.get(pair), other.get(pair)) if day) for pair in one.keys() | other.keys()}


def current_weights() -> Weights:
    """The newest version of the weights, or the usual ones (number 0)."""
    newest = db.session.scalar(select(MatchWeights).order_by(MatchWeights.number.desc()).limit(1))
    return newest.weights if newest else USUAL


def weights_of(number: int) -> Weights:
    """The weights of a version, or NotFound."""
    if number == USUAL.number:
        return USUAL
    found = db.session.get(MatchWeights, number)
    if found is None:
        raise NotFound
    return found.weights


def list_weights() -> list[MatchWeights]:
    """Every version, newest first."""
    return list(db.session.scalars(select(MatchWeights).order_by(MatchWeights.number.desc())))


def pair_up(
    demands: Iterable[DemandFacts],
    offers: Sequence[OfferFacts],
    stand: Standings,
    *,
    on: date,
    weights: Weights,
) -> list[Match]:
    """Every demand beside every offer of a set that it wants, on a day."""
    by_set: dict[str, list[OfferFacts]] = {}
    for offer in offers:
        by_set.setdefault(offer.set_code, []).append(offer)
    found = []
    for demand in demands:
        for offer in (offer for code in dict.fromkeys(demand.sets) for offer in by_set.get(code, [])):
            pair = (demand.distributor_id, offer.producer_id)
            between, wishes = stand.between(pair), stand.wishes_of(pair)
            found.append(match(demand, offer, between, on=on, weights=weights, wishes=wishes))
    return found


def list_matches(
    *,
    on: date,
    demands: Sequence[Demand] | None = None,
    offers: Sequence[OfferFacts] | None = None,
    weights: Weights | None = None,
    day: date | None = None,
    met: Mapping[Pair, date] | None = None,
) -> list[Match]:
    """Every pair of these (or all open) demands and offers as they stand on `on`.

    `day`: the day that certificates and papers must reach, where that is later (a campaign's); `met`: as `standings`.
    """
    asked = list_wanted(on=on, per_page=ALL) if demands is None else demands
    there = facts_of_open(on=on) if offers is None else offers
    facts = [demand_facts(demand) for demand in asked]
    makers, buyers = {offer.producer_id for offer in there}, {each.distributor_id for each in facts}
    stand = standings(makers, buyers, on=on, met=met)
    return pair_up(facts, there, stand, on=day or on, weights=weights or current_weights())


def matches_of_demand(demand: Demand, *, on: date) -> list[Match]:
    """The open offers of what a demand wants, each with its gates and score, best value first: for the office."""
    return _by_value(list_matches(on=on, demands=[demand]))


def matches_for_buyer(demand: Demand, *, on: date) -> list[Match]:
    """What a demand's own distributor may know of them: none of a producer that refused it.

    Nothing before the province has verified it, for producers' terms are for verified distributors.
    """
    if not demand.distributor.verified:
        return []
    return unrefused(matches_of_demand(demand, on=on), GateCode.PRODUCER_REFUSES)


def matches_of_producer(producer_id: int, *, on: date) -> list[Match]:
    """The open demands for what a producer offers, each offer by itself, best value first.

    None of a distributor that refused it: the producer does not learn of it.
    """
    offers = [offer for offer in facts_of_producer(producer_id, on=on) if offer.state is OfferState.OPEN]
    return unrefused(_by_value(list_matches(on=on, offers=offers)), GateCode.BUYER_REFUSES) if offers else []


def match_of(matches: Iterable[Match], *, demand: str, offer: str) -> Match:
    """The one of these that has these two codes, or NotFound."""
    for each in matches:
        if (each.demand.code, each.offer.code) == (demand, offer):
            return each
    raise NotFound


def _by_value(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda each: (-each.value, each.offer.code, each.demand.code))


def recommended(matches: Iterable[Match], *, side: str, count: int = A_LIST) -> list[Match]:
    """Those to be shown of a list, by value and turn; one a pair of demand and offer, none that a gate excludes."""
    fit = [each for each in matches if each.eligible]
    return in_turn(fit, times_shown(side, [subject_of(each, side) for each in fit]), side=side, count=count)


def times_shown(side: str, ids: Collection[int]) -> dict[int, int]:
    """How often each of these was shown before; one never shown is not in the answer."""
    table = SHOWN[side]
    query = select(table.row_id, table.times).where(table.row_id.in_(list(ids)))
    return {row[0]: row[1] for row in db.session.execute(query)}


def find_wish(*, distributor_id: int, producer_id: int, by_buyer: bool) -> PartyWish | None:
    """What one of the two has said of the other."""
    return db.session.get(PartyWish, (distributor_id, producer_id, by_buyer))


def own_distributor_id(by: Actor) -> int:
    """The row of the acting distributor, or NotFound."""
    found = db.session.scalar(select(Distributor.id).where(Distributor.organisation_id == by.organisation_id))
    if found is None:
        raise NotFound
    return found


def own_producer_id(by: Actor) -> int:
    """The row of the acting producer, or NotFound."""
    found = db.session.scalar(select(Producer.id).where(Producer.organisation_id == by.organisation_id))
    if found is None:
        raise NotFound
    return found
