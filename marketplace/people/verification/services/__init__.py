"""The verbs of verification, a module a subject."""

from marketplace.people.verification.services.accounts import decide_account, propose_account, see_account
from marketplace.people.verification.services.changes import decide_changes
from marketplace.people.verification.services.checking import (
    Incomplete,
    approve_producer,
    lift_suspension,
    look_at,
    remark_producer,
    return_producer,
    send_for_verification,
    suspend,
)
from marketplace.people.verification.services.facts import (
    ContactFacts,
    IdentityFacts,
    LeaderFacts,
    TooManyContacts,
    add_contact,
    forget_contacts,
    put_contact_first,
    remove_contact,
    save_identity,
    save_leaders,
    save_tax,
)
from marketplace.people.verification.services.steps import ChangedMeanwhile, NotNow, SameHands

__all__ = [
    "ChangedMeanwhile",
    "ContactFacts",
    "IdentityFacts",
    "Incomplete",
    "LeaderFacts",
    "NotNow",
    "SameHands",
    "TooManyContacts",
    "add_contact",
    "approve_producer",
    "decide_account",
    "decide_changes",
    "forget_contacts",
    "lift_suspension",
    "look_at",
    "propose_account",
    "put_contact_first",
    "remark_producer",
    "remove_contact",
    "return_producer",
    "save_identity",
    "save_leaders",
    "save_tax",
    "see_account",
    "send_for_verification",
    "suspend",
]
