"""Money that was on its way is at the bank: a provider's payout, what a carrier paid in. Each once."""

from datetime import datetime

from sqlalchemy import Select, select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.bank.models import BankTransfer
from marketplace.shop.bank.queries import get_transfer
from marketplace.shop.bank.services import claim_whole
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.services import book
from marketplace.shop.payments.providers.interface import LineKind
from marketplace.shop.payouts.models import Remittance
from marketplace.shop.payouts.queries.carriers import get_remittance
from marketplace.shop.settlements.models import Arrival, ProviderLine
from marketplace.shop.settlements.queries import contents_of, list_credits, list_payouts_expected, list_remitted
from marketplace.shop.settlements.rules import arrival_moves, pair


class ArrivedBefore(Conflict):
    """It was found at the bank already: nothing was changed."""

    code = "arrived_before"
    message = N_("Khoản này đã được ghép với sao kê rồi. Chưa ghi gì thêm.")


def find_arrivals() -> tuple[dict[str, str], dict[str, str]]:
    """Which payouts, and which carriers' payments, stand on the statement: transfers' codes by their names."""
    came = list_credits()
    payouts = pair(list_payouts_expected(), came)
    left = [credit for credit in came if credit.name not in payouts.values()]
    return payouts, pair(list_remitted(), left)


def payout_arrived(*, payout: str, code: str, by: Actor, at: datetime) -> None:
    """The transfer is this payout: it leaves what the provider holds, by what the bank credited.

    In dong the bank may credit less than was paid out, and keeps the rest as its fee; never more (Invalid).
    """
    _allowed(by)
    line = db.session.scalar(
        held(select(ProviderLine).where(ProviderLine.source == payout, ProviderLine.kind == LineKind.PAYOUT))
    )
    if line is None:
        raise NotFound
    _new(select(Arrival.id).where(Arrival.line_id == line.id))
    transfer = _transfer(code)
    contents = contents_of(line)
    if contents.currency == transfer.amount.currency and transfer.amount > Money(contents.net):
        raise Invalid({"code": N_("Ngân hàng nhận nhiều hơn số đã chi: đây không phải khoản này.")})
    claim_whole(code=transfer.code, settles=payout[:120], by=by, at=at)
    _keep(Arrival(line_id=line.id, transfer_id=transfer.id), transfer, by, at)
    moves = arrival_moves(contents, transfer.amount, money.provider(line.provider))
    key = f"arrived:{line.provider}:{payout}"
    book(key=key, kind="payout_arrived", reference=transfer.code, moves=moves, at=at, memo=payout[:200])


def remittance_arrived(*, remittance: str, code: str, by: Actor, at: datetime) -> None:
    """The transfer is what this carrier paid in, which was booked to the bank when it was noted: not a second time."""
    _allowed(by)
    found: Remittance = get_remittance(remittance)
    _new(select(Arrival.id).where(Arrival.remittance_id == found.id))
    transfer = _transfer(code)
    if transfer.amount != found.amount:
        raise Invalid({"code": N_("Số tiền khác số bên vận chuyển đã nộp: đây không phải khoản này.")})
    claim_whole(code=transfer.code, settles=remittance, by=by, at=at)
    _keep(Arrival(remittance_id=found.id, transfer_id=transfer.id), transfer, by, at)
    moves = [money.Move(money.UNMATCHED, money.BANK, transfer.amount, "remitted")]
    book(key=f"remittance-seen:{remittance}", kind="remittance_seen", reference=remittance, moves=moves, at=at)


def _allowed(by: Actor) -> None:
    if not KEEP_MONEY.held_by(by):
        raise Forbidden


def _new(arrival: Select[int]) -> None:
    if db.session.scalar(arrival) is not None:
        raise ArrivedBefore


def _transfer(code: str) -> BankTransfer:
    try:
        return get_transfer(code.strip())
    except NotFound as error:
        raise Invalid({"code": N_("Không có khoản chuyển nào mã này.")}) from error


def _keep(arrival: Arrival, transfer: BankTransfer, by: Actor, at: datetime) -> None:
    arrival.credited, arrival.at, arrival.by = transfer.amount, at, by.name
    db.session.add(arrival)
    db.session.flush()
