"""A page of search results: cards, facets with counts, chips, the addresses that narrow and widen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from math import ceil
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from marketplace.faces.storefront.cards import Card, cards
from marketplace.faces.storefront.window import find
from marketplace.people.places.queries import list_communes, list_former_districts
from marketplace.people.producers.queries import names_of
from marketplace.platform.core.clock import day_of
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
from marketplace.shop.search.queries import engine
from marketplace.shop.search.rules import PRICE_BANDS, YEAR, Query, Sort
from marketplace.shop.search.words import snippet, wants

SORTS = {
    Sort.RELEVANCE: _l("Hợp nhất"),
    Sort.NEWEST: _l("Mới được cấp sao"),
    Sort.STARS: _l("Nhiều sao trước"),
    Sort.CHEAPEST: _l("Rẻ trước"),
    Sort.DEAREST: _l("Đắt trước"),
}

MOST_CHOICES = 20  # of one facet
NEAREST = 8


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many hits it has, whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Link:
    """A range that a click narrows to."""

    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """A chosen filter and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Help:
    """What a search that found nothing offers: the words put right, what is nearest, what the filters hide."""

    mended: str | None
    mended_url: str
    unfiltered: int
    near: tuple[Card, ...]


@dataclass(frozen=True)
class Results:
    """What a list page shows."""

    asked: Asked
    args: MultiDict[str, str]
    path: str
    cards: tuple[Card, ...]
    total: int
    counts: dict[str, dict[str, int]]
    left_out: int
    help: Help | None

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
    def communes(self) -> list[Choice]:
        """Communes of the province, those with most hits first."""
        counts, chosen = self.counts["commune"], self.asked.query.communes
        units = list_communes(current_app.config["SETTINGS"].province_code)
        return _busiest(
            Choice(unit.code, unit.name, counts.get(unit.code, 0), unit.code in chosen)
            for unit in units
            if unit.code in counts or unit.code in chosen
        )

    @cached_property
    def producers(self) -> list[Choice]:
        """Producers, those with most hits first."""
        counts, chosen = self.counts["producer"], self.asked.query.producers
        most = {slug for slug, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_CHOICES]}
        names = names_of(most | chosen)
        return _busiest(Choice(slug, names[slug], counts.get(slug, 0), slug in chosen) for slug in sorted(names))

    @cached_property
    def months(self) -> list[Choice]:
        """The twelve months, where goods have seasons."""
        counts, chosen = self.counts["month"], self.asked.query.months
        if len(set(counts.values())) <= 1 and not chosen:
            return []
        return [
            Choice(str(m), _("Tháng %(n)d", n=m), counts.get(str(m), 0), m in chosen)
            for m in YEAR
            if str(m) in counts or m in chosen
        ]

    @cached_property
    def prices(self) -> list[Link]:
        """Price ranges with hits, each with the address that narrows to it."""
        counts, query = self.counts["price"], self.asked.query
        return [
            Link(
                _band(low, high),
                counts[name],
                self._address(price_min=[str(low)] if low else [], price_max=[str(high)] if high else [], page=[]),
                (query.price_min or 0, query.price_max) == (low, high),
            )
            for name, (low, high) in PRICE_BANDS.items()
            if name in counts
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters chosen, each with the address that lifts it; a group's own sets are its page, not a choice."""
        found = [
            Chip(choice.label, self._without(name, choice.value))
            for name, choices in (
                ("category", self.categories if "category" in self.args else []),
                ("stars", self.stars),
                ("district", self.districts),
                ("commune", self.communes),
                ("producer", self.producers),
                ("month", self.months),
            )
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
    def url(self) -> str:
        """The address of these very results."""
        return self._address()

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


def results(asked: Asked, args: MultiDict[str, str], path: str, *, at: datetime) -> Results:
    """The page of results that the address asks for."""
    hits = find(asked.query, on=day_of(at))
    shown = cards(hits.listings, at=at)
    words = {word for want in wants(asked.query.text) for other in want for word in other.words}
    if words:
        shown = [replace(card, snippet=_snippet(card, words)) for card in shown]
    found = hits.found
    nothing = None if shown else _help(asked.query, at=at)
    return Results(asked, args, path, tuple(shown), found.total, found.facets, found.left_out, nothing)


def _snippet(card: Card, words: set[str]) -> tuple[tuple[str, bool], ...]:
    """Where the words stand in what the card does not show anyway."""
    listing = card.public.listing
    english = language() == "en"
    texts = [listing.summary_en, listing.description_en] if english else [listing.summary, listing.description]
    return tuple(next(filter(None, (snippet(text, words) for text in texts)), []))


def _help(query: Query, *, at: datetime) -> Help:
    on = day_of(at)
    bare = Query(text=query.text)
    unfiltered = find(bare, on=on).found.total
    mended = engine().mend(query.text) if query.text and not unfiltered else None
    if mended is not None and not find(Query(text=mended), on=on).found.total:
        mended = None
    loose = Query(text=mended or query.text, loose=True, per_page=NEAREST)
    near = cards(find(loose, on=on).listings, at=at) if query.text and not unfiltered else []
    return Help(mended, f"/search?{urlencode({'q': mended})}" if mended else "", unfiltered, tuple(near))


def _busiest(choices: Iterable[Choice]) -> list[Choice]:
    """The chosen, then those with most hits; no more than a person reads."""
    return sorted(choices, key=lambda c: (not c.chosen, -c.count, c.label))[:MOST_CHOICES]


def _band(low: int, high: int | None) -> str:
    if high is None:
        return str(_("Từ %(price)s", price=money(low)))
    if not low:
        return str(_("Dưới %(price)s", price=money(high + 1)))
    return str(_("%(low)s đến %(high)s", low=money(low), high=money(high + 1)))


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
