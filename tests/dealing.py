"""A verified distributor, a producer with goods, and the deal between them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.trade.deals.models import Deal, Origin
from marketplace.trade.deals.rules import QuoteTerms, QuoteTier
from marketplace.trade.deals.services import accept_quote, open_deal, send_quote
from marketplace.trade.distributors.models import Distributor, DistributorKind, Standing
from marketplace.trade.distributors.queries import get_own
from marketplace.trade.distributors.services import DistributorFacts, save_profile
from tests.builders import make_offer, make_producer, make_user
from tests.conftest import AT

DAY = AT.date()


def make_distributor(*, at: datetime, email: str = "", verified: bool = True) -> tuple[User, Distributor]:
    """A distributor with a profile; verified past the office's pages."""
    user = make_user(Role.DISTRIBUTOR, at=at, email=email)
    with transaction():
        save_profile(facts=DistributorFacts("Siêu thị Thử", DistributorKind.SUPERMARKET), by=user.actor(), at=at)
        row = get_own(user.actor())
        if verified:
            row.standing, row.verified_at = Standing.VERIFIED, at
    return user, get_own(user.actor())


@dataclass
class Road:
    """Two parties, what is sold, and their deal."""

    buyer: User
    distributor: Distributor
    seller: User
    producer: Producer
    variant: Variant
    deal: Deal

    @property
    def code(self) -> str:
        return self.deal.code


def make_road(*, at: datetime, stock: int = 5_000, price: int = 50_000) -> Road:
    """A deal opened by the buyer's enquiry about the producer's one listing."""
    buyer, distributor = make_distributor(at=at)
    seller = make_user(Role.PRODUCER, at=at)
    producer = make_producer("Lò miến", at=at, user=seller)
    variant = make_offer(at=at, producer=producer, stock=stock, price=price)
    with transaction():
        deal = open_deal(
            distributor_id=distributor.id,
            producer_id=producer.id,
            listing_id=variant.listing_id,
            origin=Origin.ENQUIRY,
            by=buyer.actor(),
            at=at,
            words="Chúng tôi cần miến cho 12 siêu thị.",
        )
    return Road(buyer, distributor, seller, producer, variant, deal)


def terms(variant: Variant, *prices: tuple[int, int], days: int = 20, least: int = 100, note: str = "") -> QuoteTerms:
    """A quotation's terms: (from so many packs, dong)."""
    tiers = tuple(QuoteTier(n, Money(price)) for n, price in prices or ((100, 40_000), (500, 36_000)))
    until = DAY + timedelta(days=days)
    return QuoteTerms(variant.sku, tiers, least, 7, 30, until, "Giao tại kho Hà Nội", note)


def quote(road: Road, *prices: tuple[int, int], at: datetime, after: int = 0, by: User | None = None) -> int:
    """The next version, by the producer unless said otherwise; answers its number."""
    with transaction():
        row = send_quote(
            code=road.code, terms=terms(road.variant, *prices), after=after, by=(by or road.seller).actor(), at=at
        )
    return row.number


def agreed(road: Road, *prices: tuple[int, int], at: datetime) -> None:
    """A quotation that the buyer has accepted."""
    number = quote(road, *prices, at=at)
    with transaction():
        accept_quote(code=road.code, number=number, by=road.buyer.actor(), at=at)


def nowhere(*_of: object) -> bool:
    """For tests in which nobody is met but by appointment."""
    return False


def fresh(deal: Deal) -> Deal:
    """The deal as it stands now."""
    db.session.rollback()
    return db.session.get_one(Deal, deal.id)
