"""Officers write down their visits to a showcase point, with photographs that only officers see."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.point_pages import NO_DAY, look
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import MOST_BYTES, BadFile, Document, take_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.media.models import FileKind
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.forms import day_in, together
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.verbs import perform
from marketplace.trade.showcase.policies import VISIT_POINTS
from marketplace.trade.showcase.queries import get_point, get_visit_file
from marketplace.trade.showcase.services import VisitFacts, record_visit

bp = Blueprint("office_point_visits", __name__, url_prefix="/office/showcase/<slug>/visits")


@bp.post("")
@allow(VISIT_POINTS)
@limiter.limit("120 per hour")
def visit(slug: str) -> Any:
    get_point(slug, by=current_actor())
    came = perform(lambda: _record(slug), _("Đã ghi chuyến đi."), blocked=False)
    there = url_for("office_points.point", slug=slug, _anchor="visits")
    return (look(slug, came.errors), 422) if came.errors else redirect(there)


def _record(slug: str) -> None:
    """The photographs are taken in before the write block opens."""
    at, typed = now(), request.form
    day = day_in(typed.get("visited_on", ""))
    words = {name: typed.get(name, "") for name in ("visitors", "findings", "advice")}
    photos = _photos()
    for each in photos:
        put_document(each, at=at)
    with transaction(), together({} if day else {"visited_on": NO_DAY}):
        facts = VisitFacts(visited_on=day or day_of(at), **words)
        record_visit(slug=slug, facts=facts, photos=photos, by=current_actor(), at=at)


def _photos() -> list[Document]:
    """The photographs sent along; raises Invalid on `photos` where one is none."""
    taken = []
    try:
        for sent in request.files.getlist("photos"):
            if sent.filename:
                taken.append(take_document(sent.read(MOST_BYTES + 1), sent.filename))
    except BadFile as bad:
        raise Invalid({"photos": bad.fields["files"]}, **bad.facts) from bad
    if any(each.kind is not FileKind.JPEG for each in taken):
        raise Invalid({"photos": N_("Chỉ gửi ảnh.")})
    return taken


@bp.get("/photos/<code>")
@allow(VISIT_POINTS)
def photo(slug: str, code: str) -> Response:
    return file_answer(get_visit_file(slug, code, by=current_actor()))
