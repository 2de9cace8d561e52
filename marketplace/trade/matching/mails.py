"""Letters about matches."""

from collections.abc import Callable
from datetime import datetime

from marketplace.people.accounts.queries import people_of
from marketplace.people.producers.models import Producer
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose

Words = Callable[[str], tuple[str, str]]  # of a gate's key: what to do, and where it is had; in the reader's language


def near_miss(producer: Producer, *, gate: str, buyers: int, words: Words, at: datetime) -> None:
    """One thing alone keeps so many buyers from a producer's goods: what it is. Once a month, however often asked."""
    for user in people_of(producer.organisation_id):
        letter = compose("near-miss", user.language, name=producer.name, gate=gate, buyers=buyers, words=words)
        post(key=f"near:{gate}:{at:%Y-%m}:{producer.slug}:{user.code}", to=user.email, letter=letter, at=at)
