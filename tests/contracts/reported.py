"""A fair's report for the table of costs: exhibitors with takings and orders, visitors let in, opinions, meetings."""

from collections.abc import Mapping
from datetime import datetime

from marketplace.people.accounts.models import User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import Order
from marketplace.trade.campaigns.queries import get_campaign
from marketplace.trade.fair_meetings.models import FairCampaign
from marketplace.trade.fair_reports.models import FairFeedback
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.stands.models import DayTakings
from marketplace.trade.stands.queries import came_by
from marketplace.trade.visitors.links import ticket_key
from marketplace.trade.visitors.models import Admission
from tests import visiting
from tests.builders import make_offer, make_order
from tests.exhibiting import make_exhibitor
from tests.fairing import FAIR_DAY, make_edition
from tests.visiting import gate_of, make_ticket


def grow_reported(owner: User, going_on: Mapping[str, str], at: datetime, name: str) -> dict[str, str]:
    """One more of everything at the same edition; at the first call it is made, with a stand of the owner's."""
    code = going_on.get("told", "")
    if not code:
        code = make_edition(at=at, state=EditionState.RUNNING, title="Hội chợ có báo cáo").code
        visiting.make_exhibitor(get_edition(code), get_own(owner.actor()), at=at)
    edition = get_edition(code)
    _exhibit(edition, name, at)
    ticket = make_ticket(edition, at=at)
    gate = gate_of(edition)
    with transaction():
        went = Admission(list_id=gate.id, day=FAIR_DAY, came_on=FAIR_DAY, hour=9, scanned_at=at)
        went.ticket_id = ticket.id
        db.session.add(went)
        db.session.add(FairFeedback(edition_id=edition.id, ticket_id=ticket.id, rating=4, words=name, at=at))
        campaign = get_campaign(going_on["fair"])
        db.session.add(FairCampaign(campaign_id=campaign.id, edition_id=edition.id))
    return {"told": code, "toldpage": edition.slug, "toldticket": ticket.code, "toldkey": ticket_key(ticket.code)}


def _exhibit(edition: Edition, name: str, at: datetime) -> None:
    _, producer, row = make_exhibitor(edition, f"Gian báo cáo {name}", at=at)
    order = make_order((make_offer(f"Món báo cáo {name}", at=at, producer=producer), 1), at=at)
    with transaction():
        db.session.get_one(Order, order.id).came_by = came_by(row.code)
        taken = DayTakings(application_id=row.id, day=FAIR_DAY, amount=Money(9_000), entered_at=at, entered_by="x")
        db.session.add(taken)
