"""Gates one by one, parts one by one, sums that add up exactly, brackets, near misses, turns."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.people.producers.models import ProducerKind
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.rules import Packaging, Unit
from marketplace.shop.pricing.rules import Tier
from marketplace.trade.demands.models import Criterion, Storage
from marketplace.trade.distributors.models import DistributorKind
from marketplace.trade.matching.facts import Between, DemandFacts, place_of
from marketplace.trade.matching.gates import ALWAYS_HARD, Gate, GateCode, gates, in_unit
from marketplace.trade.matching.pairing import (
    ALIKE,
    Bracket,
    Match,
    Wish,
    best_of_each_demand,
    bracket,
    in_turn,
    match,
    near_misses,
    softened,
    unrefused,
)
from marketplace.trade.matching.score import (
    BUYER_PARTS,
    PRODUCER_PARTS,
    USUAL,
    Counted,
    Direction,
    Part,
    Score,
    Weights,
    check_weights,
    score,
)
from marketplace.trade.offers.facts import OfferFacts, OfferPaper
from marketplace.trade.offers.models import OfferState

ON = date(2026, 11, 23)
NOBODY = Between()
ALL = frozenset(Criterion)
HARD = frozenset({Criterion.STARS, Criterion.VOLUME})


def offer(**said: Any) -> OfferFacts:
    """Noodles at 100,000 dong a kilogram, 300 kg in every month."""
    usual: dict[str, Any] = {
        "on": ON, "code": "CB1", "offer_id": 1, "state": OfferState.OPEN, "listing_id": 1, "listing_slug": "mien",
        "name": "Miến", "name_en": "", "product_id": 1, "set_code": "I.3.b", "producer_id": 7, "producer_slug": "lo",
        "producer_name": "Lò", "producer_kind": ProducerKind.HOUSEHOLD, "organisation_id": 3, "commune_id": 5,
        "district_id": None, "province_id": None, "places": frozenset({"2025:03388"}), "latitude": 22.4,
        "longitude": 103.4, "stars": 4, "certificate_code": "CN1", "certificate_expires_on": date(2028, 1, 1),
        "unit": Unit.KILOGRAM, "capacity": (300,) * 12, "committed": (0,) * 12, "least_order": 20, "lead_days": 3,
        "variant_id": 1, "sku": "S", "net_quantity": 500, "net_unit": Unit.GRAM, "retail": Money(50_000), "tiers": (),
        "packagings": frozenset({Packaging.BAG}), "storage": Storage.AMBIENT, "shelf_life_days": 180,
        "max_transit_days": None, "delivery_radius_km": None, "most_payment_days": None, "most_discount": None,
        "most_listing_fee": None, "consignment": False, "exclusive": False, "invoice": False, "barcode": "",
        "traceability": False, "channels": frozenset(), "season": 0, "back_on": None, "first_time": True, "note": "",
        "note_en": "", "papers": (), "lapsed_papers": (),
    }  # fmt: skip
    return OfferFacts(**{**usual, **said})


def demand(**said: Any) -> DemandFacts:
    """A supermarket that seeks 100 kg of noodles a month and asks nothing else."""
    usual: dict[str, Any] = {
        "id": 1, "code": "NC1", "distributor_id": 9, "channel": DistributorKind.SUPERMARKET, "sets": ("I.3.b",),
        "unit": Unit.KILOGRAM, "volume_from": 100, "insisted": ALL,
    }  # fmt: skip
    return DemandFacts(**{**usual, **said})


def paper(kind: str, until: date | None = None) -> OfferPaper:
    return OfferPaper(kind, "12", until, "GT1", None, True)


def shut(wanted: DemandFacts, there: OfferFacts, between: Between = NOBODY) -> list[str]:
    """The keys of the gates that exclude."""
    return [gate.key for gate in gates(wanted, there, between, on=ON) if gate.excludes]


def test_nothing_asked_nothing_shut() -> None:
    assert shut(demand(), offer()) == []
    assert [gate.key for gate in gates(demand(), offer(), NOBODY, on=ON)] == [
        "certificate",
        "sets",
        "buyer_refuses",
        "producer_refuses",
        "supplies",
        "met",
        "stars",
        "volume",
    ]


CASES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"least_stars": 5}, {"stars": 5}, "stars"),
    ({"papers": ("haccp",)}, {"papers": (paper("haccp"),)}, "papers:haccp"),
    ({"papers": ("haccp",)}, {"papers": (paper("iso_22000", ON),)}, "papers:haccp"),
    ({"invoice": True}, {"invoice": True}, "invoice"),
    ({"barcode": True}, {"barcode": "8936012345674"}, "barcode"),
    ({"traceability": True}, {"traceability": True}, "traceability"),
    ({"consignment": True}, {"consignment": True}, "consignment"),
    ({"exclusive": True}, {"exclusive": True}, "exclusivity"),
    ({"volume_from": 301}, {"capacity": (301,) * 12}, "volume"),
    ({"order_size": 19}, {"least_order": 19}, "order_size"),
    ({"price_ceiling": Money(99_999)}, {"tiers": (Tier(200, Money(49_999)),)}, "price"),
    ({"packagings": (Packaging.BOX,)}, {"packagings": frozenset({Packaging.BAG, Packaging.BOX})}, "packaging"),
    ({"places": ("2025:00001",)}, {"places": frozenset({"2025:00001"})}, "places"),
    ({"storages": (Storage.COOL, Storage.FROZEN)}, {"storage": Storage.COOL}, "storage"),
    ({"shelf_life_days": 181}, {"shelf_life_days": 181}, "shelf_life"),
    ({"shelf_life_left": 95, "transit_days": 10}, {"shelf_life_days": 200}, "shelf_life_left"),
]


@pytest.mark.parametrize(("asked", "there", "key"), CASES)
def test_each_gate_shuts_and_opens(asked: dict[str, Any], there: dict[str, Any], key: str) -> None:
    assert shut(demand(**asked), offer()) == [key]
    assert shut(demand(**asked), offer(**there)) == []
    assert shut(demand(**asked, insisted=frozenset()), offer()) == []


TERMS: list[tuple[dict[str, Any], str, Any, Any]] = [
    ({"transit_days": 5}, "max_transit_days", 4, 5),
    ({"listing_fee": Money(5)}, "most_listing_fee", Money(4), Money(5)),
    ({"discount": 20}, "most_discount", 19, 20),
    ({"payment_days": 30}, "most_payment_days", 29, 30),
]


@pytest.mark.parametrize(("asked", "name", "little", "enough"), TERMS)
def test_terms_left_open_pass(asked: dict[str, Any], name: str, little: Any, enough: Any) -> None:
    assert shut(demand(**asked), offer()) == []
    assert len(shut(demand(**asked), offer(**{name: little}))) == 1
    assert shut(demand(**asked), offer(**{name: enough})) == []


def test_what_holds_whatever_is_asked() -> None:
    free = demand(insisted=frozenset())
    assert shut(free, offer(certificate_expires_on=ON - timedelta(days=1))) == ["certificate"]
    assert shut(free, offer(certificate_expires_on=ON)) == []
    assert shut(free, offer(set_code="I.2.a")) == ["sets"]
    assert shut(free, offer(), Between(refused_by_buyer=True)) == ["buyer_refuses"]
    assert shut(free, offer(), Between(refused_by_producer=True)) == ["producer_refuses"]
    assert shut(free, offer(), Between(supplies=True)) == ["supplies"]
    assert shut(free, offer(), Between(met_on=ON - timedelta(days=182))) == ["met"]
    assert shut(free, offer(), Between(met_on=ON - timedelta(days=183))) == []
    hanoi = demand(insisted=frozenset(), place=(21.0, 105.8))
    assert shut(hanoi, offer(delivery_radius_km=200)) == ["reach"]
    assert shut(hanoi, offer(delivery_radius_km=400)) == []
    assert shut(hanoi, offer(delivery_radius_km=1, latitude=None)) == []


def test_months_and_promises() -> None:
    """The poorest wanted month counts; a month with nothing is the season's question."""
    summer = frozenset({6, 7})
    rest = offer(capacity=(0,) * 5 + (200, 90) + (0,) * 5)
    assert shut(demand(months=summer, volume_from=90), rest) == []
    assert shut(demand(months=summer, volume_from=91), rest) == ["volume"]
    assert shut(demand(months=frozenset({5, 6}), volume_from=100), rest) == ["season"]
    assert shut(demand(volume_from=100), replace(rest, season=0b1100000)) == ["volume", "season"]
    assert shut(demand(volume_from=100), offer(committed=(201,) * 12)) == ["volume"]


