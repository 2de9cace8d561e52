"""Calendar files handed out: an appointment of a deal that was accepted, for the party's own calendar."""

from flask import Response
from flask_babel import gettext as _

from marketplace.faces.storefront.deal_words import deal_title, party
from marketplace.faces.storefront.ics import calendar_file
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.access import current_actor
from marketplace.trade.deals.models import MeetingState
from marketplace.trade.deals.queries import get_within, side_of
from marketplace.trade.deals.queries.meetings import get_appointment


def meeting_file(deal_code: str, code: str) -> Response:
    """The calendar file of an appointment that was accepted once, or NotFound; a cancelled one takes itself out."""
    by = current_actor()
    deal = get_within(deal_code, by=by)
    row = get_appointment(deal.id, code)
    if row.starts_at is None or row.ends_at is None:
        raise NotFound
    text = calendar_file(
        uid=f"{row.code}@cho-phien",
        sequence=row.sequence,
        stamp=now(),
        starts=row.starts_at,
        ends=row.ends_at,
        summary=_("Gặp %(who)s", who=party(deal, side_of(by).other)),
        place=row.place,
        about="\n".join(part for part in (deal_title(deal), row.note) if part),
        cancelled=row.state is MeetingState.CANCELLED,
    )
    return calendar_answer(text, row.code)


def calendar_answer(text: str, code: str) -> Response:
    """A calendar file (`ics.calendar_file`) as a private download."""
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
