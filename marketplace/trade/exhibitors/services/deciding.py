"""The office publishes what it decided, all at once, never beyond a quota; strikes off; notes who did not come."""

from collections import Counter
from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import midnight
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors import mails
from marketplace.trade.exhibitors.goods import lacks_of
from marketplace.trade.exhibitors.models import PLACED, Application, ApplicationState, Decision
from marketplace.trade.exhibitors.queries import get_application, list_applications, marks_of_placed
from marketplace.trade.exhibitors.rules import taken
from marketplace.trade.exhibitors.services.steps import (
    JUDGED,
    LONGEST_REASON,
    NothingToShow,
    NotNow,
    free,
    next_number,
    offer,
    over,
    step,
)
from marketplace.trade.exhibitors.standing import Ranked, place_names, ranked
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.rules import OUTSIDE
from marketplace.trade.fairs.services.steps import office_edition


class NothingPending(Conflict):
    """No decision waits to be published."""

    code = "nothing_pending"
    message = N_("Chưa có quyết định nào chờ công bố.")


class QuotaFull(Conflict):
    """A place would have more exhibitors than its quota; nothing is published."""

    code = "quota_full"
    message = N_("Vượt chỉ tiêu của %(place)s: nhiều nhất %(most)d gian. Chưa công bố quyết định nào.")


class OutsideFull(QuotaFull):
    """The quota of everybody from other provinces is full."""

    message = N_("Vượt chỉ tiêu của các tỉnh khác: nhiều nhất %(most)d gian. Chưa công bố quyết định nào.")


class TooLateToOffer(Conflict):
    """The fair has begun: nobody could answer an offer any more."""

    code = "too_late_to_offer"
    message = N_("Hội chợ đã tới ngày khai mạc nên không mời thêm được nữa.")


def publish_decisions(*, code: str, home: str, by: Actor, at: datetime) -> dict[Decision, int]:
    """Everything pending comes true at once and every producer is told once; how many of each.

    QuotaFull, with the place, where offers would go beyond a quota, NothingToShow where one would go to an exhibitor
    nothing of whose may be shown any more: then nothing is published.
    """
    edition = office_edition(code, by)
    if edition.state not in JUDGED:
        raise NotNow
    rows = [row for row in ranked(list_applications(edition.id), home=home) if row.application.pending is not None]
    if not rows:
        raise NothingPending
    offers = [row for row in rows if row.application.pending is Decision.OFFER]
    _within_quotas(edition, offers, home, at)
    _with_goods(edition, [row.application for row in offers])
    done: Counter[Decision] = Counter()
    for row in rows:
        decision = row.application.pending
        assert decision is not None
        _come_true(row.application, decision, edition, by, at)
        done[decision] += 1
    return dict(done)


def _within_quotas(edition: Edition, offers: list[Ranked], home: str, at: datetime) -> None:
    if offers and at >= midnight(edition.first_day):
        raise TooLateToOffer
    used = taken(marks_of_placed(edition.id, home=home))
    most = {quota.place: quota.most for quota in edition.quotas}
    for row in offers:
        for place in over(edition, row.marks, used):
            if place == OUTSIDE:
                raise OutsideFull(most=most[place])
            raise QuotaFull(place=place_names([place])[place], most=most[place])
        used.update(row.marks)


def _with_goods(edition: Edition, offers: list[Application]) -> None:
    lacks = lacks_of(edition, offers)
    for row in offers:
        if all(lacks[shown.listing_id] for shown in row.goods):
            raise NothingToShow(name=row.producer.name)


def _come_true(row: Application, decision: Decision, edition: Edition, by: Actor, at: datetime) -> None:
    if decision is Decision.OFFER:
        offer(row, edition, by=by, at=at)
        return
    row.decided_at = at
    if decision is Decision.WAIT:
        row.reason, row.wait_number = "", next_number(edition.id)
        step(row, ApplicationState.WAITING, by=by, at=at)
    else:
        step(row, ApplicationState.REJECTED, by=by, at=at, reason=row.reason)
    mails.decided(row, at=at)


def cancel(*, code: str, application: str, reason: str, home: str, by: Actor, at: datetime) -> Application:
    """Strike an application off, with a reason that its producer reads; its place goes to the next in line."""
    edition = office_edition(code, by)
    row = get_application(edition.id, application, hold=True)
    words = nfc(reason)[:LONGEST_REASON]
    if not words:
        raise Invalid({"reason": N_("Ghi lý do; nơi làm sẽ đọc được.")})
    placed = row.state in PLACED
    row.reason, row.decided_at = words, at
    step(row, ApplicationState.CANCELLED, by=by, at=at, reason=words)
    mails.decided(row, at=at)
    if placed:
        free(row, edition, home=home, at=at)
    return row


def mark_no_show(*, code: str, application: str, by: Actor, at: datetime) -> Application:
    """It confirmed and did not come; its booth stays in the books as it was given."""
    edition = office_edition(code, by)
    if edition.state not in (EditionState.RUNNING, EditionState.CLOSED):
        raise NotNow
    row = get_application(edition.id, application, hold=True)
    step(row, ApplicationState.NO_SHOW, by=by, at=at)
    return row
