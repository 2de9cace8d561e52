"""What Whoosh says of a word, asked once a commit: the documents that have it, and its score in each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from operator import and_, or_

from whoosh import query as q
from whoosh.searching import Searcher

from marketplace.shop.search.columns import bits_of, documents_in
from marketplace.shop.search.words import Want

MOST_ENTRIES = 3_000_000  # about 300 MB; then what was kept is let go


@dataclass(frozen=True)
class Posting:
    """One word of one field: its documents as a set, and what each scores by it."""

    bits: int
    scores: dict[int, float]


NOTHING = Posting(0, {})


@dataclass
class Postings:
    """The words asked for since the commit. Whoosh's matcher walks a posting in Python, which costs more than all
    else in a search; kept, a search is an intersection of whole numbers and a sum over the hits.
    """

    searcher: Searcher
    size: int
    _kept: dict[tuple[str, str], Posting] = field(default_factory=dict)
    _entries: int = 0

    def of(self, name: str, word: str) -> Posting:
        """The posting of a word in the field `name`."""
        known = self._kept.get((name, word))
        if known is None:
            known = self._read(name, word)
            if self._entries + len(known.scores) > MOST_ENTRIES:
                self._kept, self._entries = {}, 0
            self._kept[name, word] = known
            self._entries += len(known.scores)
        return known

    def matching(self, name: str, words: Iterable[str]) -> int:
        """The documents that have every one of the words."""
        found = -1
        for word in words:
            found &= self.of(name, word).bits
        return found

    def wanted(self, name: str, asked: Sequence[Want], *, loose: bool) -> int:
        """The documents that have all that is asked; where `loose`, any of it."""
        each = [reduce(or_, (self.matching(name, other.words) for other in want)) for want in asked]
        return reduce(or_, each, 0) if loose else reduce(and_, each, -1)

    def beginning(self, name: str, start: str, *, most: int) -> int:
        """The documents with a word that begins so; of very many such words the first `most`."""
        found = 0
        for word in islice(self.searcher.reader().expand_prefix(name, start), most):
            found |= self.of(name, word.decode()).bits
        return found

    def vocabulary(self, name: str) -> dict[str, int]:
        """Every word of a field with the number of documents that have it."""
        reader = self.searcher.reader()
        return {term.decode(): info.doc_frequency() for term, info in reader.iter_field(name)}

    def score(self, documents: int, wanted: Iterable[tuple[str, str, float]]) -> dict[int, float]:
        """What each of the documents scores by the words that it has: (field, word, boost)."""
        weighed = [(posting.scores, boost) for name, word, boost in wanted if (posting := self.of(name, word)).scores]
        return {
            n: sum(scores.get(n, 0.0) * boost for scores, boost in weighed) for n in documents_in(documents, self.size)
        }

    def _read(self, name: str, word: str) -> Posting:
        scores: dict[int, float] = {}
        term = q.Term(name, word)
        for part, offset in self.searcher.leaf_searchers():
            matcher = term.matcher(part, context=part.context())
            while matcher.is_active():
                scores[matcher.id() + offset] = matcher.score()
                matcher.next()
        return Posting(bits_of(scores, self.size), scores) if scores else NOTHING
