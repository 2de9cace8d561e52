"""What the access table and the query counts need of deals: one of the world's parties, one of strangers."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from marketplace.people.accounts.models import User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.deals.models import Deal, Origin, PaperKind
from marketplace.trade.deals.queries import get_within, last_number, list_deals
from marketplace.trade.deals.services import (
    MeetingFacts,
    RequestFacts,
    SignedFacts,
    accept_meeting,
    add_file,
    note_delivery,
    open_deal,
    propose_meeting,
    receive_sample,
    request_quotes,
    send_quote,
    send_sample,
    take_charge,
    write_paper,
)
from marketplace.trade.distributors.models import DistributorKind, Standing
from marketplace.trade.distributors.queries import find_own, get_own
from marketplace.trade.distributors.services import DistributorFacts, save_profile
from tests.builders import pdf
from tests.conftest import TODAY
from tests.dealing import make_road, nowhere, terms

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


def verified_buyer(user: User, at: datetime) -> None:
    """A distributor's profile, verified past the office's pages."""
    with transaction():
        facts = DistributorFacts("Siêu thị Thử", DistributorKind.SUPERMARKET)
        save_profile(facts=facts, by=user.actor(), at=at)
        own = get_own(user.actor())
        own.standing, own.verified_at = Standing.VERIFIED, at


def dealt(people: dict[str, User], producer: Producer, variant: Variant, at: datetime) -> dict[str, str]:
    """A deal of the world's distributor and producer with a file, in charge of its officer; and one of others."""
    buyer = people["distributor"]
    if find_own(buyer.actor()) is None:
        verified_buyer(buyer, at)
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
        accept_meeting(
            code=deal.code, appointment=meeting, time=0, elsewhere=nowhere, by=people["producer"].actor(), at=at
        )
    return {
        "meeting": meeting,
        "deal": deal.code,
        "dealfile": file.code,
        "foreign": make_road(at=at).code,
    }


def walked(people: dict[str, User], producer: Producer, variant: Variant, at: datetime, name: str) -> dict[str, str]:
    """One more deal of the distributor about this variant, with one more of everything on the first there was."""
    buyer, seller = people["distributor"].actor(), people["producer"].actor()
    if find_own(buyer) is None:
        verified_buyer(people["distributor"], at)
    own = get_own(buyer)
    with transaction():
        open_deal(
            distributor_id=own.id,
            producer_id=producer.id,
            listing_id=variant.listing_id,
            origin=Origin.ENQUIRY,
            by=buyer,
            at=at,
        )
    code = min(list_deals(by=buyer), key=lambda each: each.id).code
    sku = newest_or(code, variant)
    document = take_document(pdf(name), f"{name}.pdf")
    put_document(document, at=at)
    when = MeetingFacts((at + timedelta(days=2),), 30, False, name)
    asked = RequestFacts(5, Unit.KILOGRAM, True, name, at.date())
    with transaction():
        request_quotes(codes=[code], facts=asked, by=buyer, at=at)
        after = last_number(get_within(code, by=buyer).id)
        send_quote(code=code, terms=replace(terms(variant), sku=sku), after=after, by=seller, at=at)
        add_file(code=code, document=document, by=seller, at=at)
        propose_meeting(code=code, facts=when, by=buyer, at=at)
        note_delivery(code=code, on=at.date(), value=Money(9), note=name, by=buyer, at=at)
        day = at.date()
        memo = SignedFacts(PaperKind.MEMORANDUM, name, day, Money(9), day, day)
        write_paper(code=code, facts=memo, by=buyer, at=at)
        send_sample(code=code, what=name, carrier=name, tracking_number="", by=seller, at=at)
        receive_sample(code=code, by=buyer, at=at)
    with transaction():
        take_charge(code=code, by=people["officer"].actor(), at=at)
    return {"deal": code}


def newest_or(code: str, variant: Variant) -> str:
    """The goods of the deal's newest quotation, else this variant: its own listing's."""
    found = db.session.scalar(
        select(Variant.sku).join(Deal, Deal.listing_id == Variant.listing_id).where(Deal.code == code)
    )
    db.session.rollback()
    return found or variant.sku
