"""Reading leads: an exhibitor's own alone; names only of those who agree to it."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing
from marketplace.trade.visitors.models import Lead, LeadGoods, Registration, Ticket


def listings_shown(by: Actor) -> dict[str, Listing]:
    """The actor's own listings by slug, by name."""
    query = select(Listing).join(Listing.product).join(Product.producer)
    query = query.where(Producer.organisation_id == by.organisation_id).order_by(Listing.name, Listing.id)
    return {row.slug: row for row in db.session.scalars(query)}


def get_lead(application_id: int, code: str, *, hold: bool = False) -> Lead:
    """An exhibitor's lead with its visitor and goods, or NotFound."""
    query = _leads().where(Lead.application_id == application_id, Lead.code == code)
    found = db.session.scalar(held(query, Lead) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_leads(application_id: int, *, page: int = 1, per_page: int = 50) -> list[Lead]:
    """An exhibitor's leads, the latest first."""
    query = _leads().where(Lead.application_id == application_id).order_by(Lead.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_leads(application_id: int) -> int:
    """How many they are."""
    return db.session.scalar(select(func.count(Lead.id)).where(Lead.application_id == application_id)) or 0


def named(lead: Lead) -> Registration | None:
    """Who the visitor is, or None: they did not agree when they were noted, or no longer do."""
    if lead.consent_version is None or lead.ticket.consent_version is None:
        return None
    return lead.ticket.registration


def _leads() -> Select[Lead]:
    goods = selectinload(Lead.goods).joinedload(LeadGoods.listing)
    return select(Lead).options(joinedload(Lead.ticket).joinedload(Ticket.registration), goods)
