"""Whoosh behind the engine interface: it analyses, stores and ranks; sets of hits are Python's whole numbers.

Each document has a bit. Facet values, prices and days are kept as numbers whose set bits are the documents,
read from the index's columns once after each commit: a filter is an `and`, a count is `bit_count`. A word is read from
Whoosh when it is first asked for after a commit (`postings.py`).
"""

import time
from collections.abc import Sequence
from datetime import date
from functools import reduce
from hashlib import sha256
from itertools import islice, product
from operator import and_
from pathlib import Path
from threading import Lock

from whoosh import index as whoosh_index
from whoosh import scoring, writing
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema

from marketplace.platform.core.folding import fold
from marketplace.shop.search.columns import Columns, Facts
from marketplace.shop.search.postings import Postings
from marketplace.shop.search.rules import Document, Found, Query, Sort, Suggested
from marketplace.shop.search.spelling import Spelling, written_forms
from marketplace.shop.search.words import Want, exact_words, folded_words, wants

SCHEMA = Schema(
    listing=NUMERIC(int, stored=True, signed=False),
    folded=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
    name=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
    exact=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
    facts=STORED,
    digest=ID(stored=True),
)
SHAPE = "listings3"  # a new name for each change of what is stored: an index of another shape is built anew
OPEN_TRIES = 20
SHORTEST_START = 2  # letters, before anything is suggested
MOST_ENDINGS = 80
MOST_GUESSES = 60


