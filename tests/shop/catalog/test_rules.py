"""What a unit costs, what a variant is called, seasons, allergens, and what each set's label must say."""

import pytest

from marketplace.platform.core.money import Money
from marketplace.registry.certification.product_sets import all_sets
from marketplace.shop.catalog.label_fields import FIELDS, asked_fields, missing, required_fields
from marketplace.shop.catalog.rules import (
    Packaging,
    Unit,
    UnitPrice,
    all_allergens,
    compose_label,
    marked,
    months_of,
    named,
    packaging_names,
    season_of,
    speaks_of_stars,
    unit_names,
    unit_price,
)


@pytest.mark.parametrize(
    ("price", "quantity", "unit", "wanted"),
    [
        (80_000, 100, Unit.GRAM, (80_000, 100, Unit.GRAM)),
        (48_000, 500, Unit.GRAM, (9_600, 100, Unit.GRAM)),
        (95_000, 1000, Unit.GRAM, (95_000, 1, Unit.KILOGRAM)),
        (95_000, 1, Unit.KILOGRAM, (95_000, 1, Unit.KILOGRAM)),
        (100_000, 3, Unit.KILOGRAM, (33_333, 1, Unit.KILOGRAM)),
        (200_000, 3, Unit.KILOGRAM, (66_667, 1, Unit.KILOGRAM)),
        (145_000, 500, Unit.MILLILITRE, (29_000, 100, Unit.MILLILITRE)),
        (60_000, 2, Unit.LITRE, (30_000, 1, Unit.LITRE)),
        (90_000, 20, Unit.PIECE, (4_500, 1, Unit.PIECE)),
        (90_000, 1, Unit.PIECE, None),
        (90_000, 3, Unit.METRE, (30_000, 1, Unit.METRE)),
        (90_000, 2, Unit.SET, None),
        (90_000, 2, Unit.PERSON, None),
        (90_000, None, None, None),
        (90_000, 5, None, None),
    ],
)
def test_the_price_of_a_unit(
    price: int, quantity: int | None, unit: Unit | None, wanted: tuple[int, int, Unit] | None
) -> None:
    expected = UnitPrice(Money(wanted[0]), wanted[1], wanted[2]) if wanted else None
    assert unit_price(Money(price), quantity, unit) == expected


def test_labels_compose_themselves() -> None:
    def label(quantity: int | None, unit: Unit | None, packaging: Packaging | None = None, grade: str = "") -> object:
        return compose_label(quantity=quantity, unit=unit, packaging=packaging, grade=grade, grade_en="")

    assert label(500, Unit.GRAM, Packaging.PACK) == ("gói 500 g", "500 g pack")
    assert label(500, Unit.GRAM, Packaging.PACK, "loại một") == ("gói 500 g, loại một", "500 g pack, loại một")
    assert label(1, Unit.PERSON) == ("1 người", "1 person")
    assert label(1, Unit.LITRE, Packaging.BOTTLE) == ("chai 1 lít", "1 l bottle")
    assert label(2, Unit.PIECE) == ("2 cái", "2 pieces")
    assert label(None, None, Packaging.GIFT_BOX) == ("hộp quà", "gift box")
    assert label(None, None) == ("", "")
    for unit in Unit:
        assert all(unit_names(unit))
    for packaging in Packaging:
        assert all(packaging_names(packaging))


@pytest.mark.parametrize(
    ("months", "season", "back"),
    [
        ([], 0, set(range(1, 13))),
        (range(1, 13), 0, set(range(1, 13))),
        ([1], 1, {1}),
        ([12, 1, 1, 13, 0], 1 + (1 << 11), {1, 12}),
        (range(2, 13), 4094, set(range(2, 13))),
    ],
)
def test_seasons(months: list[int], season: int, back: set[int]) -> None:
    assert season_of(months) == season
    assert set(months_of(season)) == back


def test_allergens_are_marked_in_the_list() -> None:
    assert len(all_allergens()) == 14
    assert [a.code for a in named(["fish", "eggs", "unknown"])] == ["eggs", "fish"]
    assert marked("Cá suối, muối, trứng", ["fish", "eggs"]) == [
        ("Cá suối", True),
        (", muối, ", False),
        ("trứng", True),
    ]
    assert marked("Cái gì, cà chua", ["fish"]) == [("Cái gì, cà chua", False)]
    assert marked("Muối", []) == [("Muối", False)]
    assert marked("", ["fish"]) == []


FOOD = {"ingredients", "allergens", "shelf_life_days", "storage", "usage"}
ALCOHOL = {"ingredients", "allergens", "ethanol", "storage", "warnings"}
REQUIRED = {
    **{known.code: FOOD for known in all_sets() if known.code.startswith(("I.", "II.2"))},
    "I.1.a": {"storage"},
    "I.1.b": {"allergens", "shelf_life_days", "storage", "usage"},
    "II.1.a": ALCOHOL,
    "II.1.b": ALCOHOL,
    "III.1": FOOD | {"declared_kind", "warnings"},
    "III.2": {"declaration_number", "ingredients", "shelf_life_days", "usage", "warnings"},
    "III.3": {"ingredients", "storage", "usage", "warnings"},
    "IV.1": {"material", "dimensions"},
    "IV.2": {"material", "dimensions"},
    "V.1": {"care"},
    "V.2": {"care"},
    "V.3": {"care"},
    "VI.1": {"included", "meeting_place", "group_size", "duration"},
}


@pytest.mark.parametrize("set_code", [known.code for known in all_sets()])
def test_each_set_asks_what_the_law_has_its_label_say(set_code: str) -> None:
    assert set(required_fields(set_code)) == REQUIRED[set_code]
    asked = {field.code for field in asked_fields(set_code)}
    assert REQUIRED[set_code] <= asked <= set(FIELDS)
    assert ("responsible" in asked) == (set_code != "VI.1")
    lacking = missing(set_code, {}, sellable=False)
    assert set(lacking) == REQUIRED[set_code] | {"summary", "variants"}
    said = dict.fromkeys(REQUIRED[set_code], "x") | {"summary": "x"}
    assert missing(set_code, said, sellable=True) == {}
    for code in REQUIRED[set_code]:
        assert set(missing(set_code, {**said, code: ""}, sellable=True)) == {code}


def test_no_allergens_is_an_answer_and_health_food_has_a_number() -> None:
    said = dict.fromkeys([*REQUIRED["III.1"], "summary"], "x")
    assert missing("III.1", {**said, "allergens": [], "declared_kind": "herb"}, sellable=True) == {}
    assert set(missing("III.1", said | {"declared_kind": "health_food"}, sellable=True)) == {"declaration_number"}


@pytest.mark.parametrize(
    "text",
    ["5 sao", "OCOP 4sao", "hộp năm sao", "hop nam sao", "bốn-sao", "５ sao", "③ sao", "5\u200b sao", "5-star",
     "Five Stars", "★★★★★", "loại ⭐", "NĂM SAO", "4. sao", "na\u0306m sao"],
)  # fmt: skip
def test_who_speaks_of_stars(text: str) -> None:
    assert speaks_of_stars(text)


@pytest.mark.parametrize(
    "text",
    ["gói 500 g", "5 sào ruộng", "nấm sao khô", "sao vàng", "chè sao suốt", "5 gói sao", "start 5", "loại một", ""],
)
def test_who_does_not_speak_of_stars(text: str) -> None:
    assert not speaks_of_stars(text)
