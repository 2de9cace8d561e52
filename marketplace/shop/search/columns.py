"""The index's facts as whole numbers: bit n of a number says whether document n is in a set."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest
from typing import Any, NamedTuple

from whoosh.reading import IndexReader

from marketplace.shop.search.rules import PRICE_BANDS, Document, Sort


class Facts(NamedTuple):
    """What is stored of a document beside its words; stored as a plain tuple."""

    listing: int
    first: int
    last: int
    since: int
    stars: int
    category: str
    district: str
    commune: str
    producer: str
    producer_name: str
    months: tuple[int, ...]
    price: int
    available: bool
    name: str

    @classmethod
    def of(cls, document: Document) -> "Facts":
        """The facts of a document; days as their ordinals."""
        return cls(
            listing=document.listing_id,
            first=document.first.toordinal(),
            last=document.last.toordinal(),
            since=document.since.toordinal(),
            stars=document.stars,
            category=document.set_code,
            district=document.district,
            commune=document.commune,
            producer=document.producer,
            producer_name=document.producer_name,
            months=document.months,
            price=document.price,
            available=document.available,
            name=document.name,
        )


FACETS: dict[str, Callable[[Facts], Iterable[Any]]] = {
    "category": lambda f: (f.category,),
    "stars": lambda f: (f.stars,),
    "district": lambda f: (f.district,) if f.district else (),
    "commune": lambda f: (f.commune,) if f.commune else (),
    "producer": lambda f: (f.producer,),
    "month": lambda f: f.months,
    "price": lambda f: (band_of(f.price),),
}


def band_of(price: int) -> str:
    """The one of PRICE_BANDS that a price, in dong, is in."""
    return next(name for name, (low, high) in PRICE_BANDS.items() if low <= price and (high is None or price <= high))


def bits_of(documents: Iterable[int], size: int) -> int:
    """The number with these bits set; `size` documents in all."""
    marks = bytearray(size // 8 + 1)
    for document in documents:
        marks[document >> 3] |= 1 << (document & 7)
    return int.from_bytes(marks, "little")


def documents_in(bits: int, size: int) -> list[int]:
    """The documents of a set, in ascending order."""
    found = []
    for start, eight in enumerate(bits.to_bytes(size // 8 + 1, "little")):
        while eight:
            low = eight & -eight
            found.append((start << 3) + low.bit_length() - 1)
            eight ^= low
    return found


@dataclass
class Columns:
    """The facts of every document of one commit."""

    size: int
    listing: list[int]
    first: list[int]
    last: list[int]
    prices: list[int]
    names: list[str]
    producers: dict[str, str]  # slug -> name
    values: dict[str, dict[str, int]]  # facet -> value -> documents
    everything: int
    orders: dict[Sort, list[int]]
    _live: dict[date, int] = field(default_factory=dict)

    @classmethod
    def read(cls, reader: IndexReader) -> "Columns":
        """Read them from the stored fields; a deleted document is in no set."""
        size = reader.doc_count_all()
        facts = {n: Facts(*fields["facts"]) for n, fields in reader.iter_docs()}
        nothing = Facts(0, 0, 0, 0, 0, "", "", "", "", "", (), 0, False, "")
        every = [facts.get(n, nothing) for n in range(size)]
        return cls(
            size=size,
            listing=[f.listing for f in every],
            first=[f.first for f in every],
            last=[f.last for f in every],
            prices=[f.price for f in every],
            names=[f.name for f in every],
            producers={f.producer: f.producer_name for f in facts.values()},
            values={name: _by_value(facts, values, size) for name, values in FACETS.items()},
            everything=bits_of(facts, size),
            orders=_orders(facts),
        )

    def live(self, on: date) -> int:
        """The documents that count on the day."""
        if on not in self._live:
            day = on.toordinal()
            documents = (n for n in range(self.size) if self.first[n] <= day <= self.last[n])
            self._live = {on: bits_of(documents, self.size) & self.everything}
        return self._live[on]

    def priced(self, lowest: int | None, highest: int | None) -> int:
        """The documents whose price is within, both ends included."""
        if lowest is None and highest is None:
            return self.everything
        low, high = lowest or 0, highest if highest is not None else 10**15
        return bits_of((n for n, price in enumerate(self.prices) if low <= price <= high), self.size)

    def any_of(self, facet: str, wanted: Iterable[str]) -> int:
        """The documents with any of the wanted values; all documents where none is wanted."""
        found, asked = 0, False
        for value in wanted:
            asked = True
            found |= self.values[facet].get(value, 0)
        return found if asked else self.everything

    def count(self, facet: str, documents: int) -> dict[str, int]:
        """How many of the documents have each value; values without any are left out."""
        counts = ((value, (bits & documents).bit_count()) for value, bits in self.values[facet].items())
        return {value: number for value, number in sorted(counts) if number}

    def ordered(self, hits: int, sort: Sort, scores: Mapping[int, float] | None, most: int) -> list[int]:
        """The first `most` documents of `hits` in the order asked for; by relevance where nothing was typed, newest."""
        if sort is Sort.RELEVANCE and scores is not None:
            return nsmallest(most, scores, key=lambda n: (-scores[n], n))
        marks = hits.to_bytes(self.size // 8 + 1, "little")
        found: list[int] = []
        for n in self.orders[sort if sort is not Sort.RELEVANCE else Sort.NEWEST]:
            if marks[n >> 3] >> (n & 7) & 1:
                found.append(n)
                if len(found) == most:
                    break
        return found


def _by_value(facts: Mapping[int, Facts], values: Callable[[Facts], Iterable[Any]], size: int) -> dict[str, int]:
    documents: dict[str, list[int]] = {}
    for n, known in facts.items():
        for value in values(known):
            documents.setdefault(str(value), []).append(n)
    return {value: bits_of(inside, size) for value, inside in documents.items()}


def _orders(facts: Mapping[int, Facts]) -> dict[Sort, list[int]]:
    """Document numbers in each order; what is sold out comes after what is not, ties by listing."""

    def by(*keys: Callable[[Facts], int]) -> list[int]:
        return sorted(facts, key=lambda n: (not facts[n].available, *(k(facts[n]) for k in keys), facts[n].listing))

    return {
        Sort.NEWEST: by(lambda f: -f.since),
        Sort.CHEAPEST: by(lambda f: f.price),
        Sort.DEAREST: by(lambda f: -f.price),
        Sort.STARS: by(lambda f: -f.stars, lambda f: -f.since),
    }
