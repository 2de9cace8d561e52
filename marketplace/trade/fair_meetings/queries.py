"""Reading a fair's campaigns of business meetings, and how many meetings were held."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.platform.core.db import db
from marketplace.trade.campaigns.models import Campaign, Meeting, MeetingState
from marketplace.trade.fair_meetings.models import FairCampaign


def list_campaigns(edition_id: int) -> list[Campaign]:
    """An edition's campaigns, the latest first."""
    query = select(FairCampaign).options(joinedload(FairCampaign.campaign))
    query = query.where(FairCampaign.edition_id == edition_id).order_by(FairCampaign.campaign_id.desc())
    return [each.campaign for each in db.session.scalars(query)]


def meetings_held(edition_id: int) -> int:
    """How many meetings of an edition's campaigns took place."""
    query = (
        select(func.count())
        .select_from(Meeting)
        .join(FairCampaign, FairCampaign.campaign_id == Meeting.campaign_id)
        .where(FairCampaign.edition_id == edition_id, Meeting.state == MeetingState.HELD)
    )
    return db.session.scalar(query) or 0
