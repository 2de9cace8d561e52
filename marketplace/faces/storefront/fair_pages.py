"""Trade fairs as the public sees them: what is coming, one edition with its programme, its calendar file."""

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from marketplace.faces.storefront.fair_words import event_ld, fair_words, openings
from marketplace.faces.storefront.findable import address, crumbs_ld
from marketplace.faces.storefront.floorplan_words import pictures
from marketplace.faces.storefront.ics import Event, calendar_of
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.language import language
from marketplace.trade.exhibitors.placings import find_names
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.queries import (
    count_public,
    get_public,
    list_earlier,
    list_public,
    list_steps,
    released_programme,
)
from marketplace.trade.floorplans.queries import layout_of

bp = Blueprint("fairs", __name__, url_prefix="/fairs")
A_PAGE = 20


@bp.get("")
@allow(PUBLIC)
def fairs() -> str:
    on, page = day_of(now()), read_page()
    return render_template(
        "storefront/fairs.html",
        coming=list_public(on=on, over=False),
        past=list_public(on=on, over=True, page=page, per_page=A_PAGE),
        page=page,
        pages=max(1, -(-count_public(on=on, over=True) // A_PAGE)),
        **fair_words(),
    )


@bp.get("/<slug>")
@allow(PUBLIC)
def fair(slug: str) -> str:
    edition = get_public(slug)
    return render_template(
        "storefront/fair.html",
        edition=edition,
        halls=pictures(layout_of(edition.id), find_names(edition)),
        programme=released_programme(edition.id),
        earlier=[each for each in list_earlier(edition) if each.state is not EditionState.DRAFT],
        last_step=next(iter(list_steps(edition.id)), None),
        open_now=edition.open_to_applications(now()),
        ld=[event_ld(edition), crumbs_ld([(_("Hội chợ"), "/fairs"), (edition.title, "")])],
        **fair_words(),
    )


@bp.get("/<slug>/calendar.ics")
@allow(PUBLIC)
def calendar(slug: str) -> Response:
    """Each day of the edition, and each session of its released programme, for the visitor's own calendar."""
    edition = get_public(slug)
    english = language() == "en"
    title = (edition.title_en if english else "") or edition.title
    place = f"{edition.venue}, {edition.address}".rstrip(", ")
    days = [
        Event(f"{edition.code}-{starts:%Y%m%d}@cho-phien", starts, ends, title, place, address(f"/fairs/{slug}"))
        for starts, ends in openings(edition)
    ]
    sessions = [
        Event(
            f"{each.code}@cho-phien",
            each.starts_at,
            each.ends_at,
            f"{(each.title_en if english else '') or each.title} ({title})",
            f"{each.place}, {edition.venue}",
            (each.about_en if english else "") or each.about,
        )
        for each in released_programme(edition.id)
    ]
    called_off = edition.state is EditionState.CANCELLED
    text = calendar_of([*days, *sessions], stamp=now(), cancelled=called_off)
    answer = Response(text, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{edition.slug}.ics"'
    return answer