def test_units_that_cannot_be_compared() -> None:
    litres = demand(unit=Unit.LITRE, order_size=10, price_ceiling=Money(1))
    assert shut(litres, offer()) == ["volume", "order_size", "price"]
    assert (in_unit(1500, Unit.GRAM, Unit.KILOGRAM), in_unit(1, Unit.PIECE, Unit.LITRE)) == (2, None)


def test_evidence() -> None:
    asked = demand(papers=("haccp", "halal"), price_ceiling=Money(90_000), order_size=30, shelf_life_days=200)
    there = offer(lapsed_papers=(paper("haccp", date(2026, 1, 1)),))
    found = {gate.key: (gate.wanted, gate.there) for gate in gates(asked, there, NOBODY, on=ON)}
    assert found["papers:haccp"] == (None, date(2026, 1, 1))
    assert found["papers:halal"] == (None, None)
    assert found["price"] == (Money(90_000), Money(100_000))
    assert found["order_size"] == (30, 20)
    assert found["shelf_life"] == (200, 180)
    assert found["certificate"] == (ON, date(2028, 1, 1))
    numbered = offer(papers=(paper("haccp"),))
    assert next(g.there for g in gates(asked, numbered, NOBODY, on=ON) if g.key == "papers:haccp") == "12"


def parts(wanted: DemandFacts, there: OfferFacts, between: Between = NOBODY) -> dict[Part, int]:
    found = score(wanted, there, between, gates(wanted, there, between, on=ON))
    return {part.part: part.value for part in (*found.buyer.parts, *found.producer.parts)}


