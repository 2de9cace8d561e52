"""Letters about a deal, to everyone of the side that is waited for, each in their own language."""

from datetime import datetime

from marketplace.people.accounts.queries import people_of
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.trade.deals.models import Appointment, Deal, DealEvent, EventKind, Side
from marketplace.trade.deals.queries.roads import name_of

DESKS = {Side.BUYER: "/distributor/deals/", Side.PRODUCER: "/producer/deals/"}


def moved(deal: Deal, event: DealEvent, *, to: Side, at: datetime) -> None:
    """Tell one side what the other, or the office, did."""
    buyer = to is Side.BUYER
    organisation_id = deal.distributor.organisation_id if buyer else deal.producer.organisation_id
    who = event.actor_name if event.side is Side.OFFICE else name_of(deal, event.side)
    for user in people_of(organisation_id):
        letter = compose(
            "deal-moved",
            user.language,
            deal=deal,
            kind=event.kind.value,
            who=who,
            said=event.words if event.kind is not EventKind.OPENED or event.words else "",
            address=DESKS[to] + deal.code,
        )
        post(key=f"deal:{deal.code}:{event.id}:{user.code}", to=user.email, letter=letter, at=at)


def meeting_near(deal: Deal, row: Appointment, *, to: Side, near: bool, at: datetime) -> None:
    """Remind one side of an appointment, a day or an hour before it."""
    buyer = to is Side.BUYER
    organisation_id = deal.distributor.organisation_id if buyer else deal.producer.organisation_id
    for user in people_of(organisation_id):
        letter = compose(
            "meeting-near",
            user.language,
            who=name_of(deal, to.other),
            meeting=row,
            near=near,
            address="/distributor/meetings" if buyer else "/producer/meetings",
        )
        post(key=f"meeting:{row.code}:{near}:{user.code}", to=user.email, letter=letter, at=at)
