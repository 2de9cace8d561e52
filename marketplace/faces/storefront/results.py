"""A page of search results: cards, facets with counts, chips, the addresses that narrow and widen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from marketplace.faces.storefront.cards import Card, cards
from marketplace.people.places.queries import list_former_districts
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import money
from marketplace.registry.certification.product_sets import (
    StorefrontGroup,
    all_groups,
    all_sets,
    find_group,
    group_of,
    introduction_of,
    product_set,
)
from marketplace.shop.search.forms import Asked
from marketplace.shop.search.queries import search
from marketplace.shop.search.rules import Sort

SORTS = {
    Sort.RELEVANCE: _l("Hợp nhất"),
    Sort.NEWEST: _l("Mới được cấp sao"),
    Sort.STARS: _l("Nhiều sao trước"),
    Sort.CHEAPEST: _l("Rẻ trước"),
    Sort.DEAREST: _l("Đắt trước"),
}


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many hits it has, whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """A chosen filter and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Results:
    """What a list page shows."""

    asked: Asked
    args: MultiDict[str, str]
    path: str
    cards: tuple[Card, ...]
    total: int
    counts: dict[str, dict[str, int]]

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / self.asked.query.per_page))

    @property
    def page(self) -> int:
        return self.asked.query.page

    def page_url(self, page: int) -> str:
        """The address of another page of the same results."""
        return self._address(page=[str(page)] if page > 1 else [])

    @cached_property
    def categories(self) -> list[Choice]:
        """The sets that have hits or are chosen."""
        counts, chosen = self.counts["category"], self.asked.query.sets
        english = language() == "en"
        return [
            Choice(s.code, s.short_en if english else s.short, counts.get(s.code, 0), s.code in chosen)
            for s in all_sets()
            if s.code in counts or s.code in chosen
        ]

    @cached_property
    def stars(self) -> list[Choice]:
        counts, chosen = self.counts["stars"], self.asked.query.stars
        return [
            Choice(str(n), _("%(n)d sao", n=n), counts.get(str(n), 0), n in chosen)
            for n in (5, 4, 3)
            if str(n) in counts or n in chosen
        ]

    @cached_property
    def districts(self) -> list[Choice]:
        counts, chosen = self.counts["district"], self.asked.query.districts
        return [
            Choice(unit.code, unit.name, counts.get(unit.code, 0), unit.code in chosen)
            for unit in list_former_districts()
            if unit.code in counts or unit.code in chosen
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in force, each with the address that lifts it."""
        found = [
            Chip(choice.label, self._without(name, choice.value))
            for name, choices in (("category", self.categories), ("stars", self.stars), ("district", self.districts))
            for choice in choices
            if choice.chosen
        ]
        query = self.asked.query
        if query.price_min is not None:
            found.append(Chip(_("Từ %(price)s", price=money(query.price_min)), self._without("price_min")))
        if query.price_max is not None:
            found.append(Chip(_("Đến %(price)s", price=money(query.price_max)), self._without("price_max")))
        return found

    @property
    def bare_url(self) -> str:
        """The address with no filter: the words stay."""
        kept = ("q", "sort", "lang")
        return self._join((name, value) for name, value in self.args.items(multi=True) if name in kept)

    def _without(self, name: str, value: str | None = None) -> str:
        values = self.args.getlist(name) if value is not None else []
        kept = [v for v in values if v != value]
        if name == "category" and value is not None:
            kept = sorted(self.asked.query.sets - {value})
        return self._address(**{name: kept, "page": []})

    def _address(self, **changes: list[str]) -> str:
        pairs = [(name, value) for name, value in self.args.items(multi=True) if name not in changes and value]
        return self._join([*pairs, *((name, value) for name, values in changes.items() for value in values)])

    def _join(self, pairs: Iterable[tuple[str, str]]) -> str:
        written = urlencode(list(pairs))
        return iri_to_uri(self.path) + (f"?{written}" if written else "")


def results(asked: Asked, args: MultiDict[str, str], path: str, *, on: date) -> Results:
    """The page of results that the address asks for."""
    hits = search(asked.query, on=on)
    return Results(asked, args, path, tuple(cards(hits.listings, on=on)), hits.found.total, hits.found.facets)


@dataclass(frozen=True)
class Category:
    """A category page's subject: a group of the shop window, or one set."""

    slug: str
    name: str
    name_en: str
    sets: tuple[str, ...]
    icon: str

    @property
    def introduction(self) -> tuple[str, str]:
        """What is in it, in Vietnamese and in English."""
        return introduction_of(self.slug)

    @property
    def parent(self) -> StorefrontGroup | None:
        """The group of the shop window that a set's page stands under; a group's page stands alone."""
        return group_of(self.slug) if find_group(self.slug) is None else None


def category(slug: str) -> Category:
    """The group with this slug, or the set with this code; else NotFound."""
    group = find_group(slug)
    if group is not None:
        return Category(group.slug, group.name, group.name_en, group.sets, group.icon)
    if slug not in {known.code for known in all_sets()}:
        raise NotFound
    known = product_set(slug)
    return Category(known.code, known.name, known.name_en, (known.code,), known.code)


def group_counts(counts: dict[str, int]) -> list[tuple[Category, int]]:
    """The shop window's groups, each with its number of hits."""
    return [
        (Category(g.slug, g.name, g.name_en, g.sets, g.icon), sum(counts.get(code, 0) for code in g.sets))
        for g in all_groups()
    ]
