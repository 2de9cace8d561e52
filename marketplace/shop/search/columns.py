"""The index's facts as whole numbers: bit n of a number says whether document n is in a set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest

from whoosh.reading import IndexReader

from marketplace.shop.search.rules import Sort

Facts = tuple[int, int, int, int, str, str, int, bool]


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
    values: dict[str, dict[str, int]]  # facet -> value -> documents
    everything: int
    orders: dict[Sort, list[int]]
    _live: dict[date, int] = field(default_factory=dict)

    @classmethod
    def read(cls, reader: IndexReader) -> "Columns":
        """Read them from the stored fields; a deleted document is in no set."""
        size = reader.doc_count_all()
        facts: dict[int, Facts] = {n: fields["facts"] for n, fields in reader.iter_docs()}
        return cls(
            size=size,
            listing=[facts[n][0] if n in facts else 0 for n in range(size)],
            first=[facts[n][1] if n in facts else 0 for n in range(size)],
            last=[facts[n][2] if n in facts else 0 for n in range(size)],
            prices=[facts[n][6] if n in facts else 0 for n in range(size)],
            values={
                "stars": _by_value({n: str(f[3]) for n, f in facts.items()}, size),
                "category": _by_value({n: f[4] for n, f in facts.items()}, size),
                "district": _by_value({n: f[5] for n, f in facts.items() if f[5]}, size),
            },
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


def _by_value(values: Mapping[int, str], size: int) -> dict[str, int]:
    documents: dict[str, list[int]] = {}
    for n, value in values.items():
        documents.setdefault(value, []).append(n)
    return {value: bits_of(inside, size) for value, inside in documents.items()}


def _orders(facts: Mapping[int, Facts]) -> dict[Sort, list[int]]:
    """Document numbers in each order; what is sold out comes after what is not, ties by listing."""

    def by(*keys: tuple[int, int]) -> list[int]:
        return sorted(
            facts, key=lambda n: (not facts[n][7], *(sign * int(facts[n][k]) for k, sign in keys), facts[n][0])
        )

    return {
        Sort.NEWEST: by((1, -1)),
        Sort.CHEAPEST: by((6, 1)),
        Sort.DEAREST: by((6, -1)),
        Sort.STARS: by((3, -1), (1, -1)),
    }
