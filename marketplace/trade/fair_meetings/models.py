"""Which campaigns of business meetings belong to which edition."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, related
from marketplace.trade.campaigns.models import Campaign
from marketplace.trade.fairs.models import Edition


class FairCampaign(Model):
    """A campaign that is held at an edition; a campaign belongs to one at most."""

    __tablename__ = "fair_campaigns"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True, autoincrement=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"), index=True)

    campaign: Mapped[Campaign] = related()
    edition: Mapped[Edition] = related()
