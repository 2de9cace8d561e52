"""Visitors of a fair for the table of access and the table of costs: tickets, seats, doors, devices, leads."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from marketplace.people.accounts.models import User
from marketplace.people.producers.models import Producer
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import transaction
from marketplace.platform.core.money import Money
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import PaymentMethod
from marketplace.trade.exhibitors.queries import get_own_stand
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.visitors.gates import get_device
from marketplace.trade.visitors.links import ticket_key, ticket_path, ticket_seed
from marketplace.trade.visitors.services import LeadFacts, ask_ticket_payment, book_seat, take_lead
from tests.fairing import make_edition, release, session_facts
from tests.visiting import NOON, TICKET_TYPED, device_at, invitation, look, make_exhibitor, make_ticket

OFFICE = "POST /office/fairs/{visit}"
TICKET = "POST /fairs/{visitpage}/tickets/{ticket}"
VISITED_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    "POST /fairs/{visitpage}/ticket": {**TICKET_TYPED, "key": "mot-lan"},
    f"{TICKET}/cancel": {"k": "{ticketkey}"},
    f"{TICKET}/consent": {"k": "{ticketkey}", "given": "1"},
    f"{TICKET}/seats/{{seatitem}}": {"k": "{ticketkey}"},
    f"{TICKET}/seats/{{seatheld}}/leave": {"k": "{ticketkey}"},
    "POST /fairs/{visitpage}/tickets/{unpaidticket}/cancel": {"k": "{ticketkey}"},
    "POST /fairs/{paidpage}/tickets/{unpaidticket}/pay": {"k": "{unpaidticketkey}"},
    "POST /charges/{charge}/pay/method?key={chargekey}": {"method": "card"},
    "POST /checkin/{device}": {"text": "{ticket}"},
    "POST /checkin/none": {"text": "{ticket}"},
    f"{OFFICE}/invitations": {"whom": "Sở", "most": "2"},
    f"{OFFICE}/checkin": {"list": "{door}", "text": "{ticket}"},
    f"{OFFICE}/checkin/lists": {"name": "Cửa sau"},
    f"{OFFICE}/checkin/devices": {"list": "{door}", "device": "Máy"},
    "POST /producer/fairs/{visit}/leads": {"ticket": "{ticket}"},
    "POST /producer/fairs/{visit}/leads/{lead}": {"rating": "3"},
}


def _acting(producer: Producer) -> Actor:
    """Somebody of the producer's, as far as leads go."""
    return Actor(name="Lò miến", role="producer", organisation_id=producer.organisation_id)


def visited(producer: Producer, at: datetime) -> dict[str, str]:
    """An edition with a visitor, a seat, a door, a device, an invitation, a lead of the producer."""
    edition = make_edition(at=at, title="Hội chợ có khách")
    paid = make_edition(at=at, title="Hội chợ bán vé", ticket_price=Money(20_000))
    free, held = release(edition.code, session_facts(seats=5), session_facts(title="Hội thảo", seats=5), at=at)
    make_exhibitor(edition, producer, at=at)
    unpaid = make_ticket(paid, at=at)
    charge = _charge(paid, at)
    return _names(edition, producer, free, held, at) | {
        "visitpaid": paid.code,
        "paidpage": paid.slug,
        "unpaidticket": unpaid.code,
        "unpaidticketkey": ticket_key(unpaid.code),
        "charge": charge,
        "chargekey": order_key(charge),
        "invited": invitation(edition, at=at).code,
    }


def _charge(edition: Edition, at: datetime) -> str:
    """The number of what somebody has begun to pay for a ticket."""
    facts = {"code": edition.code, "ticket": make_ticket(edition, at=at).code}
    with transaction():
        return ask_ticket_payment(**facts, method=PaymentMethod.BANK_TRANSFER, by=GUEST, at=at).number


def _names(edition: Edition, producer: Producer, free: str, held: str, at: datetime) -> dict[str, str]:
    ticket = make_ticket(edition, at=at, consent=True)
    token = device_at(edition, at=at, name=f"Máy {uuid4().hex[:6]}")
    device = get_device(token)
    with transaction():
        book_seat(code=edition.code, ticket=ticket.code, item=held, at=at)
        known = {"code": edition.code, "typed": ticket.code, "client_id": str(uuid4())}
        lead = take_lead(**known, facts=LeadFacts(), seed=ticket_seed(), by=_acting(producer), at=at)
    return {
        "visit": edition.code,
        "visitpage": edition.slug,
        "ticket": ticket.code,
        "ticketkey": ticket_key(ticket.code),
        "ticketpage": ticket_path(edition.slug, ticket.code),
        "seatitem": free,
        "seatheld": held,
        "device": token,
        "devicecode": device.code,
        "door": device.list.code,
        "lead": lead.code,
    }


def grow_visited(owner: User, going_on: Mapping[str, str], at: datetime, name: str) -> dict[str, str]:
    """One more of everything at the same edition: visitors, devices, scans let in and refused, leads."""
    producer = get_own(owner.actor())
    if "visit" not in going_on:
        return visited(producer, at)
    edition = get_edition(going_on["visit"])
    assert get_own_stand(edition.code, by=owner.actor())
    invitation(edition, at=at)
    names = _names(edition, producer, going_on["seatitem"], going_on["seatheld"], at)
    for minutes, machine in enumerate((name, f"{name} kia", "nữa")):
        when, back = NOON + timedelta(minutes=minutes), NOON + timedelta(hours=1)
        look(edition, names["ticket"], at=back, scanned_at=when, device=machine, offline=True, let_in=minutes < 2)
    return names
