"""What a page says, as one plain mapping by code, and which of it are claims that an officer looks at first: pure.

Which facts are claims, and which protect the buyer and so never wait: docs/decisions/0011.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from marketplace.platform.core.words import N_
from marketplace.shop.catalog.label_fields import FIELDS, DeclaredKind
from marketplace.shop.catalog.models import Listing, ListingPicture

Statement = dict[str, Any]

TEXTS = ("name", "name_en", "summary", "summary_en", "description", "description_en")
LABEL = ("ingredients", "storage", "shelf_life_days", "declared_kind", "season")
TERMS = ("capacity_per_month", "capacity_unit", "max_transit_days", "delivery_radius_km")
COLUMNS = (*TEXTS, *LABEL, *TERMS)
ORIGIN, PICTURES = "origin_commune_code", "pictures"
MOST_PICTURES = 8
OF_A_PICTURE = ("name", "source_digest", "alt", "alt_en", "width", "height", "crop_x", "crop_y", "crop_size")
_CLAIMED = ("ingredients", "storage", "usage", "warnings", "material", "care", "included")
CLAIMS = frozenset(
    {*TEXTS, *_CLAIMED, *(f"{code}_en" for code in _CLAIMED)}
    | {"declared_kind", "declaration_number", "ethanol", "allergens", PICTURES}
)
ENGLISH = N_("%(name)s, tiếng Anh")
NAMES = {
    "name": N_("Tên sản phẩm"),
    "summary": N_("Một câu giới thiệu"),
    "description": N_("Câu chuyện"),
    PICTURES: N_("Ảnh"),
    "season": N_("Mùa vụ"),
    ORIGIN: N_("Xuất xứ"),
    "capacity_per_month": N_("Sức làm mỗi tháng"),
    "capacity_unit": N_("Đơn vị của sức làm"),
    "max_transit_days": N_("Đi đường lâu nhất"),
    "delivery_radius_km": N_("Giao trong bán kính"),
    **{code: field.label for code, field in FIELDS.items()},
}


def said(listing: Listing, pictures: Iterable[ListingPicture]) -> Statement:
    """Everything the page says; its origin is loaded."""
    origin = listing.origin_commune
    return {
        **listing.facts,
        **{code: getattr(listing, code) for code in COLUMNS},
        ORIGIN: origin.code if origin is not None else "",
        PICTURES: [shot_of(picture) for picture in pictures],
    }


def shot_of(picture: ListingPicture) -> dict[str, Any]:
    """A picture as a statement has it."""
    return {name: getattr(picture, name) for name in OF_A_PICTURE}


def pictures_of(statement: Mapping[str, Any]) -> list[ListingPicture]:
    """The pictures of a statement, to be shown: they belong to no session."""
    return [ListingPicture(**shot, position=n) for n, shot in enumerate(statement.get(PICTURES, ()))]


def picture_names(*statements: Mapping[str, Any]) -> set[str]:
    """The names of all pictures that these statements show."""
    return {str(shot["name"]) for statement in statements for shot in statement.get(PICTURES, ())}


def brought_back(mine: Mapping[str, Any], old: Mapping[str, Any]) -> Statement:
    """What a page says that says `old` again: its words, its label, and its pictures, before those added since.

    How it is sold stays as it is now (`TERMS`): a limit of delivery set since must not fall with an old story.
    """
    sources = {shot["source_digest"] for shot in old[PICTURES]}
    since = [shot for shot in mine[PICTURES] if shot["source_digest"] not in sources]
    terms = {code: mine.get(code) for code in TERMS}
    return {**dict.fromkeys(facts_in(mine)), **old, **terms, PICTURES: [*old[PICTURES], *since][:MOST_PICTURES]}


def facts_in(statement: Iterable[str]) -> set[str]:
    """The codes of a statement that are kept in the label's `facts`, having no column of their own."""
    return set(statement) - {*COLUMNS, ORIGIN, PICTURES}


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The codes of which the two do not say the same, sorted; saying nothing and an empty text are the same."""
    return sorted(code for code in {*before, *after} if _value(before.get(code)) != _value(after.get(code)))


def _value(said_of_it: Any) -> Any:
    return None if said_of_it == "" else said_of_it


def as_they_differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> Statement:
    """Of `after`, what differs from `before`."""
    return {code: after.get(code) for code in differing(before, after)}


def split(now: Mapping[str, Any], typed: Mapping[str, Any]) -> tuple[Statement, Statement]:
    """Of what was typed and differs from now: what applies at once, and what waits for an officer.

    Facts apply at once, and so does what protects the buyer: an allergen more, that it is medicine.
    """
    at_once: Statement = {}
    waiting: Statement = {}
    for code, value in as_they_differ(now, typed).items():
        if code not in CLAIMS or _protects(code, now.get(code), value):
            at_once[code] = value
            continue
        waiting[code] = value
        if code == "allergens" and set(value or ()) - set(now.get(code) or ()):  # some more and some less
            at_once[code] = sorted({*value, *(now.get(code) or ())})
    return at_once, waiting


def _protects(code: str, before: Any, after: Any) -> bool:
    if code == "allergens":
        return bool(after) and set(after) > set(before or ())
    return code == "declared_kind" and after == DeclaredKind.MEDICINE


def overtaken(wanted: Mapping[str, Any], base: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The codes that a proposal would change and that somebody else has changed since it was made."""
    moved = set(differing(base, {code: now.get(code) for code in base}))
    return [code for code in differing(wanted, {c: now.get(c) for c in wanted}) if code in moved]


@dataclass(frozen=True)
class Piece:
    """Some words of a text, and whether they are the same in the other text, gone from it, or new in it."""

    kind: str  # same, gone, new
    text: str


def word_by_word(before: str, after: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The two texts in pieces, side by side: the old with what is gone, the new with what is new."""
    old, new = (re.findall(r"\s*\S+|\s+$", text) for text in (before, after))
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if a < b:
            left.append(Piece("same" if kind == "equal" else "gone", "".join(old[a:b])))
        if c < d:
            right.append(Piece("same" if kind == "equal" else "new", "".join(new[c:d])))
    return left, right
