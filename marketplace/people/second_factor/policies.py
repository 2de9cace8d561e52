"""Whose second step is demanded."""

from marketplace.people.accounts.policies import OFFICERS
from marketplace.platform.core.access import Actor


def demanded_of(actor: Actor) -> bool:
    """Whether the house may demand a second step of this person: officers and administrators."""
    return actor.role in OFFICERS