PARTS: list[tuple[Part, dict[str, Any], dict[str, Any], int]] = [
    (Part.STARS, {"least_stars": 4}, {}, 60),
    (Part.STARS, {"least_stars": 3}, {}, 80),
    (Part.STARS, {}, {"stars": 5}, 100),
    (Part.VOLUME, {"volume_until": 600}, {}, 50),
    (Part.VOLUME, {"unit": Unit.LITRE}, {}, 0),
    (Part.PRICE, {}, {}, 50),
    (Part.PRICE, {"price_ceiling": Money(100_000)}, {}, 50),
    (Part.PRICE, {"price_ceiling": Money(200_000)}, {}, 100),
    (Part.PRICE, {"price_ceiling": Money(80_000)}, {}, 0),
    (Part.PRICE, {"unit": Unit.LITRE, "price_ceiling": Money(1)}, {}, 0),
    (Part.WISHES, {"invoice": True, "barcode": True, "insisted": HARD}, {"invoice": True}, 50),
    (Part.WISHES, {}, {}, 100),
    (Part.MORE_PAPERS, {}, {"papers": (paper("haccp"), paper("organic"))}, 66),
    (Part.MORE_PAPERS, {"papers": ("haccp",)}, {"papers": (paper("haccp"), paper("identity"))}, 0),
    (Part.NEARNESS, {}, {}, 50),
    (Part.NEARNESS, {"place": (22.4, 103.4)}, {}, 100),
    (Part.NOVELTY, {}, {}, 100),
    (Part.NOVELTY, {}, {"first_time": False}, 70),
    (Part.USE, {}, {}, 33),
    (Part.USE, {"unit": Unit.LITRE}, {}, 0),
    (Part.MARGIN, {}, {}, 50),
    (Part.MARGIN, {"price_ceiling": Money(125_000)}, {}, 100),
    (Part.MARGIN, {"price_ceiling": Money(75_000)}, {}, 0),
    (Part.CREDIT, {"payment_days": 45}, {}, 50),
    (Part.CREDIT, {"payment_days": 0}, {}, 100),
    (Part.DISCOUNT, {"discount": 10}, {}, 75),
    (Part.CHANNEL, {}, {}, 70),
    (Part.CHANNEL, {}, {"channels": frozenset({"supermarket"})}, 100),
    (Part.CHANNEL, {}, {"channels": frozenset({"hotel"})}, 20),
    (Part.ORDER_SIZE, {}, {}, 50),
    (Part.ORDER_SIZE, {"order_size": 30}, {}, 75),
    (Part.ORDER_SIZE, {"order_size": 500}, {}, 100),
    (Part.RELIABILITY, {}, {}, 75),
    (Part.FOLLOW_THROUGH, {}, {}, 75),
]  # fmt: skip


@pytest.mark.parametrize(("part", "asked", "there", "value"), PARTS)
def test_each_part(part: Part, asked: dict[str, Any], there: dict[str, Any], value: int) -> None:
    assert parts(demand(**asked), offer(**there))[part] == value


def test_parts_of_what_was_done() -> None:
    done = Between(met_on=ON - timedelta(days=400), kept=8, asked=10, answered=0, approached=4)
    found = parts(demand(), offer(), done)
    assert (found[Part.RELIABILITY], found[Part.FOLLOW_THROUGH], found[Part.NOVELTY]) == (78, 37, 20)


