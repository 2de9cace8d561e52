"""What is asked, what is indexed, what is found."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

PER_PAGE = 24
YEAR = tuple(range(1, 13))
PRICE_BANDS = {  # dong, both ends included
    "0-49999": (0, 49_999),
    "50000-99999": (50_000, 99_999),
    "100000-199999": (100_000, 199_999),
    "200000-499999": (200_000, 499_999),
    "500000-": (500_000, None),
}


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
    communes: frozenset[str] = frozenset()
    producers: frozenset[str] = frozenset()
    months: frozenset[int] = frozenset()
    price_min: int | None = None
    price_max: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = PER_PAGE
    without: frozenset[str] = frozenset()  # sets left out: alcohol, until a visitor says they are of age
    loose: bool = False  # any of the words will do: what is nearest where nothing has them all


@dataclass(frozen=True)
class Document:
    """A listing as it may be found from `first` through `last`: days one certificate counts and its goods are good.

    A listing has one for each such stretch of days, today's and those to come, so that midnight needs no write.
    """

    listing_id: int
    first: date
    last: date
    since: date  # the day of the certificate
    stars: int
    set_code: str
    district: str  # code of the former district, empty where there is none
    commune: str
    producer: str  # slug
    producer_name: str
    months: tuple[int, ...]  # in season
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
    left_out: int = 0  # hits of the sets that the query leaves out


@dataclass(frozen=True)
class Suggested:
    """What may be meant while one types: listings, and producers as (slug, name)."""

    listing_ids: tuple[int, ...]
    producers: tuple[tuple[str, str], ...]


class Engine(Protocol):
    """What an engine does. `on` is the day in Vietnam; what does not count on it is neither found nor counted."""

    def search(self, query: Query, *, on: date) -> Found:
        """The page asked for, with totals and facets."""

    def suggest(self, text: str, *, on: date, without: frozenset[str], most: int) -> Suggested:
        """What begins like the typed words, the last of which may be half a word."""

    def mend(self, text: str) -> str | None:
        """The text with unknown words put right, marks on; None where nothing better is known."""

    def fresh(self) -> bool:
        """Whether nothing has been indexed yet, or only in another shape: then it is to be rebuilt."""

    def update(self, documents: dict[int, list[Document]]) -> int:
        """Replace what is indexed of these listings (none: take out). Answers how many had changed."""

    def rebuild(self, documents: list[Document]) -> None:
        """Replace the whole index, in one step for those who read."""
