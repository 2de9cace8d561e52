"""The minutes of a closed sitting on paper: who sat, every sheet, averages and what they came to."""

from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.platform.web.language import language
from marketplace.platform.web.printing import typeset
from marketplace.platform.web.templates import dmy
from marketplace.registry.councils.models import CouncilMember, Seat, Sitting
from marketplace.registry.councils.queries import Scored, minimum_for, scored_table


def minutes(sitting: Sitting) -> bytes:
    """The tagged PDF, in the reader's language; takes some 50 ms, so outside any write block."""
    table = scored_table(sitting.id)
    sat = {sheet.member_id for scored in table for sheet in scored.signed}
    members = [member for member in sitting.council.members if member.id in sat]
    facts = {
        "lang": language(),
        "site": current_app.config["SETTINGS"].site_name,
        "title": _(
            "Biên bản phiên %(n)d, đợt %(number)d năm %(year)d",
            n=sitting.number,
            number=sitting.round.number,
            year=sitting.round.year,
        ),
        "council": _(
            "%(name)s, lập theo quyết định %(number)s ngày %(day)s",
            name=sitting.council.name,
            number=sitting.council.decision_number,
            day=dmy(sitting.council.established_on),
        ),
        "held": _("Họp ngày %(day)s tại %(place)s", day=dmy(sitting.held_on), place=sitting.place),
        "rules": _("Chấm theo %(decision)s", decision=sitting.round.rules.decision),
        "members_title": _("Thành viên chấm"),
        "members": [[member.name, member.department, _seat(member, sitting)] for member in members],
        "missing": _missing(sitting, table),
        "heads": [_("Sản phẩm"), _("Điểm của từng thành viên"), _("Trung bình"), _("Chênh lệch"), _("Kết quả")],
        "rows": [_row(scored, members) for scored in table],
        "note": _("Thứ tự điểm theo thứ tự thành viên ở trên. Dấu * là điểm cách những người khác từ 10 điểm."),
        "closed_by": _("Khép phiên dù thiếu: %(name)s", name=sitting.closed_by),
        "signatures": [_("Thư ký"), _("Chủ tịch hội đồng")],
    }
    return typeset("minutes", facts, kind="pdf")


def _missing(sitting: Sitting, table: list[Scored]) -> list[str]:
    """Whose sheets were missing as the sitting closed, which whoever closed it accepted."""
    people = {member.code: member.name for member in sitting.council.members}
    named = {scored.entry.dossier.code: scored.entry.dossier.name for scored in table}
    lacking: dict[str, list[str]] = sitting.absences.get("missing", {})
    return [
        _("Không có phiếu của %(name)s: %(what)s.", name=people[who], what="; ".join(named[code] for code in codes))
        for who, codes in lacking.items()
    ]


def _seat(member: CouncilMember, sitting: Sitting) -> str:
    words = {Seat.CHAIR: _("chủ tịch"), Seat.SECRETARY: _("thư ký"), Seat.MEMBER: _("ủy viên")}
    left: dict[str, str] = sitting.absences.get("left", {})
    if member.code not in left:
        return str(words[member.seat])
    day = dmy(date.fromisoformat(left[member.code]))
    return str(_("%(seat)s, rời hội đồng ngày %(day)s, phiếu đã ký vẫn tính", seat=words[member.seat], day=day))


def _points(value: object) -> str:
    return str(value) if language() == "en" else str(value).replace(".", ",")


def _row(scored: Scored, members: list[CouncilMember]) -> dict[str, Any]:
    entry, spread = scored.entry, scored.spread
    assert spread is not None
    marked = {sheet.member_id: (sheet, i in spread.apart) for i, sheet in enumerate(scored.signed)}
    totals = []
    for member in members:
        sheet, apart = marked.get(member.id, (None, False))
        totals.append(f"{_points(sheet.total)}{'*' if apart else ''}" if sheet else "–")
    english = language() == "en"
    failing = [m.name_en if english else m.name for m in minimum_for(entry.dossier) if m.code in entry.failing]
    stars = ngettext("%(num)d sao", "%(num)d sao", entry.stars or 0)
    return {
        "product": entry.dossier.name,
        "maker": f"{entry.dossier.producer.name}, {entry.dossier.producer.commune.name}",
        "totals": "; ".join(totals),
        "average": _points(spread.average),
        "range": _points(spread.range),
        "result": _("%(stars)s, tiềm năng 5 sao", stars=stars) if entry.potential_five else stars,
        "failing": _("Chưa đạt: %(what)s", what="; ".join(failing)) if failing else "",
    }
