"""Letters to those who curate, each in their own language, each once by its key."""

from datetime import datetime

from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.trade.promotion.models import Placement
from marketplace.trade.promotion.queries import officers


def gives_way(placement: Placement, *, why: str, at: datetime) -> None:
    """A placement can no longer be shown and gives way to the next; `why` is a `standing.Hindrance`."""
    for user in officers():
        letter = compose("placement-gives-way", user.language, placement=placement, why=why)
        key = f"placement:{placement.code}:{at.isoformat()}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)
