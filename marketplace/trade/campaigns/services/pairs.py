"""The office's own word on a pair of a campaign: the two must meet, or must not."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.campaigns.models import (
    CHANGEABLE,
    LIVE,
    CampaignState,
    MeetingState,
    PairRule,
    Participant,
    Ruling,
)
from marketplace.trade.campaigns.policies import RUN_CAMPAIGNS
from marketplace.trade.campaigns.queries import get_campaign, list_meetings_of, list_participants
from marketplace.trade.campaigns.services.planning import LONGEST_REASON, NotNow
from marketplace.trade.campaigns.snapshots import best_matches


class PairMeets(Conflict):
    """The two have confirmed a meeting: it is called off first."""

    code = "pair_meets"
    message = N_("Hai bên này đã chốt cuộc gặp. Hủy cuộc ấy trước rồi ghi là không gặp.")


def rule_pair(
    *, code: str, producer: str, buyer: str, ruling: Ruling | None, reason: str = "", by: Actor, at: datetime
) -> None:
    """Say that two of a campaign (by their slugs) must meet, or must not; None takes back what was said.

    The next run keeps to it. What both sides' gates exclude no office brings together: such a "must" is Invalid. A
    "never" of two who have confirmed a meeting raises PairMeets.
    """
    if not RUN_CAMPAIGNS.held_by(by):
        raise Forbidden
    campaign = get_campaign(code, hold=True)
    if campaign.state is not CampaignState.DRAFT and campaign.state not in CHANGEABLE:
        raise NotNow
    maker, seller = _two(campaign.id, producer, buyer)
    key = (maker.id, seller.id)
    row = db.session.get(PairRule, key, with_for_update=True)
    if ruling is None:
        if row is not None:
            db.session.delete(row)
    else:
        row = row or PairRule(campaign_id=campaign.id, producer_participant_id=key[0], buyer_participant_id=key[1])
        row.ruling, row.reason, row.said_by, row.said_at = ruling, nfc(reason)[:LONGEST_REASON], by.name, at
        if ruling is Ruling.NEVER and _confirmed(maker, seller):
            raise PairMeets
        db.session.add(row)
        db.session.flush()  # so that what follows reads it
        if ruling is Ruling.MUST and not best_matches(campaign, [maker], [seller], on=day_of(at)):
            raise Invalid({"ruling": N_("Hai bên này còn vướng một cửa, hoặc một bên từ chối: không thể bắt gặp.")})
    db.session.flush()
    detail = {"producer": producer, "buyer": buyer, "ruling": ruling.value if ruling else ""}
    record(by=by, action="campaign.pair_ruled", subject_type="campaign", subject=campaign.code, at=at, detail=detail)


def _two(campaign_id: int, producer: str, buyer: str) -> tuple[Participant, Participant]:
    people = list_participants(campaign_id)
    maker = next((each for each in people if each.producer and each.producer.slug == producer), None)
    seller = next((each for each in people if each.distributor and each.distributor.organisation.slug == buyer), None)
    wrong = {}
    if maker is None:
        wrong["producer"] = N_("Chọn một nơi làm được mời.")
    if seller is None:
        wrong["buyer"] = N_("Chọn một nơi phân phối được mời.")
    if maker is None or seller is None:
        raise Invalid(wrong)
    return maker, seller


def _confirmed(maker: Participant, seller: Participant) -> bool:
    settled = LIVE - {MeetingState.TENTATIVE}
    return any(m.buyer_participant_id == seller.id and m.state in settled for m in list_meetings_of(maker.id))
