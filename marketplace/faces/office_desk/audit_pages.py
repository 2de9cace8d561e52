"""The trail as administrators read it: searched, taken away, its chain walked; and who saw personal data."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.seeing import KINDS
from marketplace.faces.office_desk.trail_words import KINDS as ACTED_ON
from marketplace.faces.office_desk.trail_words import act_words
from marketplace.people.accounts.policies import SEE_AUDIT
from marketplace.platform.audit.jobs import walk_chain
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.audit.queries import TrailAsked, count_seen, count_trail, last_check, list_seen, list_trail
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import VIETNAM, now
from marketplace.platform.core.folding import fold, nfc
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import day_in, read_page
from marketplace.platform.web.spreadsheets import xlsx_answer
from marketplace.platform.web.templates import local_time

bp = Blueprint("office_audit", __name__, url_prefix="/office/audit")
A_PAGE = 50
MOST_TAKEN = 10_000  # rows of one file


@bp.get("")
@allow(SEE_AUDIT)
def trail() -> str:
    asked, page = _asked(), read_page()
    total = count_trail(asked)
    return render_template(
        "office_desk/audit.html",
        entries=list_trail(asked, page=page, per_page=A_PAGE),
        typed={name: request.args.get(name, "") for name in ("actor", "action", "subject", "since", "until")},
        kinds=_kinds(request.args.get("action", "")),
        things=ACTED_ON,
        act_words=act_words,
        said=said,
        check=last_check(),
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
    )


@bp.get("/trail.xlsx")
@allow(SEE_AUDIT)
def take_away() -> Response:
    """What is asked for, the newest 10,000 acts of it."""
    header = [
        _("Lúc"), _("Ai"), _("Việc"), _("Tên việc"), _("Loại"), _("Với"), _("Chi tiết"), _("Yêu cầu"),
        _("Thứ tự trong chuỗi"),
    ]  # fmt: skip
    rows = (_row(entry) for entry in list_trail(_asked(), page=1, per_page=MOST_TAKEN))
    return xlsx_answer("audit", header, rows)


@bp.post("/verify")
@allow(SEE_AUDIT)
def verify() -> Any:
    walk_chain(by=current_actor(), at=now())
    flash(_("Đã soát cả chuỗi."), "ok")
    return redirect(url_for("office_audit.trail"))


@bp.get("/seen")
@allow(SEE_AUDIT)
def seen() -> str:
    words, page = nfc(request.args.get("q", ""))[:100], read_page()
    total = count_seen(words)
    return render_template(
        "office_desk/seen.html",
        rows=list_seen(words, page=page, per_page=A_PAGE),
        kinds=KINDS,
        q=words,
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
    )


def _row(e: AuditEntry) -> list[str | int]:
    done = [act_words(e.action), e.action, e.subject_type, e.subject, said(e)]
    return [local_time(e.at), e.actor_name, *done, e.request_id, e.position or ""]


def said(entry: AuditEntry) -> str:
    """What an act's detail says, `key: value` after `key: value`, lists with commas."""
    return "; ".join(f"{name}: {_bare(value)}" for name, value in entry.detail.items())


def _bare(value: object, *, within: bool = False) -> str:
    """A value of JSON without quotes; what stands within another keeps its brackets. What says nothing is a dash."""
    if isinstance(value, dict) and value:
        inner = ", ".join(f"{name}: {_bare(each, within=True)}" for name, each in value.items())
        return f"{{{inner}}}" if within else inner
    if isinstance(value, list) and value:
        inner = ", ".join(_bare(each, within=True) for each in value)
        return f"[{inner}]" if within else inner
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    return "–" if value is None or value in ("", [], {}) else str(value)


def _kinds(action: str) -> list[tuple[str, str]]:
    """What may be asked for, by the beginning of an act's name: every kind of thing, and the one act asked for now."""
    kinds = [(f"{kind}.", str(words)) for kind, words in ACTED_ON.items()]
    asked = [(action, act_words(action))] if action and action not in dict(kinds) else []
    return asked + sorted(kinds, key=lambda kind: fold(kind[1]))


def _asked() -> TrailAsked:
    typed = request.args
    return TrailAsked(
        actor=nfc(typed.get("actor", ""))[:100],
        action=typed.get("action", "").strip()[:64],
        subject=typed.get("subject", "").strip()[:200],
        since=_start(typed.get("since", "")),
        until=_start(typed.get("until", ""), timedelta(days=1)),
    )


def _start(typed: str, more: timedelta = timedelta(0)) -> datetime | None:
    """The beginning of a day in Vietnam, or so much later."""
    day = day_in(typed)
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM) + more if day else None
