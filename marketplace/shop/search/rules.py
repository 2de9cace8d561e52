"""What is asked, what is indexed, what is found; and how Vietnamese text becomes words."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from marketplace.platform.core.folding import fold, nfc

PER_PAGE = 24
_WORD = re.compile(r"\w+")


class Sort(StrEnum):
    """The order of hits."""

    RELEVANCE = "relevance"
    NEWEST = "newest"  # by the day of the certificate
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    STARS = "stars"


@dataclass(frozen=True)
class Query:
    """What a visitor asks. Several values of one facet widen it; several facets narrow. Prices in dong."""

    text: str = ""
    sets: frozenset[str] = frozenset()
    stars: frozenset[int] = frozenset()
    districts: frozenset[str] = frozenset()
    price_min: int | None = None
    price_max: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = PER_PAGE


@dataclass(frozen=True)
class Document:
    """A listing as it may be found from `first` through `last`, the days one certificate counts.

    A listing has one for each such stretch of days, today's and those to come, so that midnight needs no write.
    """

    listing_id: int
    first: date
    last: date
    stars: int
    set_code: str
    district: str  # code of the former district, empty where there is none
    price: int  # the cheapest variant's, dong
    available: bool
    name: str
    other_names: str  # English name, producer, places, product set
    text: str  # summary and description, both languages


@dataclass(frozen=True)
class Found:
    """One page of hits, the number of all, and for each facet the hits by value, its own choice left out."""

    listing_ids: tuple[int, ...]
    total: int
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


class Engine(Protocol):
    """What an engine does. `on` is the day in Vietnam; what does not count on it is neither found nor counted."""

    def search(self, query: Query, *, on: date) -> Found:
        """The page asked for, with totals and facets."""

    def update(self, documents: dict[int, list[Document]]) -> int:
        """Replace what is indexed of these listings (none: take out). Answers how many had changed."""

    def rebuild(self, documents: list[Document]) -> None:
        """Replace the whole index, in one step for those who read."""


def exact_words(text: str) -> list[str]:
    """The words of a text in lower case, marks kept: for ranking typed accents first."""
    return _WORD.findall(nfc(text).casefold())


def folded_words(text: str) -> list[str]:
    """The words of a text without marks, đ as d: for finding."""
    return _WORD.findall(fold(text))
