"""What a distributor says of itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.distributors.models import Distributor, DistributorKind
from marketplace.trade.distributors.policies import KEEP_OWN_PROFILE
from marketplace.trade.distributors.queries import find_own, get_own_organisation


@dataclass(frozen=True)
class DistributorFacts:
    """Who sells where. `phone` in E.164."""

    name: str
    kind: DistributorKind
    phone: str | None = None
    about: str = ""


def save_profile(*, facts: DistributorFacts, by: Actor, at: datetime) -> Distributor:
    """Keep what the actor's organisation says of itself, its name too."""
    if not KEEP_OWN_PROFILE.held_by(by):
        raise Forbidden
    organisation = get_own_organisation(by)
    name = nfc(facts.name)
    if not name:
        raise Invalid({"name": N_("Nhập tên cơ sở hoặc công ty")})
    organisation.name = name
    distributor = find_own(by)
    if distributor is None:
        distributor = Distributor(organisation_id=organisation.id)
        db.session.add(distributor)
    distributor.kind, distributor.phone = facts.kind, facts.phone
    distributor.about, distributor.updated_at = facts.about.strip(), at
    db.session.flush()
    record(by=by, action="distributor.profile_saved", subject_type="organisation", subject=organisation.slug, at=at)
    return distributor


def forget_profile(*, by: Actor) -> None:
    """Take away what the actor's organisation has said of itself."""
    db.session.execute(delete(Distributor).where(Distributor.organisation_id == by.organisation_id))
