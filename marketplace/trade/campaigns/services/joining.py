"""Those invited say whether they come, when they cannot, and how many meetings they want."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.campaigns import mails
from marketplace.trade.campaigns.models import (
    CHANGEABLE,
    Absence,
    Answer,
    CampaignState,
    MeetingState,
    Participant,
    Side,
)
from marketplace.trade.campaigns.queries import get_own_participant, list_meetings_of
from marketplace.trade.campaigns.services.planning import LONGEST_REASON, NotNow, drop


class TooLate(Conflict):
    """The time to answer is over."""

    code = "too_late"
    message = N_("Đã quá hạn trả lời. Hãy gọi cán bộ tỉnh phụ trách đợt này.")


def answer_invitation(
    *, code: str, coming: bool, absent: Collection[int], most: int | None, reason: str = "", by: Actor, at: datetime
) -> Participant:
    """Say whether one comes. `absent`: the numbers of slots one cannot; `most`: how many meetings at most.

    Until the office's date, as often as one likes. A slot in which a meeting is confirmed cannot be given up: that
    meeting is called off first.
    """
    mine = get_own_participant(code, by=by, hold=True)
    campaign = mine.campaign
    if campaign.state not in CHANGEABLE:
        raise NotNow
    if at > campaign.wishes_until:
        raise TooLate
    if not coming:
        return _leave(mine, Answer.DECLINED, reason, by, at)
    numbers = {slot.number: slot for slot in campaign.slots}
    away = {number for number in absent if number in numbers}
    _check(mine, away, most)
    db.session.execute(delete(Absence).where(Absence.participant_id == mine.id))
    db.session.add_all(Absence(participant_id=mine.id, slot_id=numbers[number].id) for number in sorted(away))
    mine.answer, mine.most, mine.reason, mine.answered_at = Answer.COMING, most, "", at
    _record(mine, "coming", by, at)
    return mine


def _check(mine: Participant, away: Collection[int], most: int | None) -> None:
    campaign = mine.campaign
    limit = campaign.most_producer if mine.side is Side.PRODUCER else campaign.most_buyer
    wrong = {}
    if most is not None and not 1 <= most <= limit:
        wrong["most"] = N_("Từ 1 đến số cuộc nhiều nhất của đợt này.")
    if len(away) == len(campaign.slots):
        wrong["absent"] = N_("Bạn bận mọi lượt: hãy trả lời là không đến được.")
    if any(m.state is MeetingState.CONFIRMED and m.slot.number in away for m in list_meetings_of(mine.id)):
        wrong["absent"] = N_("Có cuộc gặp đã chốt trong lượt bạn báo bận. Hủy cuộc ấy trước.")
    if wrong:
        raise Invalid(wrong)


def withdraw(*, code: str, reason: str, by: Actor, at: datetime) -> Participant:
    """Come no more, at any time before it is over: every meeting is called off, and the others are told."""
    mine = get_own_participant(code, by=by, hold=True)
    if mine.campaign.state not in CHANGEABLE | {CampaignState.RUNNING} or mine.answer is not Answer.COMING:
        raise NotNow
    return _leave(mine, Answer.WITHDRAWN, reason, by, at)


def _leave(mine: Participant, answer: Answer, reason: str, by: Actor, at: datetime) -> Participant:
    words = nfc(reason)[:LONGEST_REASON]
    if not words and answer is Answer.WITHDRAWN:
        raise Invalid({"reason": N_("Ghi lý do để bên kia biết.")})
    for meeting in list_meetings_of(mine.id):
        if meeting.state in (MeetingState.TENTATIVE, MeetingState.CONFIRMED):
            drop(meeting, words or N_("một bên không đến được"), at)
            mails.meeting_cancelled(
                meeting, to=meeting.buyer if mine.side is Side.PRODUCER else meeting.producer, at=at
            )
    mine.answer, mine.reason, mine.answered_at = answer, words, at
    _record(mine, answer.value, by, at)
    db.session.flush()
    return mine


def _record(mine: Participant, verb: str, by: Actor, at: datetime) -> None:
    detail = {"party": mine.name}
    subject = mine.campaign.code
    record(by=by, action=f"campaign.{verb}", subject_type="campaign", subject=subject, at=at, detail=detail)
