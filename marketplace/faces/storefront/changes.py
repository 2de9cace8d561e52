"""What changed between two statements of a page, in the reader's words: for the desks that look at it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.people.places.queries import find_commune
from marketplace.platform.web.language import language
from marketplace.shop.catalog.label_fields import FROM_NAMES, KIND_NAMES, DeclaredKind, From
from marketplace.shop.catalog.models import ListingPicture
from marketplace.shop.catalog.rules import WHOLE_YEAR, Unit, months_of, named, unit_names
from marketplace.shop.catalog.statements import (
    ENGLISH,
    NAMES,
    ORIGIN,
    PICTURES,
    Piece,
    differing,
    pictures_of,
    shot_of,
    word_by_word,
)


@dataclass(frozen=True)
class Shot:
    """A picture on one side, and what became of it on the other: nothing, gone, new, redone."""

    picture: ListingPicture
    fate: str = ""


@dataclass(frozen=True)
class Difference:
    """One thing said otherwise: its name, the old and the new side by side, in pieces or in pictures."""

    code: str
    name: str
    before: Sequence[Piece] = ()
    after: Sequence[Piece] = ()
    old_pictures: Sequence[Shot] = ()
    new_pictures: Sequence[Shot] = ()
    overtaken: bool = False

    @property
    def lang(self) -> str:
        """The language that the text is in, where it is not the reader's by nature."""
        if self.code.endswith("_en"):
            return "en"
        return "" if self.code in _SPECIAL else "vi"


def name_of(code: str) -> str:
    """What a code of a statement is called."""
    if code.endswith("_en"):
        return str(_(ENGLISH, name=_(NAMES.get(code[:-3], code[:-3]))))
    return str(_(NAMES.get(code, code)))


def names_of(codes: Collection[str]) -> str:
    """Several of them in one line, in the order of a page."""
    return ", ".join(name_of(code) for code in _in_order(codes))


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], *, overtaken: Collection[str] = ()
) -> list[Difference]:
    """Everything the second says otherwise than the first, in the order of a page."""
    return [_difference(code, before, after, code in overtaken) for code in _in_order(differing(before, after))]


def _in_order(codes: Collection[str]) -> list[str]:
    order = list(NAMES)

    def place(code: str) -> tuple[int, str]:
        bare = code.removesuffix("_en")
        return order.index(bare) if bare in order else len(order), code

    return sorted(codes, key=place)


def _difference(code: str, before: Mapping[str, Any], after: Mapping[str, Any], overtaken: bool) -> Difference:
    if code == PICTURES:
        old, new = pictures_of(before), pictures_of(after)
        return Difference(
            code, name_of(code), (), (), _shots(old, new, "gone"), _shots(new, old, "new"), overtaken=overtaken
        )
    left, right = word_by_word(in_words(code, before.get(code)), in_words(code, after.get(code)))
    return Difference(code, name_of(code), left, right, overtaken=overtaken)


def _shots(mine: Sequence[ListingPicture], others: Sequence[ListingPicture], alone: str) -> list[Shot]:
    """Each picture with its fate: the same file cut or described anew is `redone`."""
    by_source = {each.source_digest: each for each in others}
    found = []
    for picture in mine:
        other = by_source.get(picture.source_digest)
        alike = other is not None and shot_of(other) == shot_of(picture)
        found.append(Shot(picture, alone if other is None else "" if alike else "redone"))
    return found


def in_words(code: str, value: Any) -> str:
    """What is said of one thing, as a reader reads it."""
    if value is None or value == "":
        return ""
    special = _SPECIAL.get(code)
    return special(value) if special else str(value)


def _allergens(codes: Collection[str]) -> str:
    if not codes:
        return str(_("Không có chất nào trong 14 nhóm dễ gây dị ứng."))
    return ", ".join(a.name_en if language() == "en" else a.name for a in named(codes))


def _season(season: int) -> str:
    if season == WHOLE_YEAR:
        return str(_("Có quanh năm."))
    names = get_month_names("wide", locale=language())
    return ", ".join(names[month] for month in sorted(months_of(season)))


def _origin(code: str) -> str:
    commune = find_commune(code)
    return commune.name if commune else ""


_SPECIAL: dict[str, Callable[[Any], str]] = {
    "allergens": _allergens,
    "declared_kind": lambda kind: str(_(KIND_NAMES[DeclaredKind(kind)])),
    "shelf_life_from": lambda start: str(_(FROM_NAMES[From(start)])),
    "shelf_life_days": lambda days: str(ngettext("%(num)d ngày", "%(num)d ngày", days)),
    "max_transit_days": lambda days: str(ngettext("%(num)d ngày", "%(num)d ngày", days)),
    "delivery_radius_km": lambda km: f"{km} km",
    "capacity_unit": lambda unit: unit_names(Unit(unit))[1 if language() == "en" else 0],
    "season": _season,
    ORIGIN: _origin,
}
