"""Putting a word right that no document has: one letter off, joined words, or keys of Telex and VNI left as typed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

SHORTEST = 3
MOST_NEAR = 6
MOST_FORMS = 4  # ways to write one word: miến, miền, mien
_TONE_KEY = re.compile(r"[sfrxj](?=\d*$)")


@dataclass(frozen=True)
class Spelling:
    """The words of one commit. `forms` gives the ways a folded word is written, the usual first, `common` how often."""

    forms: Mapping[str, list[str]]
    common: Mapping[str, int]
    _near: Mapping[str, list[str]]

    @classmethod
    def of(cls, common: Mapping[str, int], forms: Mapping[str, list[str]]) -> "Spelling":
        """Of folded words with the number of documents that have each, and their written forms."""
        near: dict[str, list[str]] = {}
        for word in common:
            if len(word) >= SHORTEST and word.isalpha():
                for less in _less_one(word):
                    near.setdefault(less, []).append(word)
        return cls(forms, common, near)

    def candidates(self, word: str) -> list[tuple[str, ...]]:
        """Known words that a folded one may stand for, likeliest first; itself alone where it is known."""
        if word in self.common:
            return [(word,)]
        return [found for found in (self._keys(word), self._split(word)) if found] + self._letter_off(word)

    def written(self, words: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Folded words in the ways they are written, the usual ways first."""
        return product(*(self.forms.get(word, [word])[:MOST_FORMS] for word in words))

    def _keys(self, word: str) -> tuple[str, ...]:
        """`mieens` is `mien` and a tone, `mie61n` too."""
        bare = re.sub(r"[0-9]", "", word)
        plain = re.sub(r"([aeo])\1", r"\1", bare.replace("dd", "d").replace("w", ""))
        for guess in (bare, plain, _TONE_KEY.sub("", plain), re.sub(r"[sfrxj]", "", plain)):
            if guess != word and guess in self.common:
                return (guess,)
        return ()

    def _split(self, word: str) -> tuple[str, ...]:
        pairs = [(word[:i], word[i:]) for i in range(2, len(word) - 1)]
        known = [pair for pair in pairs if all(part in self.common for part in pair)]
        return max(known, key=lambda pair: min(self.common[part] for part in pair), default=())

    def _letter_off(self, word: str) -> list[tuple[str, ...]]:
        if len(word) < SHORTEST:
            return []
        close = {near for less in _less_one(word) for near in self._near.get(less, ()) if _one_apart(word, near)}
        ranked = sorted(close, key=lambda near: (near[0] != word[0], -self.common[near], near))
        return [(near,) for near in ranked[:MOST_NEAR]]


def _less_one(word: str) -> set[str]:
    """The word, and the word without each of its letters."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _one_apart(a: str, b: str) -> bool:
    """Whether one letter more, less, other, or two neighbours swapped turn one word into the other."""
    if len(a) == len(b):
        off = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        swapped = len(off) == 2 and off[1] == off[0] + 1 and a[off[0]] == b[off[1]] and a[off[1]] == b[off[0]]
        return len(off) == 1 or swapped
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and short in _less_one(long)


def written_forms(exact: Iterable[tuple[str, str, int]]) -> dict[str, list[str]]:
    """Of (folded, as written, documents): the forms of each folded word, first what most documents write."""
    forms: dict[str, list[str]] = {}
    for folded, form, _ in sorted(exact, key=lambda seen: (-seen[2], seen[1])):
        forms.setdefault(folded, []).append(form)
    return forms