class WhooshEngine:
    """An index in a folder. One process writes at a time (the worker); any number read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._opened: tuple[Postings, Columns] | None = None
        self._spelled: tuple[Postings, Spelling] | None = None

    def search(self, query: Query, *, on: date) -> Found:
        """See `rules.Engine.search`."""
        postings, columns = self._open()
        asked = wants(query.text)
        matching = columns.live(on) & postings.wanted("folded", asked, loose=query.loose and bool(asked))
        base = matching & ~columns.any_of("category", query.without) if query.without else matching
        chosen = {
            "category": columns.any_of("category", query.sets),
            "stars": columns.any_of("stars", map(str, query.stars)),
            "district": columns.any_of("district", query.districts),
            "commune": columns.any_of("commune", query.communes),
            "producer": columns.any_of("producer", query.producers),
            "month": columns.any_of("month", map(str, query.months)),
            "price": columns.priced(query.price_min, query.price_max),
        }
        narrowed = reduce(and_, chosen.values())
        hits = base & narrowed
        facets = {}
        for name in chosen:
            others = reduce(and_, (bits for other, bits in chosen.items() if other != name), base)
            facets[name] = columns.count(name, others)
        start = (query.page - 1) * query.per_page
        by_score = bool(asked) and query.sort is Sort.RELEVANCE
        scores = postings.score(hits, _wanted(asked, query.text)) if by_score else None
        ordered = columns.ordered(hits, query.sort, scores, start + query.per_page)
        left_out = (matching & narrowed & ~base).bit_count()
        return Found(tuple(columns.listing[d] for d in ordered[start:]), hits.bit_count(), facets, left_out)

    def suggest(self, text: str, *, on: date, without: frozenset[str], most: int) -> Suggested:
        """See `rules.Engine.suggest`."""
        postings, columns = self._open()
        words = folded_words(text)
        if not words or len("".join(words)) < SHORTEST_START:
            return Suggested((), ())
        live = columns.live(on)
        if without:
            live &= ~columns.any_of("category", without)
        hits = live & postings.matching("folded", words[:-1])
        hits &= postings.beginning("name", words[-1], most=MOST_ENDINGS)
        best = columns.ordered(hits, Sort.STARS, None, most * 8)
        typed = " ".join(words)
        best.sort(key=lambda n: not " ".join(folded_words(columns.names[n])).startswith(typed))
        listings = dict.fromkeys(columns.listing[n] for n in best)
        producers = [
            (slug, name)
            for slug, name in sorted(columns.producers.items(), key=lambda pair: pair[1])
            if _begins(folded_words(name), words) and columns.values["producer"][slug] & live
        ]
        return Suggested(tuple(listings)[:most], tuple(producers[:most]))

    def mend(self, text: str) -> str | None:
        """See `rules.Engine.mend`."""
        words, spelling = folded_words(text), self._spelling()
        postings, _ = self._open()
        best, most = None, 0
        for choice in islice(product(*map(spelling.candidates, words)), MOST_GUESSES):
            guess = [part for parts in choice for part in parts]
            found = postings.matching("folded", guess).bit_count() if guess and guess != words else 0
            if found > most:  # of two as near, the one that more documents have together
                best, most = guess, found
        ways = islice(spelling.written(best or []), MOST_GUESSES)
        return " ".join(max(ways, key=lambda way: postings.matching("exact", way).bit_count())) or None

    def fresh(self) -> bool:
        """See `rules.Engine.fresh`."""
        return not whoosh_index.exists_in(str(self.folder), SHAPE)

    def update(self, documents: dict[int, list[Document]]) -> int:
        """See `rules.Engine.update`."""
        changed = {i: docs for i, docs in documents.items() if self._digests(i) != sorted(map(_digest, docs))}
        if not changed:
            return 0
        writer = self._writer()
        for listing_id, docs in changed.items():
            writer.delete_by_term("listing", listing_id)
            for document in docs:
                writer.add_document(**_fields(document))
        writer.commit()
        return len(changed)

    def rebuild(self, documents: list[Document]) -> None:
        """See `rules.Engine.rebuild`."""
        writer = self._writer(limitmb=256)
        for document in documents:
            writer.add_document(**_fields(document))
        writer.commit(mergetype=writing.CLEAR)

    def _open(self) -> tuple[Postings, Columns]:
        """What is known of the newest commit; kept until there is a newer one."""
        with self._lock:
            if self._opened is None or not self._opened[0].searcher.up_to_date():
                self._opened = self._read()
            return self._opened

    def _spelling(self) -> Spelling:
        """Of the newest commit; made when a search first finds nothing."""
        postings, _ = self._open()
        if self._spelled is None or self._spelled[0] is not postings:
            common = postings.vocabulary("folded")
            written = ((fold(form), form, n) for form, n in postings.vocabulary("exact").items())
            self._spelled = (postings, Spelling.of(common, written_forms(written)))
        return self._spelled[1]

    def _read(self) -> tuple[Postings, Columns]:
        for attempt in range(OPEN_TRIES):
            try:
                searcher = self._index().searcher(weighting=scoring.BM25F())
                columns = Columns.read(searcher.reader())
                return Postings(searcher, columns.size), columns
            except (FileNotFoundError, whoosh_index.EmptyIndexError):
                # a commit took the segment away between reading the table of contents and opening it
                time.sleep(0.02 * (attempt + 1))
        raise OSError(f"the search index in {self.folder} cannot be opened")

    def _index(self) -> whoosh_index.Index:
        self.folder.mkdir(parents=True, exist_ok=True)
        if whoosh_index.exists_in(str(self.folder), SHAPE):
            return whoosh_index.open_dir(str(self.folder), SHAPE)
        return whoosh_index.create_in(str(self.folder), SCHEMA, SHAPE)

    def _writer(self, limitmb: int = 64) -> writing.IndexWriter:
        for _ in range(200):
            try:
                return self._index().writer(limitmb=limitmb)
            except whoosh_index.LockError:
                time.sleep(0.05)
        raise OSError(f"another process has kept the search index in {self.folder} locked for 10 seconds")

    def _digests(self, listing_id: int) -> list[str]:
        postings, _ = self._open()
        return sorted(str(fields["digest"]) for fields in postings.searcher.documents(listing=listing_id))


def _wanted(asked: Sequence[Want], text: str) -> list[tuple[str, str, float]]:
    """What a hit scores by: its words anywhere, more in the name, and more as typed with their marks."""
    words = [(word, other.weight) for want in asked for other in want for word in other.words]
    found = [("folded", word, weight) for word, weight in words]
    found += [("name", word, 3.0 * weight) for word, weight in words]
    return found + [("exact", word, 2.0) for word in dict.fromkeys(exact_words(text))]


def _begins(words: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether the typed words are there, the last as the beginning of one."""
    return all(word in words for word in typed[:-1]) and any(word.startswith(typed[-1]) for word in words)


def _digest(document: Document) -> str:
    return sha256(repr(document).encode()).hexdigest()[:24]


def _fields(document: Document) -> dict[str, object]:
    everything = f"{document.name} {document.other_names} {document.text}"
    return {
        "listing": document.listing_id,
        "folded": " ".join(folded_words(everything)),
        "name": " ".join(folded_words(document.name)),
        "exact": " ".join(exact_words(f"{document.name} {document.other_names}")),
        "digest": _digest(document),
        "facts": tuple(Facts.of(document)),
    }
