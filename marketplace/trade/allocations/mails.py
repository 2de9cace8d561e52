"""Letters about booths, to everyone who acts for the exhibitor, each in their own language."""

from datetime import datetime

from marketplace.people.accounts.queries import people_of
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.trade.exhibitors.models import Application
from marketplace.trade.fairs.models import Edition


def placed(edition: Edition, to: Application, label: str, *, moved: bool, at: datetime) -> None:
    """You stand in this booth, or now in this one instead."""
    producer = db.session.get_one(Producer, to.producer_id)
    for user in people_of(producer.organisation_id):
        letter = compose(
            "booth-placed",
            user.language,
            edition=edition,
            label=label,
            moved=moved,
            path=f"/producer/fairs/{edition.code}",
        )
        key = f"fair:{edition.code}:booth:{label}:{to.code}:{at.isoformat()}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)
