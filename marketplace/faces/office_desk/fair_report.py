"""The office reads what came of a fair, beside the earlier ones of its series, and takes it away."""

from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from marketplace.faces.office_desk.fair_report_paper import decimal, report_cells, report_heads, report_pdf
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.trade_words import set_name
from marketplace.people.producers.views import KINDS
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.media.models import FileKind
from marketplace.platform.web.downloads import document_answer
from marketplace.platform.web.spreadsheets import xlsx_answer
from marketplace.platform.web.templates import dmy, money
from marketplace.trade.fair_reports.queries import report_of, sums_of_series
from marketplace.trade.fair_reports.rules import STARS, EditionSums, FairReport
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition, list_budget

bp = Blueprint("office_fair_report", __name__, url_prefix="/office/fairs/<code>")


@bp.get("/report")
@allow(RUN_FAIRS)
def report(code: str) -> str:
    edition = get_edition(code)
    found = report_of(edition)
    return render_template(
        "office_desk/fair_report.html",
        edition=edition,
        report=found,
        charts=_charts(found),
        series=_series(sums_of_series(edition)),
        budget=list_budget(edition.id),
        stars=STARS,
        decimal=decimal,
        **fair_words(),
    )


@bp.get("/report.pdf")
@allow(RUN_FAIRS)
def paper(code: str) -> Response:
    """The official report, dated today."""
    edition, on = get_edition(code), day_of(now())
    made = report_pdf(report_of(edition), list_budget(edition.id), on=on)
    return document_answer(made, f"bao-cao-{edition.slug}.pdf", FileKind.PDF)


@bp.get("/report.xlsx")
@allow(RUN_FAIRS)
def table(code: str) -> Response:
    edition = get_edition(code)
    cells = report_cells(report_of(edition), list_budget(edition.id))
    answer: Response = xlsx_answer(f"bao-cao-{edition.slug}", report_heads(), cells)
    return answer


def _bar(label: str, count: int) -> dict[str, Any]:
    return {"label": label, "done": count, "more": 0, "goal": None}


def _column(label: str, value: int, shown: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "shown": shown or str(value)}


def _charts(report: FairReport) -> dict[str, list[dict[str, Any]]]:
    """The rows of every chart on the page."""
    return {
        "places": [_bar(name, count) for name, count in report.places],
        "kinds": [_bar(str(KINDS[kind]), count) for kind, count in report.kinds.items()],
        "sets": [_bar(set_name(code), count) for code, count in report.sets],
        "visits": [_column(dmy(day), count) for day, count in report.visits_by_day.items()],
        "hours": [_column(_("%(n)d giờ", n=hour), count) for hour, count in report.visits_by_hour.items()],
        "taken": [_column(dmy(day), amount.amount, money(amount)) for day, amount in report.days.items()],
    }


def _series(sums: list[EditionSums]) -> dict[str, Any]:
    """The series side by side: columns for each figure, and the table of them all."""
    if len(sums) < 2:
        return {}
    named = [(_("lần %(n)d", n=each.edition.number), each) for each in sums]
    return {
        "rows": named,
        "charts": [
            (_("Gian hàng qua các lần"), [_column(name, each.exhibitors) for name, each in named]),
            (_("Khách qua các lần"), [_column(name, each.visitors) for name, each in named]),
            (
                _("Doanh thu qua các lần"),
                [_column(name, each.taken.amount, money(each.taken)) for name, each in named],
            ),
        ],
    }
