"""Builders of trade: distributors with demands, producers with wholesale offers; through the verbs people use."""

from datetime import datetime
from itertools import count
from typing import Any

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import transaction
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import get_variant
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.demands.models import Demand, Storage
from marketplace.trade.demands.services import DemandTerms, open_demand, save_demand
from marketplace.trade.distributors.models import Distributor, DistributorKind
from marketplace.trade.distributors.queries import get_own
from marketplace.trade.distributors.services import (
    DistributorFacts,
    add_file,
    approve,
    save_profile,
    send_for_verification,
)
from marketplace.trade.offers.models import OfferState, WholesaleOffer
from marketplace.trade.offers.services import OfferTerms, move_offer, save_offer
from tests.builders import BY, make_user, pdf

_numbers = count(1)


def whole_profile(name: str = "Siêu thị Núi", **facts: Any) -> DistributorFacts:
    """A profile that says all that verification asks."""
    said: dict[str, Any] = {
        "kind": DistributorKind.SUPERMARKET,
        "phone": "+84912345678",
        "address": "Số 1 phố Quà",
        "registration_number": "0100112233",
        "tax_code": "0100112233",
        "contact_name": "Trần A",
        "province_code": "01",
    }
    return DistributorFacts(name=name, **{**said, **facts})


def make_distributor(
    name: str = "Siêu thị Núi",
    *,
    at: datetime,
    user: User | None = None,
    verified: bool = True,
    **facts: Any,
) -> User:
    """Somebody who buys for a distributor: its profile whole, a paper given, sent and verified."""
    user = user or make_user(Role.DISTRIBUTOR, at=at)
    document = take_document(pdf(f"giay {next(_numbers)}"), "dang-ky.pdf")
    put_document(document, at=at)
    with transaction():
        own = save_profile(facts=whole_profile(name, **facts), by=user.actor(), at=at)
        add_file(document=document, title="Đăng ký kinh doanh", by=user.actor(), at=at)
        send_for_verification(by=user.actor(), at=at)
        if verified:
            approve(slug=own.organisation.slug, seen=own.version, by=BY, at=at)
    return user


def distributor_of(user: User) -> Distributor:
    """The distributor that somebody buys for."""
    return get_own(user.actor())


def wish(at: datetime, title: str = "Miến cho bảy cửa hàng", **terms: Any) -> DemandTerms:
    """A demand for noodles that asks little."""
    said: dict[str, Any] = {
        "sets": ("I.3.b",),
        "unit": Unit.KILOGRAM,
        "volume_from": 100,
        "wanted_from": day_of(at),
    }
    return DemandTerms(title=title, **{**said, **terms})


def make_demand(user: User, *, at: datetime, opened: bool = True, **terms: Any) -> Demand:
    """A demand of somebody's distributor."""
    with transaction():
        demand = save_demand(terms=wish(at, **terms), by=user.actor(), at=at)
        if opened:
            open_demand(code=demand.code, by=user.actor(), at=at)
    return demand


def supply(sku: str, **terms: Any) -> OfferTerms:
    """What a producer offers of one size: 300 kg in every month."""
    said: dict[str, Any] = {
        "unit": Unit.KILOGRAM,
        "capacity": (300,) * 12,
        "committed": (0,) * 12,
        "least_order": 20,
        "lead_days": 3,
        "storage": Storage.AMBIENT,
    }
    return OfferTerms(sku=sku, **{**said, **terms})


def make_wholesale(user: User, variant: Variant, *, at: datetime, opened: bool = True, **terms: Any) -> WholesaleOffer:
    """A wholesale offer of somebody's own goods."""
    slug = get_variant(variant.sku).listing.slug
    with transaction():
        offer = save_offer(slug=slug, terms=supply(variant.sku, **terms), by=user.actor(), at=at)
        if opened:
            move_offer(slug=slug, to=OfferState.OPEN, by=user.actor(), at=at)
    return offer