def test_an_explanation_adds_up() -> None:
    """By hand: 12 x 80 + 20 x 100 + 20 x 50 + 18 x 100 + 6 x 0 + 8 x 50 + 10 x 75 + 6 x 100 = 7,510, and so on."""
    found = match(demand(), offer(), NOBODY, on=ON).score
    assert [part.points for part in found.buyer.parts] == [960, 2000, 1000, 1800, 0, 400, 750, 600]
    assert found.buyer.points == 7510
    assert [part.points for part in found.producer.parts] == [660, 900, 800, 600, 700, 500, 300, 600]
    assert found.producer.points == 5060
    assert found.points == 6046  # 2 x 7510 x 5060 / 12570 = 6046.2
    assert [part.part for part in found.reasons] == [Part.VOLUME, Part.WISHES, Part.PRICE]
    assert (found.weakest.part, found.weakest.lost) == (Part.USE, 1340)


def test_a_cold_side_sinks_the_pair() -> None:
    def side(points: int) -> Direction:
        return Direction((Counted(Part.STARS, points, 100),))

    assert Score(side(100), side(0)).points == 0
    assert Score(side(0), side(0)).points == 0
    assert Score(side(50), side(100)).points == 6667
    assert Score(side(100), side(100)).points == 10_000


@given(
    st.builds(
        demand,
        volume_from=st.integers(1, 500),
        price_ceiling=st.none() | st.integers(1, 300_000).map(Money),
        payment_days=st.none() | st.integers(0, 180),
        discount=st.none() | st.integers(0, 60),
        order_size=st.none() | st.integers(1, 500),
        invoice=st.booleans(),
        insisted=st.sets(st.sampled_from(list(Criterion))).map(frozenset),
        unit=st.sampled_from([Unit.KILOGRAM, Unit.LITRE, Unit.PIECE]),
    ),
    st.builds(
        offer,
        stars=st.integers(3, 5),
        least_order=st.integers(1, 300),
        capacity=st.tuples(*[st.integers(0, 400)] * 12),
        first_time=st.booleans(),
    ),
)
def test_explanations_always_add_up(wanted: DemandFacts, there: OfferFacts) -> None:
    found = match(wanted, there, NOBODY, on=ON)
    for side in (found.score.buyer, found.score.producer):
        assert sum(part.weight for part in side.parts) == 100
        assert side.points == sum(part.value * part.weight for part in side.parts)
        assert all(0 <= part.value <= 100 for part in side.parts)
    low, high = sorted((found.score.buyer.points, found.score.producer.points))
    assert low <= found.score.points <= high
    assert 1 <= found.value <= 10_000


def test_weights_that_will_not_do() -> None:
    check_weights(USUAL)
    for side, given_, fields in (
        ("buyer", {**USUAL.buyer, Part.STARS: 13}, ["buyer"]),
        ("buyer", {**USUAL.buyer, Part.STARS: -1}, ["buyer_stars"]),
        ("producer", {**USUAL.producer, Part.CREDIT: 101}, ["producer_credit"]),
        ("producer", dict.fromkeys(PRODUCER_PARTS[1:], 10), ["producer_use"]),
    ):
        with pytest.raises(Invalid) as refused:
            check_weights(Weights(given_, USUAL.producer) if side == "buyer" else Weights(USUAL.buyer, given_))
        assert list(refused.value.fields) == fields
    other = Weights({part: 100 if part is Part.STARS else 0 for part in BUYER_PARTS}, USUAL.producer, 3)
    found = match(demand(), offer(), NOBODY, on=ON, weights=other).score
    assert found.buyer.points == 8000
    assert [part.part for part in found.buyer.best()] == [Part.STARS]


def test_brackets() -> None:
    must, meet = Wish.MUST, Wish.MEET
    said = [(None, None), (must, None), (None, meet), (meet, meet), (must, meet), (must, must)]
    assert [int(bracket(*pair)) for pair in said] == [0, 1, 1, 2, 3, 4]
    assert list(Bracket) == [0, 1, 2, 3, 4]
    poor, good = offer(capacity=(100,) * 12, code="CB2"), offer(stars=5)
    wished = match(demand(), poor, NOBODY, on=ON, wishes=(meet, None))
    assert wished.value > match(demand(), good, NOBODY, on=ON).value
    assert bracket(Wish.NO, meet) is Bracket.ONE_SIDED


