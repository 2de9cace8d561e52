"""A campaign as a problem for the engine: who comes when, which pairs may meet and what that is worth, what stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from marketplace.people.producers.models import ProducerKind
from marketplace.platform.core.clock import day_of
from marketplace.trade.campaigns.models import Answer, Campaign, Meeting, MeetingState, Participant, Ruling, Side
from marketplace.trade.campaigns.queries import (
    busy_slots,
    list_meetings,
    list_participants,
    list_rulings,
    met_elsewhere,
    released_pairs,
)
from marketplace.trade.matching.pairing import Match
from marketplace.trade.matching.queries import list_matches, weights_of
from marketplace.trade.timetables import problem as timetable
from marketplace.trade.timetables.timetable import Seat

SMALL = frozenset({ProducerKind.HOUSEHOLD, ProducerKind.GROUP, ProducerKind.FARM})
LOCKED = 200_000  # what a pair that must meet is worth besides: more than all that it can displace
STAY = 3000  # hundredths of a point that meeting again is worth: tentative meetings rarely fall away


@dataclass(frozen=True)
class Snapshot:
    """What a run works on. `producers` and `buyers`: participants by row, in the problem's order.

    `pairs` tells, for each pair that may meet, the match that speaks for it best: codes of demand and offer, points.
    """

    problem: timetable.Problem
    producers: tuple[int, ...]
    buyers: tuple[int, ...]
    pairs: Mapping[tuple[int, int], Mapping[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts."""
        return {
            "problem": self.problem.to_json(),
            "producers": list(self.producers),
            "buyers": list(self.buyers),
            "pairs": [[p, b, dict(told)] for (p, b), told in self.pairs.items()],
        }

    def pairs_of(self, meetings: Iterable[Seat]) -> frozenset[tuple[int, int]]:
        """Who meets in these, as participants by row, producer first."""
        return frozenset((self.producers[each.producer], self.buyers[each.buyer]) for each in meetings)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Snapshot":
        """The snapshot that `to_json` wrote."""
        return cls(
            timetable.Problem.from_json(plain["problem"]),
            tuple(plain["producers"]),
            tuple(plain["buyers"]),
            {(p, b): told for p, b, told in plain["pairs"]},
        )


def shape(problem: timetable.Problem) -> str:
    """A fingerprint of who may or must meet whom and when, not of its worth: points move with every order sent."""
    return replace(problem, pairs=tuple(replace(each, value=1 + each.value // LOCKED) for each in problem.pairs)).digest


def take_snapshot(campaign: Campaign, *, on: date) -> Snapshot:
    """The campaign as it stands on a day; certificates and papers must reach its last day. Raises `Impossible`.

    Confirmed meetings are fixed in their slot and at their table; published ones that are not confirmed are wanted
    where they are.
    """
    coming = list_participants(campaign.id, answer=Answer.COMING)
    producers = [each for each in coming if each.side is Side.PRODUCER]
    buyers = [each for each in coming if each.side is Side.BUYER]
    place = {each.id: n for side in (producers, buyers) for n, each in enumerate(side)}
    best = best_matches(campaign, producers, buyers, on=on)
    must = {pair for pair, ruling in rulings_of(campaign.id).items() if ruling is Ruling.MUST}
    meetings = [m for m in list_meetings(campaign.id) if m.producer.answer is m.buyer.answer is Answer.COMING]
    fixed = [m for m in meetings if m.state is not MeetingState.TENTATIVE]
    former = [m for m in meetings if m.state is MeetingState.TENTATIVE]
    return Snapshot(
        timetable.Problem(
            producers=tuple(_parties(producers, campaign, fixed)),
            buyers=tuple(_parties(buyers, campaign, fixed)),
            pairs=tuple(
                timetable.Pair(p, b, match.value + (LOCKED if (producers[p].id, buyers[b].id) in must else 0))
                for (p, b), match in best.items()
            ),
            tables=(campaign.tables,) * len(campaign.slots),
            fixed=tuple(_meetings(fixed, place)),
            former=tuple(_meetings(former, place)),
            stay=STAY,
        ),
        tuple(each.id for each in producers),
        tuple(each.id for each in buyers),
        {pair: tell(match) for pair, match in best.items()},
    )


def best_matches(
    campaign: Campaign, producers: Sequence[Participant], buyers: Sequence[Participant], *, on: date
) -> dict[tuple[int, int], Match]:
    """For each producer and buyer (by place in these lists) that may meet: the demand and offer of the most value.

    Those of whom the office says so do not meet in this campaign, nor, unless it says that they must, those whose
    meeting was not confirmed in time.
    """
    producer_place = {each.producer_id: n for n, each in enumerate(producers)}
    buyer_place = {each.distributor_id: n for n, each in enumerate(buyers)}
    day = max(on, day_of(campaign.slots[-1].starts_at))
    ruled = rulings_of(campaign.id)
    never = {pair for pair, ruling in ruled.items() if ruling is Ruling.NEVER}
    apart = never | {pair for pair in released_pairs(campaign.id) if pair not in ruled}
    found: dict[tuple[int, int], Match] = {}
    weights, met = weights_of(campaign.weights_number), met_elsewhere(campaign.id)
    for match in list_matches(on=on, day=day, weights=weights, met=met):
        p, b = producer_place.get(match.offer.producer_id), buyer_place.get(match.demand.distributor_id)
        if p is None or b is None or (producers[p].id, buyers[b].id) in apart or not match.eligible:
            continue
        if (p, b) not in found or match.value > found[p, b].value:
            found[p, b] = match
    return dict(sorted(found.items()))


def rulings_of(campaign_id: int) -> dict[tuple[int, int], Ruling]:
    """What the office said of pairs (participants by row, producer first)."""
    return {(row.producer_participant_id, row.buyer_participant_id): row.ruling for row in list_rulings(campaign_id)}


def tell(match: Match) -> dict[str, Any]:
    """What is kept of the match that a meeting was made for: so that it can be explained after both have changed."""
    score = match.score
    return {
        "demand": match.demand.code,
        "offer": match.offer.code,
        "points": score.points,
        "bracket": int(match.bracket),
        "buyer": [[part.part.value, part.value, part.weight] for part in score.buyer.parts],
        "producer": [[part.part.value, part.value, part.weight] for part in score.producer.parts],
    }


def _parties(
    participants: Sequence[Participant], campaign: Campaign, fixed: Sequence[Meeting]
) -> Iterable[timetable.Party]:
    """Who comes when: not when they said that they cannot, nor where a deal's appointment is; what is fixed stays."""
    away = busy_slots(campaign, participants)
    kept = {(row, m.slot_id) for m in fixed for row in (m.producer_participant_id, m.buyer_participant_id)}
    for each in participants:
        most = campaign.most_producer if each.side is Side.PRODUCER else campaign.most_buyer
        busy = {slot for slot in away.get(each.id, frozenset()) if (each.id, slot) not in kept}
        slots = frozenset(slot.number for slot in campaign.slots if slot.id not in busy)
        own = min(each.most or most, most)
        least = min(campaign.least, own) if each.side is Side.PRODUCER else 0
        yield timetable.Party(str(each.id), own, slots, least, precedence(each))


def precedence(participant: Participant) -> int:
    """Small producers first where floors compete."""
    return 1 if participant.producer is not None and participant.producer.kind in SMALL else 0


def _meetings(meetings: Iterable[Meeting], place: Mapping[int, int]) -> Iterable[timetable.Meeting]:
    for each in meetings:
        p, b = place[each.producer_participant_id], place[each.buyer_participant_id]
        yield timetable.Meeting(p, b, each.slot.number, each.table)
