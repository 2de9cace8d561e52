"""What a variant is called and what a unit of it costs; when a thing is in season; which words are allergens: pure."""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_

ATTRIBUTES = Path(__file__).parent / "data" / "attributes.json"
ALLERGENS = Path(__file__).parent / "data" / "allergens.json"
STAR_WORDS = Path(__file__).parent / "data" / "star_words.json"
MONTHS = range(1, 13)
WHOLE_YEAR = 0


class Unit(StrEnum):
    """What a net quantity is counted in."""

    GRAM = "g"
    KILOGRAM = "kg"
    MILLILITRE = "ml"
    LITRE = "l"
    METRE = "m"
    PIECE = "piece"
    SET = "set"
    PERSON = "person"
    GROUP = "group"


class Packaging(StrEnum):
    """What a variant comes in."""

    PACK = "pack"
    BAG = "bag"
    BOX = "box"
    JAR = "jar"
    BOTTLE = "bottle"
    CRATE = "crate"
    TRAY = "tray"
    BASKET = "basket"
    BUNCH = "bunch"
    POT = "pot"
    GIFT_BOX = "gift_box"


@cache
def _names() -> dict[str, dict[str, tuple[str, str]]]:
    return {
        kind: {code: (names[0], names[1]) for code, names in rows.items()}
        for kind, rows in json.loads(ATTRIBUTES.read_text(encoding="utf-8")).items()
    }


def unit_names(unit: Unit) -> tuple[str, str]:
    """The unit in Vietnamese and in English: `lít`, `l`."""
    return _names()["units"][unit]


def packaging_names(packaging: Packaging) -> tuple[str, str]:
    """The packaging in Vietnamese and in English: `túi`, `bag`."""
    return _names()["packagings"][packaging]


_COARSER = {Unit.KILOGRAM: (Unit.GRAM, 1000), Unit.LITRE: (Unit.MILLILITRE, 1000)}
_ONE = {Unit.PIECE: "piece", Unit.SET: "set", Unit.PERSON: "person", Unit.GROUP: "group"}
_COUNTED = (Unit.PIECE, Unit.METRE)


@dataclass(frozen=True)
class UnitPrice:
    """What `quantity` of a unit costs: 80.000 dong for 100 g."""

    price: Money
    quantity: int
    unit: Unit


def unit_price(price: Money, quantity: int | None, unit: Unit | None) -> UnitPrice | None:
    """The price by which packs are compared: for 100 g or 100 ml below a kilogram or litre, else for 1.

    Things counted one by one have one where a pack holds several. Rounded to the dong, halves up.
    """
    if quantity is None or unit is None:
        return None
    if unit in _COARSER:
        finer, times = _COARSER[unit]
        return unit_price(price, quantity * times, finer)
    if unit in (Unit.GRAM, Unit.MILLILITRE):
        coarse = Unit.KILOGRAM if unit is Unit.GRAM else Unit.LITRE
        if quantity >= 1000:
            return UnitPrice(_share(price, 1000, quantity), 1, coarse)
        return UnitPrice(_share(price, 100, quantity), 100, unit)
    return UnitPrice(_share(price, 1, quantity), 1, unit) if unit in _COUNTED and quantity > 1 else None


def _share(price: Money, part: int, whole: int) -> Money:
    return Money((2 * price.amount * part + whole) // (2 * whole), price.currency)


def compose_label(
    *, quantity: int | None, unit: Unit | None, packaging: Packaging | None, grade: str = "", grade_en: str = ""
) -> tuple[str, str]:
    """`gói 500 g, loại một` and `500 g pack, first grade`, of the attributes that are said."""
    amount = None
    if quantity and unit:
        english_unit = _ONE.get(unit, unit_names(unit)[1]) if quantity == 1 else unit_names(unit)[1]
        amount = (f"{quantity} {unit_names(unit)[0]}", f"{quantity} {english_unit}")
    pack = packaging_names(packaging) if packaging else None
    vietnamese = " ".join(words[0] for words in (pack, amount) if words)
    english = " ".join(words[1] for words in (amount, pack) if words)
    return (
        ", ".join(part for part in (vietnamese, grade) if part),
        ", ".join(part for part in (english, grade_en or grade) if part),
    )


STARLESS = N_("Số sao do giấy chứng nhận nói. Hãy bỏ khỏi chỗ này.")


@cache
def _stars() -> re.Pattern[str]:
    words = json.loads(STAR_WORDS.read_text(encoding="utf-8"))
    numbers, stars = "|".join(words["numbers"]), "|".join(words["stars"])
    return re.compile(rf"[{words['signs']}]|(?<![^\W\d_])(?:[0-9]+|{numbers})[\s\-–_.·]*(?:{stars})(?!\w)")


def speaks_of_stars(text: str) -> bool:
    """Whether a text gives stars: `5 sao`, `năm sao`, `nam sao`, `five-star`, `★`. A star is the certificate's to say.

    `5 sào` is a measure of land and `nấm sao` a roasted mushroom: where a word has marks, they count.
    """
    plain = unicodedata.normalize("NFKC", text)
    shown = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").casefold()
    return _stars().search(shown) is not None


def season_of(months: Iterable[int]) -> int:
    """A set of months as one number: bit 0 is January. All twelve, or none, is the whole year: 0."""
    bits = sum(1 << (month - 1) for month in {m for m in months if m in MONTHS})
    return WHOLE_YEAR if bits == (1 << 12) - 1 else bits


def months_of(season: int) -> frozenset[int]:
    """The months that a season's number says; the whole year is all of them."""
    return frozenset(month for month in MONTHS if season == WHOLE_YEAR or season >> (month - 1) & 1)


def season_begins(season: int, day: date) -> date | None:
    """Where the day is out of season, the first day it is in season again; None where it is in season."""
    months = months_of(season)
    if day.month in months:
        return None
    first = min((month for month in months), key=lambda month: (month - day.month) % 12)
    return date(day.year + (first < day.month), first, 1)


@dataclass(frozen=True)
class Allergen:
    """One of the fourteen groups (Regulation EU 1169/2011, annex II), with the words by which it stands in a list."""

    code: str
    name: str
    name_en: str
    marks: tuple[str, ...]


@cache
def all_allergens() -> tuple[Allergen, ...]:
    """The fourteen, in the regulation's order."""
    rows = json.loads(ALLERGENS.read_text(encoding="utf-8"))
    return tuple(Allergen(**{**row, "marks": tuple(row["marks"])}) for row in rows)


def named(codes: Collection[str]) -> list[Allergen]:
    """The allergens with these codes, in order; an unknown code names none."""
    return [allergen for allergen in all_allergens() if allergen.code in codes]


def marked(text: str, codes: Collection[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a word of one of these allergens: printed strong on the page."""
    marks = sorted({mark for allergen in named(codes) for mark in allergen.marks}, key=len, reverse=True)
    if not marks or not text:
        return [(text, False)] if text else []
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, marks))})\b", re.IGNORECASE)
    pieces = pattern.split(text)
    return [(piece, i % 2 == 1) for i, piece in enumerate(pieces) if piece]
