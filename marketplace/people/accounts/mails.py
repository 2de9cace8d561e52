"""Letters about an account."""

from datetime import datetime

from marketplace.people.accounts.models import User
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose


def welcome(user: User, *, at: datetime) -> None:
    """To somebody who has just registered."""
    letter = compose("welcome", user.language, name=user.name, role=user.role.value)
    post(key=f"welcome:{user.code}", to=user.email, letter=letter, at=at)


def tried_again(user: User, *, at: datetime) -> None:
    """To the owner of an address that somebody tried to register once more; at most one a day."""
    letter = compose("tried-again", user.language, name=user.name)
    post(key=f"tried-again:{user.code}:{at:%Y%m%d}", to=user.email, letter=letter, at=at)
