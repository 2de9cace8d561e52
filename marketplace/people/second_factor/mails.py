"""Letters about the second step."""

from datetime import datetime

from marketplace.people.accounts.models import User
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose


def changed(user: User, what: str, *, at: datetime, reason: str = "") -> None:
    """`what` came about: `on`, `off`, a `device`, `key_added`, `key_removed`, `codes` anew, one `used`, `reset`."""
    letter = compose("second-factor", user.language, name=user.name, what=what, at=at, reason=reason)
    post(key=f"second-factor:{user.code}:{what}:{at.timestamp()}", to=user.email, letter=letter, at=at)