def test_near_misses() -> None:
    """Of four pairs two lack HACCP alone, one lacks two things, one passes."""
    asked = demand(papers=("haccp",), invoice=True)
    there = [
        offer(invoice=True, producer_id=1),
        offer(invoice=True, producer_id=2),
        offer(producer_id=3),
        offer(invoice=True, papers=(paper("haccp"),), producer_id=4),
    ]
    found = near_misses([match(asked, each, NOBODY, on=ON) for each in there])
    assert [(near.gate, set(near.buyers), set(near.producers), len(near.matches)) for near in found] == [
        ("papers:haccp", {9}, {1, 2}, 2)
    ]
    refused = match(demand(), offer(), Between(refused_by_buyer=True), on=ON)
    assert near_misses([refused, match(demand(), offer(set_code="I.2.a"), NOBODY, on=ON)]) == []


def test_what_a_demand_could_soften() -> None:
    """Two offers fail a criterion alone; what another said, a lapse or a distance is not the demand's to soften."""
    asked = demand(papers=("haccp",), place=(22.0, 103.0))
    paid = offer(papers=(paper("haccp"),))
    alone = [match(asked, each, NOBODY, on=ON) for each in (offer(), offer(), replace(paid, capacity=(1,) * 12))]
    assert softened(alone) == [("papers:haccp", 2), ("volume", 1)]
    never = [
        match(asked, paid, Between(refused_by_producer=True), on=ON),
        match(asked, paid, Between(refused_by_buyer=True), on=ON),
        match(asked, paid, Between(supplies=True), on=ON),
        match(asked, replace(paid, certificate_expires_on=ON - timedelta(days=1)), NOBODY, on=ON),
        match(asked, replace(paid, delivery_radius_km=1), NOBODY, on=ON),
    ]
    assert [len(each.excluded) for each in never] == [1] * 5
    assert softened(never) == []


def test_the_gates_that_no_demand_softens() -> None:
    soft = demand(insisted=frozenset(), papers=("haccp",), invoice=True, shelf_life_left=99, place=(22.0, 103.0))
    found = gates(soft, offer(delivery_radius_km=1), NOBODY, on=ON)
    assert {gate.code for gate in found if gate.hard} == ALWAYS_HARD


def test_who_was_refused_is_not_told() -> None:
    plain, by_buyer, by_producer = (
        match(demand(), offer(code=code), between, on=ON)
        for code, between in (
            ("CB1", NOBODY),
            ("CB2", Between(refused_by_buyer=True)),
            ("CB3", Between(refused_by_producer=True)),
        )
    )
    everybody = [plain, by_buyer, by_producer]
    assert unrefused(everybody, GateCode.PRODUCER_REFUSES) == [plain, by_buyer]
    assert unrefused(everybody, GateCode.BUYER_REFUSES) == [plain, by_producer]


def listed(values: dict[int, int]) -> list[Match]:
    """Matches of these offers, each with the buyer's points that give the value."""
    base = match(demand(), offer(), NOBODY, on=ON)
    found = []
    for row, points in values.items():
        side = Direction((Counted(Part.STARS, points, 100),))
        found.append(replace(base, offer=offer(offer_id=row, code=f"CB{row}"), score=Score(side, side)))
    return found


def test_turns_are_shared_among_those_alike() -> None:
    pairs = listed({1: 90, 2: 89, 3: 83, 4: 70})
    assert [m.offer.offer_id for m in in_turn(pairs, {}, side="offer", count=4)] == [1, 2, 3, 4]
    shown = {1: 5, 2: 1, 3: 0, 4: 0}
    assert [m.offer.offer_id for m in in_turn(pairs, shown, side="offer", count=3)] == [3, 2, 1]
    assert 9000 - 8300 <= ALIKE < 9000 - 7000
    assert in_turn(pairs, {}, side="demand", count=1)[0].demand.id == 1


def test_shown_in_turn_everybody_alike_is_seen_alike() -> None:
    pairs, shown = listed(dict.fromkeys(range(1, 11), 80)), dict.fromkeys(range(1, 11), 0)
    for _ in range(20):
        for each in in_turn(pairs, shown, side="offer", count=3):
            shown[each.offer.offer_id] += 1
    assert set(shown.values()) == {6}


def test_the_best_offer_for_each_demand() -> None:
    good, poor = listed({1: 90, 2: 60})
    other = replace(poor, demand=demand(id=2, code="NC2"))
    shut_out = replace(good, gates=(Gate(GateCode.STARS, passed=False),), demand=demand(id=3))
    assert best_of_each_demand([poor, good, other, shut_out]) == [good, other]


def test_a_place_needs_both() -> None:
    assert (place_of(None, 1.0), place_of(1.0, None), place_of(1.0, 2.0)) == (None, None, (1.0, 2.0))
