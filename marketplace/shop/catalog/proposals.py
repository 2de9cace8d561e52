"""Reading what waits for an officer: first publications and proposals, and what a page would say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import contains_eager

from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, ListingPicture, ListingProposal, ListingRevision, ProposalState
from marketplace.shop.catalog.policies import kept_by
from marketplace.shop.catalog.queries import list_in_review, list_pictures
from marketplace.shop.catalog.statements import COLUMNS, ORIGIN, Statement, facts_in, pictures_of, said


@dataclass(frozen=True)
class Waiting:
    """A page that waits for the officer's look, for the first time (`proposal` is None) or with a change."""

    listing: Listing
    since: datetime
    proposal: ListingProposal | None = None

    @property
    def kind(self) -> str:
        return "change" if self.proposal else "first"


def list_waiting_pages(*, by: Actor) -> list[Waiting]:
    """Everything that waits for the officer's look, longest waiting first."""
    found = [Waiting(listing, listing.submitted_at or listing.created_at) for listing in list_in_review(by=by)]
    query = (
        select(ListingProposal)
        .join(ListingProposal.listing)
        .join(Listing.product)
        .join(Product.producer)
        .options(
            contains_eager(ListingProposal.listing)
            .contains_eager(Listing.product)
            .contains_eager(Product.producer)
            .joinedload(Producer.commune)
            .joinedload(AdministrativeUnit.parent)
        )
        .where(ListingProposal.state == ProposalState.WAITING, kept_by(by))
    )
    found += [Waiting(row.listing, row.asked_at, row) for row in db.session.scalars(query)]
    return sorted(found, key=lambda each: (each.since, each.listing.id))


def find_proposal(listing_id: int) -> ListingProposal | None:
    """The open proposal of a listing, waiting or returned."""
    return db.session.get(ListingProposal, listing_id)


def proposals_of(listing_ids: Sequence[int]) -> dict[int, ListingProposal]:
    """The open proposals of these listings, by listing."""
    query = select(ListingProposal).where(ListingProposal.listing_id.in_(listing_ids))
    return {row.listing_id: row for row in db.session.scalars(query.order_by(ListingProposal.listing_id))}


def now_said(listing: Listing) -> Statement:
    """What the page says now."""
    return said(listing, list_pictures(listing.id))


def wished(listing: Listing) -> Statement:
    """What the page would say with its open proposal; without one, what it says now."""
    proposal = find_proposal(listing.id)
    return now_said(listing) | (proposal.wanted if proposal else {})


def wished_pictures(listing: Listing) -> list[ListingPicture]:
    """The pictures the page would show with its open proposal, the cover first."""
    return pictures_of(wished(listing))


def as_if(listing: Listing, statement: Statement, origin: AdministrativeUnit | None = None) -> Listing:
    """The listing as it would be if it said this: for looking at; it belongs to no session and is never written."""
    kept = ("id", "slug", "product_id", "state", "art_seed", "back_on", "created_at", "published_at")
    seen = Listing(
        **{name: getattr(listing, name) for name in kept},
        **{name: statement.get(name) for name in COLUMNS},
        facts={code: statement[code] for code in facts_in(statement) if statement[code] not in (None, "")},
    )
    shots = pictures_of(statement)
    seen.cover = shots[0].name if shots else None
    seen.product = listing.product
    seen.origin_commune = origin if statement.get(ORIGIN) else None
    return seen


def is_proposed(picture: str) -> bool:
    """Whether an open proposal shows the picture of this name."""
    query = select(ListingProposal.listing_id).where(cast(ListingProposal.wanted, Text).contains(picture))
    return db.session.scalar(query.limit(1)) is not None


def is_remembered(picture: str) -> bool:
    """Whether a page has shown the picture of this name: its history shows it still, and may bring it back."""
    query = select(ListingRevision.id).where(cast(ListingRevision.said, Text).contains(picture))
    return db.session.scalar(query.limit(1)) is not None
