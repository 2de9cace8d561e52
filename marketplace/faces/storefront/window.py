"""What this visitor is shown of what the public may see: alcohol stands behind the age barrier, everywhere alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from marketplace.faces.storefront.cards import Card, cards
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.folding import fold
from marketplace.platform.web.language import language
from marketplace.registry.certification.product_sets import all_groups, all_sets
from marketplace.shop.catalog.age import left_out
from marketplace.shop.catalog.queries import list_public
from marketplace.shop.search.queries import Hits, engine, search
from marketplace.shop.search.rules import Query
from marketplace.shop.search.words import folded_words

SUGGESTED = 6


def find(query: Query, *, on: date) -> Hits:
    """The hits that this visitor may see; how many were left out stands in `found.left_out`."""
    return search(replace(query, without=left_out()), on=on)


@dataclass(frozen=True)
class Place:
    """A category or a producer that a visitor may mean."""

    code: str
    name: str
    url: str


@dataclass(frozen=True)
class Suggestions:
    """What may be meant by what was typed so far."""

    words: tuple[str, ...]
    products: Sequence[Card]
    categories: Sequence[Place]
    producers: Sequence[Place]


def suggest(text: str, *, at: datetime) -> Suggestions:
    """Products, categories and producers whose names have words that begin as typed; marks do not matter."""
    on = day_of(at)
    found = engine().suggest(text, on=on, without=left_out(), most=SUGGESTED)
    makers = [Place(slug, name, f"/producers/{slug}") for slug, name in found.producers]
    products = cards(list_public(found.listing_ids, on=on), at=at)
    return Suggestions(tuple(folded_words(text)), products, _categories(text), makers)


def _categories(text: str) -> list[Place]:
    """Groups and sets by the beginnings of the words of their names, in the reader's language."""
    typed = folded_words(text)
    english = language() == "en"
    places = [(g.slug, g.name_en, g.name_en) if english else (g.slug, g.name, g.name) for g in all_groups()]
    for s in all_sets():
        name, long = (s.short_en, s.name_en) if english else (s.short, s.name)
        places.append((s.code, name, f"{name} {long}"))
    found: dict[str, Place] = {}
    for code, name, words in places:
        known = folded_words(words)
        if typed and all(any(word.startswith(start) for word in known) for start in typed):
            found.setdefault(fold(name), Place(code, name, f"/categories/{code}"))
    return list(found.values())[:SUGGESTED]
