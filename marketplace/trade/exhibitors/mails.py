"""Letters about exhibiting, to everyone who acts for the producer, each in their own language, each once by its key."""

from collections.abc import Mapping
from datetime import datetime

from marketplace.people.accounts.queries import people_of
from marketplace.people.producers.models import Producer
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.trade.exhibitors.models import Application, ApplicationState
from marketplace.trade.fairs.models import Edition

DECIDED: Mapping[ApplicationState, str] = {
    ApplicationState.OFFERED: "fair-offered",
    ApplicationState.WAITING: "fair-waiting",
    ApplicationState.REJECTED: "fair-rejected",
    ApplicationState.LAPSED: "fair-lapsed",
    ApplicationState.CANCELLED: "fair-struck",
}


def opened(edition: Edition, to: Producer, *, at: datetime) -> None:
    """Producers may apply, and you have a product that fits."""
    _post("fair-opened", edition, to, key="opened", at=at)


def decided(application: Application, *, at: datetime) -> None:
    """What became of your application."""
    key = f"{application.state.value}:{application.code}:{at.isoformat()}"
    _post(DECIDED[application.state], application.edition, application.producer, key=key, at=at, row=application)


def near(application: Application, *, at: datetime) -> None:
    """Your offer ends within a day. Told once for each offer."""
    key = f"near:{application.code}:{application.decided_at}"
    _post("fair-near", application.edition, application.producer, key=key, at=at, row=application)


def called_off(application: Application, *, reason: str, at: datetime) -> None:
    """The fair does not take place."""
    key = f"called-off:{application.code}"
    _post("fair-called-off", application.edition, application.producer, key=key, at=at, reason=reason)


def _post(template: str, edition: Edition, to: Producer, *, key: str, at: datetime, **facts: object) -> None:
    path = f"/producer/fairs/{edition.code}"
    for user in people_of(to.organisation_id):
        letter = compose(template, user.language, edition=edition, path=path, **facts)
        post(key=f"fair:{edition.code}:{key}:{to.id}:{user.code}", to=user.email, letter=letter, at=at)
