"""Letters about a distributor's verification, to everyone who acts for it, each in their own language."""

from datetime import datetime

from marketplace.people.accounts.queries import people_of
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.trade.distributors.models import Distributor


def told(distributor: Distributor, *, verb: str, remark: str = "", at: datetime) -> None:
    """Tell the distributor's people what the office decided."""
    organisation = distributor.organisation
    for user in people_of(organisation.id):
        letter = compose("distributor-checked", user.language, organisation=organisation, verb=verb, remark=remark)
        key = f"distributor:{organisation.slug}:{verb}:{at.isoformat()}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)


def demand_closed(distributor: Distributor, *, title: str, code: str, reason: str, at: datetime) -> None:
    """Tell the distributor's people that the office closed what they sought, and why."""
    for user in people_of(distributor.organisation_id):
        letter = compose("demand-closed", user.language, title=title, code=code, reason=reason)
        post(key=f"demand:{code}:closed:{user.code}", to=user.email, letter=letter, at=at)
