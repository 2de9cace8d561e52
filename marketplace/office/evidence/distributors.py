"""Reading which distributors have taken a product on: what both sides signed, and what was delivered."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.platform.core.db import db
from marketplace.shop.catalog.models import Listing
from marketplace.trade.deals.models import Deal, DealPaper
from marketplace.trade.deals.queries.signed import Values, values_of
from marketplace.trade.distributors.models import Distributor


@dataclass(frozen=True)
class Supplied:
    """A distributor with papers that both sides confirmed about the product: the first day, the last, three values."""

    name: str
    signed_on: date
    runs_until: date
    values: Values


def list_supplied(product_id: int, *, on: date) -> list[Supplied]:
    """The distributors with a memorandum or contract signed by the day, the newest first; a draft is no evidence."""
    query = (
        select(Deal, DealPaper)
        .join(DealPaper, DealPaper.deal_id == Deal.id)
        .join(Listing, Listing.id == Deal.listing_id)
        .options(joinedload(Deal.distributor).joinedload(Distributor.organisation))
        .where(Listing.product_id == product_id, DealPaper.confirmed_at.is_not(None), DealPaper.signed_on <= on)
        .order_by(DealPaper.signed_on.desc(), DealPaper.id.desc())
    )
    deals: dict[int, Deal] = {}
    papers: dict[int, list[DealPaper]] = {}
    for deal, paper in db.session.execute(query):
        deals[deal.id] = deal
        papers.setdefault(deal.id, []).append(paper)
    values = values_of(list(deals.values()), on=on) if deals else {}
    return [
        Supplied(
            deal.distributor.organisation.name,
            min(paper.signed_on for paper in papers[deal.id]),
            max(min(paper.ends_on, paper.ended_on or paper.ends_on) for paper in papers[deal.id]),
            values[deal.id],
        )
        for deal in deals.values()
    ]
