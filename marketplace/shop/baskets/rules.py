"""A basket's lines by producer, and what they are worth: frozen facts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.people.producers.models import Producer
from marketplace.platform.core.money import Money, total
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import Offer
from marketplace.shop.pricing.rules import USUAL, Agreed, Priced, Sale, Terms, Tier, price_at
from marketplace.shop.pricing.totals import PartFacts, Totals, totals
from marketplace.shop.vouchers.queries import Judged, promises

NOTHING = Money(0)


class Trouble(StrEnum):
    """Why a line cannot be bought as it stands."""

    RESTING = "resting"  # out of season: back on a day
    GONE = "gone"  # no longer on sale: certificate lapsed or revoked, listing paused or withdrawn
    SOLD_OUT = "sold_out"
    SHORT = "short"  # fewer on hand than wanted
    TOO_FEW = "too_few"  # the maker sells no fewer at once
    TOO_MANY = "too_many"  # nor more
    NOT_AGREED = "not_agreed"  # what was agreed on has lapsed, was ordered, or is another's


@dataclass(frozen=True)
class Line:
    """A basket's line as of an instant. `offer` is None where it is no longer on sale."""

    variant: Variant
    quantity: int
    price_seen: Money
    offer: Offer | None
    on_hand: int  # what may be sold of it
    tiers: tuple[Tier, ...] = ()
    back_on: date | None = None  # it rests until that day
    sale: Sale | None = None  # the flash sale that runs
    agreed: Agreed | None = None  # a purchase agreed on, at whose price and quantity it is bought

    @property
    def priced(self) -> Priced:
        """What one costs at this quantity, and why: an agreed price alone, or the shop's."""
        if self.agreed is not None:
            return Priced(self.agreed.price, None, None)
        return price_at(self.variant.price, self.tiers, self.quantity, self.sale)

    @property
    def unit_price(self) -> Money:
        return self.priced.unit

    @property
    def trouble(self) -> Trouble | None:
        if self.offer is None:
            return Trouble.RESTING if self.back_on else Trouble.GONE
        if self.on_hand == 0:
            return Trouble.SOLD_OUT
        if self.agreed is not None:
            return self._agreed_trouble
        if self.quantity < self.variant.least_quantity:
            return Trouble.TOO_FEW
        if self.variant.most_quantity is not None and self.quantity > self.variant.most_quantity:
            return Trouble.TOO_MANY
        return Trouble.SHORT if self.on_hand < self.quantity else None

    @property
    def _agreed_trouble(self) -> Trouble | None:
        agreed = self.agreed
        if agreed is not None and not (agreed.stands and agreed.quantity == self.quantity):
            return Trouble.NOT_AGREED
        return Trouble.SHORT if self.on_hand < self.quantity else None

    @property
    def cashless(self) -> bool:
        """Whether it is on sale, but not for cash."""
        return self.offer is not None and product_set(self.offer.public.product.set_code).alcohol

    @property
    def price_changed(self) -> bool:
        return self.offer is not None and self.unit_price != self.price_seen

    @property
    def total(self) -> Money:
        return self.unit_price * self.quantity

    @property
    def weight_g(self) -> int:
        return (self.variant.weight_g or 0) * self.quantity


@dataclass(frozen=True)
class Group:
    """The lines of one producer, sent together."""

    producer: Producer
    lines: tuple[Line, ...]
    terms: Terms = USUAL

    @property
    def missing(self) -> Money:
        """How much more this producer asks before it sends; zero dong where it is enough, or a price was agreed."""
        return NOTHING if self.agreed else self.terms.missing(self.goods_total)

    @property
    def agreed(self) -> bool:
        """Whether it holds a purchase agreed on: no voucher is taken off such a part."""
        return any(line.agreed is not None for line in self.lines)

    @property
    def wholesale(self) -> bool:
        """Whether anything is bought at an agreed price or a quantity's: then it may go in several parcels."""
        return self.agreed or any(line.priced.tier is not None for line in self.lines)

    @property
    def goods_total(self) -> Money:
        return total(line.total for line in self.lines)

    @property
    def offered(self) -> list[tuple[Line, Offer]]:
        """Its lines, each with what admits it to sale."""
        return [(line, line.offer) for line in self.lines if line.offer is not None]

    @property
    def weight_g(self) -> int:
        return sum(line.weight_g for line in self.lines)

    def part(self, delivery: Money = NOTHING) -> PartFacts:
        """Its goods as `pricing.totals` reckons them, with what sending them costs."""
        lines = tuple((line.unit_price, line.quantity) for line in self.lines)
        return PartFacts(self.producer.id, lines, delivery, agreed=self.agreed)


@dataclass(frozen=True)
class Contents:
    """What is in a basket: groups that an order may be made of, and lines that wait or are no longer on sale.

    Alcohol is not sold for cash (Luật 44/2019/QH14, art. 16): where there is a way to pay before goods are sent it
    stands in its group, and the whole is then `without_cash`; where there is none it waits in `cashless`, and the rest
    goes on.
    """

    basket_id: int | None
    groups: tuple[Group, ...]
    gone: tuple[Line, ...]
    cashless: tuple[Line, ...] = ()
    saved: tuple[Line, ...] = ()  # put aside for later
    vouchers: tuple[Judged, ...] = ()  # that the buyer entered, each with why it cannot be used, if it cannot

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]

    @property
    def without_cash(self) -> bool:
        """Whether something of what may be ordered is not sold for cash."""
        return any(line.cashless for line in self.lines)

    @property
    def offered(self) -> list[tuple[Line, Offer]]:
        """The lines on sale, each with what admits it."""
        return [pair for group in self.groups for pair in group.offered]

    @property
    def troubled(self) -> bool:
        wrong = any(line.trouble for line in self.lines) or any(group.missing for group in self.groups)
        return bool(self.gone) or wrong

    @property
    def totals(self) -> Totals:
        """What it costs before an address is known: without delivery."""
        return totals([group.part() for group in self.groups], promises(self.vouchers))

    @property
    def goods_total(self) -> Money:
        return self.totals.goods


def for_vouchers(groups: Iterable[Group]) -> dict[int, Money]:
    """The goods of each producer that a voucher may be taken off: not of a part that holds an agreed purchase."""
    return {group.producer.id: group.goods_total for group in groups if not group.agreed}


EMPTY = Contents(None, (), ())
