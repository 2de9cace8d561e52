"""A campaign is planned, people are invited, it opens, begins, ends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from marketplace.people.accounts.models import Organisation
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.trade.campaigns import mails
from marketplace.trade.campaigns.models import (
    CHANGEABLE,
    LIVE,
    TRANSITIONS,
    Answer,
    Campaign,
    CampaignKind,
    CampaignSlot,
    CampaignState,
    Meeting,
    MeetingSeat,
    MeetingState,
    Participant,
    Side,
    TableSeat,
)
from marketplace.trade.campaigns.policies import RUN_CAMPAIGNS
from marketplace.trade.campaigns.queries import get_campaign, list_meetings, list_participants
from marketplace.trade.campaigns.rules import Hours, check_hours, slots_of
from marketplace.trade.distributors.models import Distributor, Standing
from marketplace.trade.matching.queries import current_weights

LONGEST_REASON = 300


class NotNow(Conflict):
    """In the campaign's or meeting's state this cannot be done to it."""

    code = "campaign_state"
    message = N_("Đợt kết nối này đang ở bước khác nên chưa làm được việc này. Hãy tải lại trang.")


class NotTheDay(Conflict):
    """What is said to have happened lies ahead."""

    code = "not_the_day"
    message = N_("Chưa đến ngày ấy nên chưa ghi được.")


class NoRoom(Conflict):
    """Those who meet online are told nowhere to go."""

    code = "no_room"
    message = N_("Ghi đường dẫn phòng họp (https://…) rồi mới mở đợt gặp trực tuyến.")


class NobodyInvited(Conflict):
    """A side has nobody to invite."""

    code = "nobody_invited"
    message = N_("Mời ít nhất một nơi làm và một nơi phân phối rồi mới mở.")


@dataclass(frozen=True)
class CampaignFacts:
    """What an officer says of a campaign. `least`: meetings each producer should get; `most_*`: at most for one."""

    title: str
    kind: CampaignKind
    place: str
    hours: Hours
    least: int
    most_producer: int
    most_buyer: int
    tables: int
    wishes_until: datetime
    note: str = ""


def plan_campaign(*, facts: CampaignFacts, by: Actor, at: datetime) -> Campaign:
    """A new campaign with its slots, seen by the office alone; raises Invalid by field."""
    _may(by)
    _check(facts, at)
    campaign = Campaign(
        code=f"KN{random_code(8)}",
        state=CampaignState.DRAFT,
        created_at=at,
        created_by=by.name,
        weights_number=current_weights().number,
    )
    _fill(campaign, facts)
    db.session.add(campaign)
    db.session.flush()
    _lay_slots(campaign.id, facts.hours)
    _record(campaign, "planned", by, at)
    return campaign


def change_campaign(*, code: str, facts: CampaignFacts, by: Actor, at: datetime) -> Campaign:
    """Change a draft; its slots are laid anew."""
    _may(by)
    campaign = get_campaign(code, hold=True)
    if campaign.state is not CampaignState.DRAFT:
        raise NotNow
    _check(facts, at)
    _fill(campaign, facts)
    db.session.execute(delete(CampaignSlot).where(CampaignSlot.campaign_id == campaign.id))
    db.session.expire(campaign, ["slots"])
    _lay_slots(campaign.id, facts.hours)
    _record(campaign, "changed", by, at)
    return campaign


def _check(facts: CampaignFacts, at: datetime) -> None:
    wrong: dict[str, str] = {}
    try:
        check_hours(facts.hours)
        wrong |= _check_times(facts, at)  # of hours that make sense: others have no slots to speak of
    except Invalid as invalid:
        wrong |= invalid.fields
    if not 3 <= len(nfc(facts.title)) <= 200:
        wrong["title"] = N_("Đặt tên từ 3 đến 200 ký tự.")
    if facts.kind is CampaignKind.ON_SITE and not nfc(facts.place):
        wrong["place"] = N_("Ghi nơi gặp.")
    wrong |= _check_counts(facts)
    if wrong:
        raise Invalid(wrong)


def _check_counts(facts: CampaignFacts) -> dict[str, str]:
    wrong = {}
    for name, most in (("most_producer", facts.most_producer), ("most_buyer", facts.most_buyer)):
        if not 1 <= most <= 60:
            wrong[name] = N_("Từ 1 đến 60 cuộc.")
    if not 0 <= facts.least <= facts.most_producer:
        wrong["least"] = N_("Số cuộc ít nhất không hơn số nhiều nhất của nơi làm.")
    if not 1 <= facts.tables <= 400:
        wrong["tables"] = N_("Từ 1 đến 400 bàn.")
    return wrong


def _check_times(facts: CampaignFacts, at: datetime) -> dict[str, str]:
    begins = slots_of(facts.hours)[0][0]
    if begins <= at:
        return {"first_day": N_("Đợt này phải bắt đầu sau lúc này.")}
    if not at < facts.wishes_until <= begins:
        return {"wishes_until": N_("Hạn trả lời phải sau lúc này và trước cuộc gặp đầu tiên.")}
    return {}


def _fill(campaign: Campaign, facts: CampaignFacts) -> None:
    campaign.title, campaign.kind, campaign.place = nfc(facts.title), facts.kind, nfc(facts.place)[:300]
    campaign.least, campaign.tables, campaign.note = facts.least, facts.tables, nfc(facts.note)
    campaign.most_producer, campaign.most_buyer = facts.most_producer, facts.most_buyer
    campaign.wishes_until, campaign.hours = facts.wishes_until, facts.hours.to_json()


def _lay_slots(campaign_id: int, hours: Hours) -> None:
    for number, (starts_at, ends_at) in enumerate(slots_of(hours)):
        slot = CampaignSlot(campaign_id=campaign_id, number=number)
        slot.starts_at, slot.ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
        db.session.add(slot)
    db.session.flush()


def invite(*, code: str, producers: Collection[str], distributors: Collection[str], by: Actor, at: datetime) -> int:
    """Invite verified producers and distributors by their slugs, but who is there already; answers how many are new.

    Before the campaign opens nobody is told; afterwards each hears by mail.
    """
    _may(by)
    campaign = get_campaign(code, hold=True)
    if campaign.state is not CampaignState.DRAFT and campaign.state not in CHANGEABLE:
        raise NotNow
    there = list_participants(campaign.id)
    known = {each.producer_id for each in there} | {-(each.distributor_id or 0) for each in there}
    makers = select(Producer.id).where(Producer.slug.in_(list(producers)), Producer.verified_at.is_not(None))
    sellers = (
        select(Distributor.id)
        .join(Distributor.organisation)
        .where(Distributor.standing == Standing.VERIFIED, Organisation.slug.in_(list(distributors)))
    )
    new = [
        Participant(campaign_id=campaign.id, side=Side.PRODUCER, producer_id=row, answer=Answer.INVITED)
        for row in db.session.scalars(makers.order_by(Producer.id))
        if row not in known
    ]
    new += [
        Participant(campaign_id=campaign.id, side=Side.BUYER, distributor_id=row, answer=Answer.INVITED)
        for row in db.session.scalars(sellers.order_by(Distributor.id))
        if -row not in known
    ]
    db.session.add_all(new)
    db.session.flush()
    if campaign.state is not CampaignState.DRAFT:
        _tell_invited(campaign, [each.id for each in new], at)
    _record(campaign, "invited", by, at, invited=len(new))
    return len(new)


def open_campaign(*, code: str, by: Actor, at: datetime) -> Campaign:
    """Let those invited see it and answer; everybody invited hears by mail."""
    campaign = move(code, CampaignState.OPEN, "opened", by=by, at=at)
    invited = list_participants(campaign.id)
    if {each.side for each in invited} != set(Side):
        raise NobodyInvited
    if campaign.kind is CampaignKind.ONLINE and not campaign.place.startswith("https://"):
        raise NoRoom
    _tell_invited(campaign, [each.id for each in invited], at)
    return campaign


def start_campaign(*, code: str, by: Actor, at: datetime) -> Campaign:
    """The day has come: the timetable stands, arrivals and meetings are recorded. NotTheDay before its first."""
    campaign = move(code, CampaignState.RUNNING, "started", by=by, at=at)
    if day_of(at) < campaign.slots[0].day:
        raise NotTheDay
    return campaign


def close_campaign(*, code: str, by: Actor, at: datetime) -> Campaign:
    """It is over; what was neither held nor missed is cancelled, so that nothing stays open."""
    campaign = move(code, CampaignState.CLOSED, "closed", by=by, at=at)
    for meeting in list_meetings(campaign.id):
        if meeting.state in (MeetingState.TENTATIVE, MeetingState.CONFIRMED):
            drop(meeting, N_("không được ghi là đã gặp"), at)
    return campaign


def cancel_campaign(*, code: str, reason: str, by: Actor, at: datetime) -> Campaign:
    """It does not take place; everybody who was told of it hears why."""
    words = nfc(reason)[:LONGEST_REASON]
    if not words:
        raise Invalid({"reason": N_("Ghi lý do hủy.")})
    told = get_campaign(code).state is not CampaignState.DRAFT
    campaign = move(code, CampaignState.CANCELLED, "cancelled", by=by, at=at)
    for meeting in list_meetings(campaign.id):
        drop(meeting, words, at)
    if told:
        for each in list_participants(campaign.id):
            if each.answer in (Answer.INVITED, Answer.COMING):
                mails.cancelled(campaign, each, reason=words, at=at)
    return campaign


def move(code: str, to: CampaignState, verb: str, *, by: Actor, at: datetime) -> Campaign:
    """Take a campaign to a state, or NotNow."""
    _may(by)
    campaign = get_campaign(code, hold=True)
    if to not in TRANSITIONS[campaign.state]:
        raise NotNow
    campaign.state = to
    _record(campaign, verb, by, at)
    db.session.flush()
    return campaign


def drop(meeting: Meeting, reason: str, at: datetime) -> None:
    """Cancel a live meeting: its seats are free at once."""
    assert meeting.state in LIVE
    meeting.state, meeting.reason, meeting.changed_at = MeetingState.CANCELLED, reason, at
    meeting.sequence += 1
    free_seats([meeting.id])
    db.session.flush()


def free_seats(meeting_ids: Collection[int]) -> None:
    """Give back the seats and tables of these meetings."""
    for table in (MeetingSeat, TableSeat):
        db.session.execute(delete(table).where(table.meeting_id.in_(list(meeting_ids))))


def _tell_invited(campaign: Campaign, ids: Collection[int], at: datetime) -> None:
    for each in list_participants(campaign.id):
        if each.id in ids:
            mails.invited(campaign, each, at=at)


def _may(by: Actor) -> None:
    if not RUN_CAMPAIGNS.held_by(by):
        raise Forbidden


def _record(campaign: Campaign, verb: str, by: Actor, at: datetime, **detail: object) -> None:
    record(
        by=by, action=f"campaign.{verb}", subject_type="campaign", subject=campaign.code, at=at, detail=detail or None
    )
