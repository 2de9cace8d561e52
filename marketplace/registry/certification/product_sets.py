"""The 26 product sets of Decision 148/QĐ-TTg (24 February 2023), and the shop window's groups of them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_

DATA = Path(__file__).parent / "data" / "product-sets-148.json"
INTRODUCTIONS = Path(__file__).parent / "data" / "introductions.json"


class UnknownProductSet(Invalid):
    """No set of the classification has this code."""

    code = "unknown_product_set"
    message = N_("Không có bộ sản phẩm mang mã này.")


@dataclass(frozen=True)
class ProductSet:
    """One set. Alcohol is for adults and never for cash (Luật 44/2019/QH14); a service has no cart but bookings."""

    code: str
    name: str
    name_en: str
    short: str
    short_en: str
    art: str  # the kind of drawing that stands for it
    alcohol: bool
    service: bool

    @property
    def cart(self) -> bool:
        return not self.service


@dataclass(frozen=True)
class StorefrontGroup:
    """Sets shown together in the shop window; `icon` is the set whose drawing heads it."""

    slug: str
    name: str
    name_en: str
    sets: tuple[str, ...]
    icon: str


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data


@cache
def all_sets() -> tuple[ProductSet, ...]:
    """Every set, in the decision's order."""
    return tuple(ProductSet(**row) for row in _data()["sets"])


@cache
def all_groups() -> tuple[StorefrontGroup, ...]:
    """Every group, in the shop window's order."""
    return tuple(StorefrontGroup(**{**row, "sets": tuple(row["sets"])}) for row in _data()["groups"])


@cache
def alcohol_sets() -> frozenset[str]:
    """The codes of the sets for adults only."""
    return frozenset(known.code for known in all_sets() if known.alcohol)


@cache
def _by_code() -> dict[str, ProductSet]:
    return {known.code: known for known in all_sets()}


def product_set(code: str) -> ProductSet:
    """The set with this code; raises UnknownProductSet."""
    known = _by_code().get(code)
    if known is None:
        raise UnknownProductSet({"set_code": UnknownProductSet.message})
    return known


@cache
def group_of(code: str) -> StorefrontGroup:
    """The shop window's group that a set belongs to."""
    return next(group for group in all_groups() if code in group.sets)


def find_group(slug: str) -> StorefrontGroup | None:
    """The group with this slug."""
    return next((group for group in all_groups() if group.slug == slug), None)


@cache
def _introductions() -> dict[str, tuple[str, str]]:
    data = json.loads(INTRODUCTIONS.read_text(encoding="utf-8"))
    return {slug: (row["vi"], row["en"]) for kind in ("sets", "groups") for slug, row in data[kind].items()}


def introduction_of(slug: str) -> tuple[str, str]:
    """Two sentences on a group (its slug) or a set (its code), in Vietnamese and in English."""
    return _introductions()[slug]
