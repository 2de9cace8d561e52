"""A campaign of business meetings is planned for a fair, and its exhibitors are invited."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_
from marketplace.trade.campaigns.models import Campaign, CampaignKind, CampaignState
from marketplace.trade.campaigns.rules import Hours
from marketplace.trade.campaigns.services import CampaignFacts, invite, plan_campaign
from marketplace.trade.exhibitors.models import Application, ApplicationState
from marketplace.trade.fair_meetings.models import FairCampaign
from marketplace.trade.fair_meetings.queries import list_campaigns
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.services.steps import office_edition

PLANNABLE = frozenset({EditionState.OPEN, EditionState.SELECTION, EditionState.ALLOCATED})
OVER = frozenset({CampaignState.CLOSED, CampaignState.CANCELLED})
BREAK = (time(11, 30), time(13, 30))
MINUTES, PAUSE, TABLES = 20, 5, 20
LEAST, MOST_PRODUCER, MOST_BUYER = 3, 8, 12
FIRST, LAST = time(8), time(16, 30)  # business meetings keep office hours within the fair's own


class NotPlannable(Conflict):
    """The edition is a draft, has begun, or is over."""

    code = "fair_meetings_state"
    message = N_("Lập buổi gặp giao thương từ khi mở nhận đăng ký đến trước ngày khai mạc.")


class NobodyExhibits(Conflict):
    """No exhibitor has confirmed."""

    code = "fair_meetings_nobody"
    message = N_("Chưa có gian hàng nào xác nhận nên chưa có ai để mời gặp.")


class AlreadyPlanned(Conflict):
    """The edition has meetings that are not over."""

    code = "fair_meetings_planned"
    message = N_("Hội chợ này đã có đợt gặp giao thương chưa xong.")


def open_meetings(*, code: str, by: Actor, at: datetime) -> Campaign:
    """A draft campaign at the fair's venue on its first day, every confirmed exhibitor invited; one at a time.

    The office then changes it, invites buyers and opens it on the campaign's own pages.
    """
    edition = office_edition(code, by)
    facts = _facts(edition, at)
    if edition.state not in PLANNABLE or facts.wishes_until <= at:
        raise NotPlannable
    if any(each.state not in OVER for each in list_campaigns(edition.id)):
        raise AlreadyPlanned
    exhibitors = _exhibitors(edition.id)
    if not exhibitors:
        raise NobodyExhibits
    campaign = plan_campaign(facts=facts, by=by, at=at)
    db.session.add(FairCampaign(campaign_id=campaign.id, edition_id=edition.id))
    db.session.flush()
    invite(code=campaign.code, producers=exhibitors, distributors=(), by=by, at=at)
    return campaign


def _exhibitors(edition_id: int) -> list[str]:
    query = select(Producer.slug).join(Application, Application.producer_id == Producer.id)
    query = query.where(Application.edition_id == edition_id, Application.state == ApplicationState.CONFIRMED)
    return list(db.session.scalars(query.order_by(Producer.id)))


def _facts(edition: Edition, at: datetime) -> CampaignFacts:
    day = edition.first_day
    opens, closes = max(edition.opens, FIRST), min(edition.closes, LAST)
    if opens >= closes:  # a fair of the evening
        opens, closes = edition.opens, edition.closes
    until = datetime.combine(day - timedelta(days=2), time(23, 59), VIETNAM)
    if until <= at:  # little time is left: until the first meeting
        until = datetime.combine(day, opens, VIETNAM)
    place = f"{edition.venue}, {edition.address}" if edition.address else edition.venue
    return CampaignFacts(
        title=edition.title,
        kind=CampaignKind.ON_SITE,
        place=place[:300],
        hours=Hours(day, day, opens, closes, MINUTES, PAUSE, (BREAK,)),
        least=LEAST,
        most_producer=MOST_PRODUCER,
        most_buyer=MOST_BUYER,
        tables=TABLES,
        wishes_until=until,
    )
