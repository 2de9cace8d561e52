"""The verbs of visitors: registering, entry, seats at sessions, leads."""

from marketplace.trade.visitors.services.doors import ensure_gate, make_device, make_list, revoke_device
from marketplace.trade.visitors.services.inviting import make_invitation, revoke_invitation
from marketplace.trade.visitors.services.leads import LeadFacts, change_lead, take_lead
from marketplace.trade.visitors.services.paying import ask_ticket_payment, give_back_called_off, settle_paid
from marketplace.trade.visitors.services.registering import (
    InvitationBad,
    KeyUsed,
    NoTicketsLeft,
    RegistrationClosed,
    VisitorFacts,
    cancel_ticket,
    register,
    set_consent,
    take_payment,
)
from marketplace.trade.visitors.services.scanning import Seen, scan_all, scan_one
from marketplace.trade.visitors.services.seats import book_seat, leave_seat, move_up
from marketplace.trade.visitors.services.steps import TicketOver

__all__ = [
    "InvitationBad",
    "KeyUsed",
    "LeadFacts",
    "NoTicketsLeft",
    "RegistrationClosed",
    "Seen",
    "TicketOver",
    "VisitorFacts",
    "ask_ticket_payment",
    "book_seat",
    "cancel_ticket",
    "change_lead",
    "ensure_gate",
    "give_back_called_off",
    "leave_seat",
    "make_device",
    "make_invitation",
    "make_list",
    "move_up",
    "register",
    "revoke_device",
    "revoke_invitation",
    "scan_all",
    "scan_one",
    "set_consent",
    "settle_paid",
    "take_lead",
    "take_payment",
]
