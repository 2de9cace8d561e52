"""What waits for an officer today, each kind with how many and where to go.

The pieces of work that the queue lists one by one (`work_items`) are counted here as it counts them, each once; what is
no single piece of work there (a sitting, a late round) is worth a look and stands apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import ngettext

from marketplace.platform.core.access import Actor
from marketplace.registry.councils.models import SittingState
from marketplace.registry.councils.policies import KEEP_COUNCILS
from marketplace.registry.councils.queries import list_open_appeals, list_sittings
from marketplace.registry.dossiers.models import DossierState
from marketplace.registry.dossiers.policies import ADMIT_DOSSIERS
from marketplace.registry.dossiers.queries import count_by_state, count_late
from marketplace.shop.bank.queries import count_queues
from marketplace.shop.catalog.policies import KEEP_LISTINGS
from marketplace.shop.catalog.proposals import list_waiting_pages
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.payments.models import DisputeState
from marketplace.shop.payments.queries import count_by_hand, list_disputes
from marketplace.shop.payouts.queries.batches import count_drafts
from marketplace.shop.payouts.queries.carriers import count_differing
from marketplace.shop.reviews.queries import Pile, count_piles
from marketplace.trade.collections.policies import CURATE
from marketplace.trade.distributors.models import Standing
from marketplace.trade.distributors.policies import VERIFY_DISTRIBUTORS
from marketplace.trade.distributors.queries import count_distributors
from marketplace.trade.promotion.queries import count_hindered

Said = Callable[[int], str]


Row = tuple[int, Said, str, str]


@dataclass(frozen=True)
class Errand:
    """Work of one kind."""

    what: str
    link: str
    sign: str
    count: int


def errands(*, by: Actor, producers: int) -> list[Errand]:
    """What waits for `by`, of `producers` to verify too: nothing is left out, what has none is not in the list."""
    states = count_by_state(by=by)
    found: list[Row] = [
        (producers, _producers, "/office/producers", "store"),
        (states.get(DossierState.IDEA_SENT, 0), _ideas, "/office/dossiers?state=idea_sent", "leaf"),
        (states.get(DossierState.SUBMITTED, 0), _submitted, "/office/dossiers?state=submitted", "file-text"),
    ]
    if ADMIT_DOSSIERS.held_by(by):
        found.append((states.get(DossierState.FORWARDED, 0), _forwarded, "/office/dossiers?state=forwarded", "upload"))
    if KEEP_COUNCILS.held_by(by):
        found += [
            (states.get(DossierState.SCORED, 0), _scored, "/office/dossiers?state=scored", "award"),
            (len(list_open_appeals(by=by)), _appeals, "/office/councils", "gavel"),
        ]
    if KEEP_LISTINGS.held_by(by):
        pages = {each.listing.id for each in list_waiting_pages(by=by)}  # new and changed at once: one look
        found.append((len(pages), _pages, "/office/listings/", "store"))
        piles = count_piles(by=by)
        found += [
            (piles[Pile.WAITING], _reviews, "/office/reviews", "message-circle"),
            (piles[Pile.REPORTED], _reported, "/office/reviews?pile=reported", "flag"),
        ]
    if VERIFY_DISTRIBUTORS.held_by(by):
        waiting = count_distributors(by=by, standing=Standing.WAITING)
        found.append((waiting, _distributors, "/office/distributors", "handshake"))
    if KEEP_MONEY.held_by(by):
        found += [
            (sum(count_queues().values()), _transfers, "/office/payments", "banknote"),
            (count_by_hand(), _refunds, "/office/payments?queue=refunds", "credit-card"),
            (_open_disputes(), _disputes, "/office/payments?queue=disputes", "credit-card"),
            (count_drafts(but=by.user_id), _payouts, "/office/payouts", "wallet"),
        ]
    return _said(found)


def worth_a_look(*, by: Actor, on: date) -> list[Errand]:
    """What `by` watches over besides, in the same form."""
    found: list[Row] = []
    if KEEP_COUNCILS.held_by(by):
        sittings = [each.state for each in list_sittings(by=by)]
        found.append((sittings.count(SittingState.OPEN), _open, "/office/councils", "star"))
    if CURATE.held_by(by):
        found.append((count_hindered(on), _placements, "/office/featured/hindered", "eye"))
    if KEEP_MONEY.held_by(by):
        found.append((count_differing(), _remittances, "/office/payments/carriers", "truck"))
    found.append((count_late(by=by, on=on), _late, "/office/rounds", "clock"))
    return _said(found)


def _said(found: list[Row]) -> list[Errand]:
    return [Errand(said(count), link, sign, count) for count, said, link, sign in found if count]


def _open_disputes() -> int:
    return sum(each.state is DisputeState.OPEN for each in list_disputes())


def _producers(n: int) -> str:
    return str(ngettext("%(num)d nơi làm chờ xác minh", "%(num)d nơi làm chờ xác minh", n))


def _disputes(n: int) -> str:
    return str(ngettext("%(num)d tranh chấp thẻ chờ trả lời", "%(num)d tranh chấp thẻ chờ trả lời", n))


def _transfers(n: int) -> str:
    return str(ngettext("%(num)d khoản chuyển tới chờ xem", "%(num)d khoản chuyển tới chờ xem", n))


def _refunds(n: int) -> str:
    return str(ngettext("%(num)d khoản hoàn chờ chuyển tay", "%(num)d khoản hoàn chờ chuyển tay", n))


def _payouts(n: int) -> str:
    return str(ngettext("%(num)d đợt chi chờ bạn duyệt", "%(num)d đợt chi chờ bạn duyệt", n))


def _remittances(n: int) -> str:
    return str(ngettext("%(num)d lần nộp lệch của bên vận chuyển", "%(num)d lần nộp lệch của bên vận chuyển", n))


def _ideas(n: int) -> str:
    return str(ngettext("%(num)d ý tưởng chờ trả lời", "%(num)d ý tưởng chờ trả lời", n))


def _submitted(n: int) -> str:
    return str(ngettext("%(num)d hồ sơ chờ đánh giá ban đầu", "%(num)d hồ sơ chờ đánh giá ban đầu", n))


def _forwarded(n: int) -> str:
    return str(ngettext("%(num)d hồ sơ huyện, xã đã chuyển lên", "%(num)d hồ sơ huyện, xã đã chuyển lên", n))


def _open(n: int) -> str:
    return str(ngettext("%(num)d phiên đang chấm", "%(num)d phiên đang chấm", n))


def _scored(n: int) -> str:
    return str(ngettext("%(num)d hồ sơ đã chấm, chờ quyết định", "%(num)d hồ sơ đã chấm, chờ quyết định", n))


def _appeals(n: int) -> str:
    return str(ngettext("%(num)d khiếu nại chờ trả lời", "%(num)d khiếu nại chờ trả lời", n))


def _distributors(n: int) -> str:
    return str(ngettext("%(num)d nơi phân phối chờ xác minh", "%(num)d nơi phân phối chờ xác minh", n))


def _placements(n: int) -> str:
    return str(ngettext("%(num)d suất trưng bày không hiện được", "%(num)d suất trưng bày không hiện được", n))


def _pages(n: int) -> str:
    return str(ngettext("%(num)d trang bán chờ xem", "%(num)d trang bán chờ xem", n))


def _reviews(n: int) -> str:
    return str(ngettext("%(num)d đánh giá chờ xem", "%(num)d đánh giá chờ xem", n))


def _reported(n: int) -> str:
    return str(ngettext("%(num)d đánh giá bị báo", "%(num)d đánh giá bị báo", n))


def _late(n: int) -> str:
    return str(ngettext("%(num)d hồ sơ trễ hạn", "%(num)d hồ sơ trễ hạn", n))
