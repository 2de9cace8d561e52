"""The shop window of a day: what is placed, admitted by the public rule, and has its turn now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.faces.storefront.cards import Card, cards_of, picture_of
from marketplace.faces.storefront.counted import count
from marketplace.platform.core.clock import day_of
from marketplace.platform.web.language import language
from marketplace.shop.catalog.age import left_out
from marketplace.shop.catalog.queries import PublicListing
from marketplace.trade.collections.models import Collection
from marketplace.trade.promotion.models import ROOMS, Audience, Place, Placement
from marketplace.trade.promotion.queries import list_on
from marketplace.trade.promotion.rules import on_show
from marketplace.trade.promotion.standing import Goods, goods_of, hindrance

HOME = (Place.HOME_BANNER, Place.FEATURED_ROW, Place.SEASONAL, Place.PRODUCER_OF_WEEK, Place.GIFT_BASKETS)


@dataclass(frozen=True)
class Tile:
    """Something with a picture, a title and a line, that leads somewhere; texts in Vietnamese and English."""

    url: str
    title: tuple[str, str]
    summary: tuple[str, str]
    picture: str | None  # the name of its files
    drawing: str
    alt: tuple[str, str] = ("", "")
    count: int = 0  # of its products
    collection: Collection | None = None


@dataclass(frozen=True)
class PlacedCard(Card):
    """A product's card whose link is counted."""

    link: str = ""

    @property
    def url(self) -> str:
        return self.link


@dataclass(frozen=True)
class Window:
    """What the home page shows beside what it always does."""

    banner: Tile | None
    featured: Sequence[Card]
    seasonal: Sequence[Tile]
    maker: Tile | None
    baskets: Sequence[Tile]


def home_window(*, at: datetime, preview: bool = False) -> Window:
    """The home page's placements at an instant, for this reader; counted as shown, but in a preview."""
    on = day_of(at)
    placed = list_on(on, audience=Audience(language()), places=HOME)
    goods = goods_of(placed, on=on, hidden=left_out())
    shown = {place: _on_show(place, placed, goods, at) for place in HOME}
    if not preview:
        count([each.id for inside in shown.values() for each in inside], "shown")

    def tiles(place: Place) -> list[Tile]:
        return [tile_of(each, goods, preview=preview) for each in shown[place]]

    return Window(
        banner=next(iter(tiles(Place.HOME_BANNER)), None),
        featured=_cards(shown[Place.FEATURED_ROW], goods, at=at, preview=preview),
        seasonal=tiles(Place.SEASONAL),
        maker=next(iter(tiles(Place.PRODUCER_OF_WEEK)), None),
        baskets=tiles(Place.GIFT_BASKETS),
    )


def category_head(slug: str, *, at: datetime, preview: bool = False) -> list[Card]:
    """What is placed at the head of a category's page; counted as shown, but in a preview."""
    on = day_of(at)
    placed = list_on(on, audience=Audience(language()), places=(Place.CATEGORY_HEAD,), category=slug)
    goods = goods_of(placed, on=on, hidden=left_out())
    shown = _on_show(Place.CATEGORY_HEAD, placed, goods, at)
    if not preview:
        count([each.id for each in shown], "shown")
    return _cards(shown, goods, at=at, preview=preview)


def _on_show(place: Place, placed: Sequence[Placement], goods: Goods, at: datetime) -> list[Placement]:
    """Whose turn it is of those at the place that may be shown; one that may not gives way to the next."""
    admitted = [each for each in placed if each.place is place and hindrance(each, goods) is None]
    return on_show(admitted, ROOMS[place].show, at)


def _link(placement: Placement, preview: bool) -> str:
    return placement.path if preview else f"/go/{placement.code}"


def _cards(shown: Sequence[Placement], goods: Goods, *, at: datetime, preview: bool) -> list[Card]:
    links = {each.listing_id: _link(each, preview) for each in shown}
    listings = [goods.public[listing_id] for listing_id in links if listing_id is not None]
    found = cards_of(listings, variants=goods.variants, units=goods.units, at=at) if links else []
    return [PlacedCard(**vars(card), link=links[card.public.listing.id]) for card in found]


def tile_of(placement: Placement, goods: Goods, *, preview: bool) -> Tile:
    """A placement as a tile; its target is loaded and admitted."""
    url = _link(placement, preview)
    if placement.collection is not None:
        return collection_tile(placement.collection, goods, url=url)
    if placement.producer is not None:
        maker = placement.producer
        words = (_beginning(maker.story), _beginning(maker.story_en))
        return Tile(url, (maker.name, maker.name), words, None, "/art/village.svg")
    public: PublicListing = goods.public[placement.listing_id or 0]
    listing = public.listing
    texts = (listing.summary, listing.summary_en)
    return Tile(url, placement.names, texts, listing.cover, picture_of(public))


def collection_tile(collection: Collection, goods: Goods, *, url: str = "") -> Tile:
    """A collection as a tile; where it has no picture, its first product's drawing or the market's."""
    products = goods.of(collection)
    first = products[0] if products else None
    drawing = picture_of(first) if first else "/art/stall.svg"
    return Tile(
        url or collection.path,
        (collection.title, collection.title_en),
        (collection.summary, collection.summary_en),
        collection.picture or (first.listing.cover if first else None),
        drawing,
        (collection.picture_alt, collection.picture_alt_en),
        len(products),
        collection,
    )


def _beginning(story: str) -> str:
    """The first paragraph of a story, as far as a glance reaches."""
    first = story.strip().split("\n", 1)[0]
    return first if len(first) <= 220 else first[:220].rsplit(" ", 1)[0] + "…"
