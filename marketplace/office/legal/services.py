"""Writing the legal pages."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from marketplace.office.legal.models import Page, PageVersion
from marketplace.office.legal.policies import WRITE_LEGAL
from marketplace.office.legal.rules import LONGEST
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_


class WrittenMeanwhile(Conflict):
    """Somebody wrote a newer version since the page was opened; what was typed is kept on the page."""

    code = "legal_page_written"
    message = N_("Có người vừa lưu một bản mới của trang này. Hãy xem bản đó rồi lưu lại.")


@dataclass(frozen=True)
class NewWording:
    """What an administrator typed; `seen` is the number of the newest version then."""

    text: str
    text_en: str
    effective_on: date
    reason: str
    seen: int


def write_page(*, page: Page, wording: NewWording, by: Actor, at: datetime) -> PageVersion:
    """Add a version of a page, in force from today or a later day; the versions before it stay readable."""
    if not WRITE_LEGAL.held_by(by):
        raise Forbidden
    _check(wording, day_of(at))
    newest = db.session.scalar(select(func.max(PageVersion.number)).where(PageVersion.page == page)) or 0
    if newest != wording.seen:
        raise WrittenMeanwhile
    row = PageVersion(
        page=page,
        number=newest + 1,
        effective_on=wording.effective_on,
        text=wording.text.strip(),
        text_en=wording.text_en.strip(),
        reason=nfc(wording.reason),
        written_at=at,
        written_by=by.name,
    )
    db.session.add(row)
    detail = {"number": row.number, "effective_on": str(row.effective_on), "reason": row.reason}
    record(by=by, action="legal.written", subject_type="legal_page", subject=page.value, at=at, detail=detail)
    return row


def _check(wording: NewWording, today: date) -> None:
    errors = {}
    for name in ("text", "text_en"):
        if not getattr(wording, name).strip():
            errors[name] = N_("Viết nội dung bằng cả hai ngôn ngữ.")
        elif len(getattr(wording, name)) > LONGEST:
            errors[name] = N_("Nội dung dài quá 40.000 ký tự.")
    if not wording.reason.strip():
        errors["reason"] = N_("Ghi vì sao sửa, để người sau hiểu.")
    if wording.effective_on < today:
        errors["effective_on"] = N_("Ngày có hiệu lực là hôm nay hoặc về sau.")
    if errors:
        raise Invalid(errors)
