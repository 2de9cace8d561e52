"""How a ticket goes from one state to the next: by one conditional change, whoever else tries."""

from datetime import datetime

from sqlalchemy import update

from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_
from marketplace.trade.visitors.models import Ticket, TicketState


class TicketOver(Conflict):
    """The ticket is cancelled, was used, or stands elsewhere than this step starts from."""

    code = "ticket_state"
    message = N_("Vé này đã hủy, đã dùng hoặc vừa đổi trạng thái. Hãy tải lại trang.")


def step(row: Ticket, to: TicketState, before: tuple[TicketState, ...], *, at: datetime) -> None:
    """Take a step from one of these states, or raise TicketOver."""
    taken = update(Ticket).where(Ticket.id == row.id, Ticket.state.in_(before))
    if rows_changed(taken.values(state=to, state_since=at)) != 1:
        raise TicketOver
    db.session.refresh(row, ["state", "state_since"])
