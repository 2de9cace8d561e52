"""A notice is sent to those concerned, read by each, taken back."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.people.accounts.models import Role
from marketplace.people.places.queries import list_units
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.trade.news.models import Notice, NoticeRead
from marketplace.trade.news.policies import CONCERNED, READ_NOTICES, WRITE_NEWS
from marketplace.trade.news.queries import get_notice, get_own_notice

LONGEST = 4_000


@dataclass(frozen=True)
class NoticeFacts:
    """A word to a role; `unit` a mark such as `2025:03390` or `before-2025:106`, empty for everywhere."""

    role: Role
    title: str
    text: str
    until: datetime
    title_en: str = ""
    text_en: str = ""
    unit: str = ""


def send_notice(*, facts: NoticeFacts, by: Actor, at: datetime) -> Notice:
    """Have it stand on the desks of those concerned; raises Invalid by field."""
    if not WRITE_NEWS.held_by(by):
        raise Forbidden
    units = list_units([facts.unit]) if facts.unit else []
    _check(facts, bool(units), at)
    notice = Notice(
        code=f"TB{random_code(8)}",
        role=facts.role,
        unit_id=units[0].id if units else None,
        title=nfc(facts.title),
        title_en=nfc(facts.title_en),
        text=facts.text.strip(),
        text_en=facts.text_en.strip(),
        sent_at=at,
        sent_by=by.name,
        until=facts.until,
    )
    db.session.add(notice)
    db.session.flush()
    _record(notice, "sent", by, at)
    return notice


def take_back(*, code: str, by: Actor, at: datetime) -> None:
    """It stands nowhere any more; who read it stays known."""
    if not WRITE_NEWS.held_by(by):
        raise Forbidden
    notice = get_notice(code)
    if notice.withdrawn_at is None:
        notice.withdrawn_at = at
        _record(notice, "withdrawn", by, at)


def mark_read(*, code: str, by: Actor, at: datetime) -> None:
    """Say in person that one has read it; once more is no error."""
    if not READ_NOTICES.held_by(in_person(by)):
        raise Forbidden
    notice = get_own_notice(code, at, by=by)
    if db.session.get(NoticeRead, (notice.id, by.user_id)) is None:
        db.session.add(NoticeRead(notice_id=notice.id, user_id=by.user_id, at=at))
        _record(notice, "read", by, at)


def _check(facts: NoticeFacts, placed: bool, at: datetime) -> None:
    errors = {}
    if facts.role not in CONCERNED:
        errors["role"] = N_("Chọn một mục trong danh sách.")
    if facts.unit and (not placed or facts.role is Role.DISTRIBUTOR):
        errors["unit"] = N_("Nơi phân phối không theo xã: chọn cả tỉnh.") if placed else N_("Chọn một nơi có thật.")
    if not nfc(facts.title) or len(nfc(facts.title)) > 200 or len(nfc(facts.title_en)) > 200:
        errors["title"] = N_("Đặt tên thông báo, trong 200 ký tự.")
    if not facts.text.strip() or len(facts.text) > LONGEST or len(facts.text_en) > LONGEST:
        errors["text"] = N_("Viết nội dung, trong 4.000 ký tự.")
    if facts.until <= at:
        errors["until"] = N_("Ngày cuối phải sau hôm nay.")
    if errors:
        raise Invalid(errors)


def _record(notice: Notice, what: str, by: Actor, at: datetime) -> None:
    record(by=by, action=f"notice.{what}", subject_type="notice", subject=notice.code, at=at)
