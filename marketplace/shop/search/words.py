"""How Vietnamese text becomes words: folded for finding, exact for ranking; synonyms; where words stand in a text."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from marketplace.platform.core.folding import fold, nfc

_WORD = re.compile(r"\w+")
LONGEST_PHRASE = 3
SYNONYM = 0.5  # what a synonym's word counts beside the typed one
SNIPPET = 160


def exact_words(text: str) -> list[str]:
    """The words of a text in lower case, marks kept: for ranking typed accents first."""
    return _WORD.findall(nfc(text).casefold())


def folded_words(text: str) -> list[str]:
    """The words of a text without marks, đ as d: for finding."""
    return _WORD.findall(fold(text))


@dataclass(frozen=True)
class Alternative:
    """Folded words that must all be there, and what they count."""

    words: tuple[str, ...]
    weight: float = 1.0


Want = tuple[Alternative, ...]  # any one of these


def wants(text: str) -> list[Want]:
    """What a hit must have, word by word; a word of the North or the South also means the other's.

    `data/synonyms.json` is directional: where a word without marks would be taken for another, marks are needed.
    """
    exact, folded = exact_words(text), folded_words(text)
    found: list[Want] = []
    at = 0
    while at < len(folded):
        taken, want = _phrase(exact, folded, at)
        if want not in found:
            found.append(want)
        at += taken
    return found


def _phrase(exact: Sequence[str], folded: Sequence[str], at: int) -> tuple[int, Want]:
    for length in range(min(LONGEST_PHRASE, len(folded) - at), 0, -1):
        words = tuple(folded[at : at + length])
        others = synonyms().get(" ".join(exact[at : at + length])) or synonyms().get(" ".join(words))
        if others:
            return length, (Alternative(words), *(Alternative(other, SYNONYM) for other in others))
    return 1, (Alternative((folded[at],)),)


@cache
def synonyms() -> dict[str, tuple[tuple[str, ...], ...]]:
    """What else a phrase may be called, by the phrase as typed: with marks, and without where that is safe."""
    rows = json.loads((Path(__file__).parent / "data" / "synonyms.json").read_text(encoding="utf-8"))
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for row in rows:
        others = tuple(tuple(folded_words(other)) for other in row["also"])
        found[row["phrase"]] = others
        if not row["marks_needed"]:
            found.setdefault(fold(row["phrase"]), others)
    return found


def marked(text: str, words: Collection[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the folded words."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in _WORD.finditer(text):
        if fold(match.group()) in words:
            pieces += [(text[end : match.start()], False), (match.group(), True)]
            end = match.end()
    pieces.append((text[end:], False))
    return [piece for piece in pieces if piece[0]]


def snippet(text: str, words: Collection[str]) -> list[tuple[str, bool]]:
    """The stretch of a text with most of the folded words, marked; nothing where none is in it."""
    text = nfc(text)
    places = [(m.start(), fold(m.group())) for m in _WORD.finditer(text) if fold(m.group()) in words]
    if not places:
        return []
    start = max(places, key=lambda p: (len({w for s, w in places if p[0] <= s < p[0] + SNIPPET}), -p[0]))[0]
    begin = max(0, start - 30)
    begin = 0 if begin == 0 else text.index(" ", begin) + 1 if " " in text[begin:start] else start
    end = text.rfind(" ", begin, begin + SNIPPET) if len(text) > begin + SNIPPET else len(text)
    inside = text[begin : end if end > begin else begin + SNIPPET]
    return marked(("… " if begin else "") + inside + (" …" if begin + len(inside) < len(text) else ""), words)
