"""Whoosh behind the engine interface: it analyses, stores and ranks; sets of hits are Python's whole numbers.

Each document has a bit. Facet values, prices and days are kept as numbers whose set bits are the documents,
read from the index's columns once after each commit: a filter is an `and`, a count is `bit_count`. A word is read from
Whoosh when it is first asked for after a commit (`postings.py`).
"""

import time
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import Lock

from whoosh import index as whoosh_index
from whoosh import scoring, writing
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema

from marketplace.shop.search.columns import Columns
from marketplace.shop.search.postings import Postings
from marketplace.shop.search.rules import Document, Found, Query, Sort, exact_words, folded_words

SCHEMA = Schema(
    listing=NUMERIC(int, stored=True, signed=False),
    folded=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
    name=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
    exact=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
    facts=STORED,
    digest=ID(stored=True),
)
OPEN_TRIES = 20


class WhooshEngine:
    """An index in a folder. One process writes at a time (the worker); any number read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._opened: tuple[Postings, Columns] | None = None

    def search(self, query: Query, *, on: date) -> Found:
        """See `rules.Engine.search`."""
        postings, columns = self._open()
        words = list(dict.fromkeys(folded_words(query.text)))
        base = columns.live(on) & columns.priced(query.price_min, query.price_max)
        base &= postings.matching("folded", words)
        chosen = {
            "category": columns.any_of("category", query.sets),
            "stars": columns.any_of("stars", {str(s) for s in query.stars}),
            "district": columns.any_of("district", query.districts),
        }
        hits = base & chosen["category"] & chosen["stars"] & chosen["district"]
        facets = {}
        for name in chosen:
            others = base
            for other, bits in chosen.items():
                if other != name:
                    others &= bits
            facets[name] = columns.count(name, others)
        start = (query.page - 1) * query.per_page
        by_score = bool(words) and query.sort is Sort.RELEVANCE
        scores = postings.score(hits, _wanted(words, query.text)) if by_score else None
        ordered = columns.ordered(hits, query.sort, scores, start + query.per_page)
        return Found(tuple(columns.listing[d] for d in ordered[start:]), hits.bit_count(), facets)

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
        if whoosh_index.exists_in(str(self.folder)):
            return whoosh_index.open_dir(str(self.folder))
        return whoosh_index.create_in(str(self.folder), SCHEMA)

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


def _wanted(folded: list[str], text: str) -> list[tuple[str, str, float]]:
    """What a hit scores by: its words anywhere, more in the name, and more as typed with their marks."""
    found = [("folded", word, 1.0) for word in folded] + [("name", word, 3.0) for word in folded]
    return found + [("exact", word, 2.0) for word in dict.fromkeys(exact_words(text))]


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
        "facts": (
            document.listing_id,
            document.first.toordinal(),
            document.last.toordinal(),
            document.stars,
            document.set_code,
            document.district,
            document.price,
            document.available,
        ),
    }
