"""Letters about a mandate, to the people of the side that did not act."""

from datetime import datetime

from marketplace.people.mandates.models import Mandate
from marketplace.people.producers.models import Producer
from marketplace.people.producers.queries import people_of
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose


def moved(mandate: Mandate, producer: Producer, holder: Producer, *, told: Producer, at: datetime) -> None:
    """Tell `told`'s people what became of the mandate."""
    facts = {"producer": producer, "holder": holder, "state": mandate.state.value}
    for user in people_of(told.id):
        letter = compose("mandate-moved", user.language, **facts)
        key = f"mandate:{mandate.code}:{mandate.state.value}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)


def helped(producer: Producer, *, who: str, what: str, key: str, paper: str = "", at: datetime) -> None:
    """Tell a producer's people that an officer, `who`, noted a `paper` consent, or `began` to act for it."""
    for user in people_of(producer.id):
        letter = compose("officer-helps", user.language, producer=producer, who=who, what=what, paper=paper, at=at)
        post(key=f"officer-helps:{what}:{key}:{user.code}", to=user.email, letter=letter, at=at)
