"""A campaign that takes answers: everybody who suits somebody is invited, and most have said that they come."""

from datetime import datetime, time, timedelta

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.queries import find_user
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.trade.campaigns.models import CampaignKind, Participant, Side
from marketplace.trade.campaigns.queries import list_participants
from marketplace.trade.campaigns.rules import Hours
from marketplace.trade.campaigns.services import CampaignFacts, answer_invitation, invite, open_campaign, plan_campaign
from marketplace.trade.distributors.queries import list_distributors
from marketplace.trade.matching.queries import list_matches

TITLE = "Kết nối cung cầu hàng Tết"


def load_campaign(*, at: datetime) -> None:
    """Plan it, invite, open it, and have three of four answer; in the open block."""
    province = find_user("province@demo.test")
    assert province is not None
    office, day = province.actor(), day_of(at) + timedelta(days=16)
    hours = Hours(day, day, time(8), time(16), 20, 5, ((time(11, 30), time(13, 30)),))
    last = datetime.combine(day - timedelta(days=4), time(23, 59), VIETNAM)
    facts = CampaignFacts(
        title=TITLE,
        kind=CampaignKind.ON_SITE,
        place="Nhà văn hóa phường Tân Phong",
        hours=hours,
        least=2,
        most_producer=6,
        most_buyer=8,
        tables=9,
        wishes_until=last,
        note="Mang theo mẫu và bảng giá sỉ; mỗi cuộc hai mươi phút.",
    )
    code = plan_campaign(facts=facts, by=office, at=at).code
    fit = [each for each in list_matches(on=day_of(at)) if each.eligible]
    makers = {each.offer.producer_slug for each in fit}
    buyers = {each.demand.distributor_id for each in fit}
    shops = [row.organisation.slug for row in list_distributors(by=office, per_page=100) if row.id in buyers]
    invite(code=code, producers=sorted(makers), distributors=shops, by=office, at=at)
    campaign = open_campaign(code=code, by=office, at=at)
    for n, each in enumerate(list_participants(campaign.id)):
        if n % 4:
            away = (0, 1) if n % 5 == 0 else ()
            answer_invitation(code=code, coming=True, absent=away, most=None, by=_acting(each), at=at)


def _acting(each: Participant) -> Actor:
    role = Role.PRODUCER if each.side is Side.PRODUCER else Role.DISTRIBUTOR
    return Actor(name=each.name, role=role, organisation_id=each.organisation_id)
