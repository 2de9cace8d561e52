"""What the access table and the query counts need of deals: one of the world's parties, one of strangers."""

from datetime import datetime, timedelta

from marketplace.people.accounts.models import User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import transaction
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.shop.catalog.models import Variant
from marketplace.trade.deals.models import Origin
from marketplace.trade.deals.services import (
    MeetingFacts,
    accept_meeting,
    add_file,
    open_deal,
    propose_meeting,
    take_charge,
)
from marketplace.trade.distributors.models import DistributorKind, Standing
from marketplace.trade.distributors.queries import get_own
from marketplace.trade.distributors.services import DistributorFacts, save_profile
from tests.builders import pdf
from tests.conftest import TODAY
from tests.dealing import make_road
from tests.trade.deals.test_talking import make_demand

DEALT_TYPED: dict[str, dict[str, str | list[str]]] = {
    "POST /distributor/deals/{deal}/say": {"words": "Chào"},
    "POST /distributor/deals/{foreign}/say": {"words": "Chào"},
    "POST /distributor/deals/{deal}/request": {
        "quantity": "5",
        "unit": "kg",
        "delivery_place": "Kho",
        "wanted_on": f"{TODAY}",
    },
    "POST /distributor/deals/{deal}/order": {"quantity": "1"},
    "POST /producer/deals/{deal}/say": {"words": "Chào"},
    "POST /office/deals/{deal}/note": {"words": "Gọi lại"},
}


def dealt(people: dict[str, User], producer: Producer, variant: Variant, at: datetime) -> dict[str, str]:
    """A deal of the world's distributor and producer with a file, in charge of its officer; and one of others."""
    buyer = people["distributor"]
    with transaction():
        facts = DistributorFacts("Siêu thị Thử", DistributorKind.SUPERMARKET)
        save_profile(facts=facts, by=buyer.actor(), at=at)
        own = get_own(buyer.actor())
        own.standing, own.verified_at = Standing.VERIFIED, at
    own = get_own(buyer.actor())
    with transaction():
        deal = open_deal(
            distributor_id=own.id,
            producer_id=producer.id,
            listing_id=variant.listing_id,
            origin=Origin.ENQUIRY,
            by=buyer.actor(),
            at=at,
        )
    document = take_document(pdf("gia"), "gia.pdf")
    put_document(document, at=at)
    with transaction():
        file = add_file(code=deal.code, document=document, by=buyer.actor(), at=at)
    with transaction():
        take_charge(code=deal.code, by=people["province"].actor(), at=at)
    when = MeetingFacts((at + timedelta(days=2),), 30, False, "Chợ phiên")
    with transaction():
        meeting = propose_meeting(code=deal.code, facts=when, by=buyer.actor(), at=at).code
    with transaction():
        accept_meeting(code=deal.code, appointment=meeting, time=0, by=people["producer"].actor(), at=at)
    return {
        "meeting": meeting,
        "deal": deal.code,
        "dealfile": file.code,
        "foreign": make_road(at=at).code,
        "demand": make_demand(own, at=at).code,
    }
