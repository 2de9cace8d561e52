"""What came to the bank of made-up orders: transfers, a card provider's payouts, what carriers paid in.

Provider and carriers hand on each week what a week brought; the provider's fee is the one that the tests' peer
invented (docs/decisions/0014).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert

from marketplace.platform.audit.services import Act, record_all
from marketplace.platform.core.access import system
from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import Model, db
from marketplace.platform.core.money import Money, total
from marketplace.shop.bank.models import BankAllocation, BankTransfer, TransferSource, TransferState
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.services import Event
from marketplace.shop.orders.models import NOTHING
from marketplace.shop.payments.providers.interface import LineKind
from marketplace.shop.payouts.models import Remittance, RemittedPart
from marketplace.shop.reconciliation.models import Explanation
from marketplace.shop.settlements.models import Arrival, ProviderLine, ProviderMark

STRIPE, ACCOUNT = "stripe", "0011223344"
HANDED_ON = timedelta(days=9, hours=9)  # from a week's Monday until what it brought is handed on
AT_BANK = timedelta(days=1, hours=2)
BY = system("flask demo load")
INTEREST, BECAUSE = Money(412_600), "Lãi tiền gửi không kỳ hạn, ngân hàng trả hằng quý."


class Charge(NamedTuple):
    """What a card brought, or what went back to it (below nothing)."""

    source: str
    amount: Money
    at: datetime

    @property
    def fee(self) -> Money:
        return Money(self.amount.amount * 29 // 1000 + 8_000) if self.amount > NOTHING else NOTHING


class Taken(NamedTuple):
    """Cash that a carrier took for a part."""

    part_id: int
    carrier: str
    amount: Money
    at: datetime


class Bank:
    """Rows of the statement and of what they are, gathered and then written together."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._transfers: list[dict[str, Any]] = []
        self._pieces: list[dict[str, Any]] = []
        self._lines: list[dict[str, Any]] = []
        self._remittances: list[dict[str, Any]] = []
        self._parts: list[dict[str, Any]] = []
        self._arrivals: list[dict[str, Any]] = []  # `line`, `remittance`: places in the lists above
        self._orders: list[tuple[int, str]] = []  # which transfer paid which order
        self.events: list[Event] = []

    def pay(self, number: str, payment_id: int, amount: Money, payer: str, at: datetime) -> None:
        """An order is paid by a transfer."""
        self._orders.append((len(self._transfers), number))
        self._came(amount, at, number.replace("-", ""), TransferState.MATCHED, payer, payment_id=payment_id)

    def pay_out(self, charges: Iterable[Charge]) -> None:
        """Cards' lines, and a payout of each week that has something to pay; the newest are on their way."""
        waiting: list[int] = []
        for monday, some in _weeks(charges).items():
            for charge in some:
                waiting.append(self._line(charge))
            net = sum(self._lines[n]["net"] for n in waiting)
            paid_at = monday + HANDED_ON
            if net <= 0 or paid_at > self.at:
                continue
            name, amount = f"po_demo_{day_of(monday):%y%m%d}", Money(net)
            for n in waiting:
                self._lines[n]["payout"] = name
            waiting = []
            self._lines.append(
                _line(f"txn_{name}", LineKind.PAYOUT, name, NOTHING - amount, paid_at)
                | {"payout": name, "arrives_on": day_of(paid_at + AT_BANK), "descriptor": "STRIPE"}
            )
            if paid_at + AT_BANK <= self.at:
                code = self._arrived(amount, paid_at + AT_BANK, "STRIPE PAYMENTS", name, line=len(self._lines) - 1)
                moves = [money.Move(money.UNMATCHED, money.provider(STRIPE), amount, "payout")]
                self._book(f"arrived:{STRIPE}:{name}", "payout_arrived", code, moves, paid_at + AT_BANK)

    def pay_in(self, taken: Iterable[Taken]) -> None:
        """What each carrier took in a week is paid in a few days later; the newest is still with it."""
        carriers: dict[str, list[Taken]] = defaultdict(list)
        for each in taken:
            carriers[money.carrier(each.carrier).party].append(each)
        for n, (carrier, own) in enumerate(sorted(carriers.items())):
            for monday, some in _weeks(own).items():
                if monday + HANDED_ON <= self.at:
                    self._paid_in(carrier, f"NOPTHUHO{n}{day_of(monday):%y%m%d}", some, monday + HANDED_ON)

    def pay_interest(self) -> None:
        """Money of no order, which an accountant has explained."""
        at = self.at - timedelta(days=12)
        code = self._came(INTEREST, at, "TRA LAI TIEN GUI QUY", TransferState.UNKNOWN)
        name, figures = f"transfer:transfer:{code}:bank", f"unknown_bank_row bank={INTEREST.amount}"
        values = {"case_name": name, "figures": figures, "words": BECAUSE, "at": self.at, "by": BY.name}
        db.session.execute(insert(Explanation).values(**values))

    def write(self) -> None:
        """Insert every row; what is to be booked of it is in `events`."""
        transfers = _put(BankTransfer, self._transfers)
        placed = [n for n, piece in enumerate(self._pieces) if piece["payment_id"] or piece["settles"]]
        pieces = _put(BankAllocation, [{**self._pieces[n], "transfer_id": transfers[n]} for n in placed])
        named = dict(zip(placed, pieces, strict=True))
        for n, number in self._orders:
            row = self._transfers[n]
            moves = money.received(money.UNMATCHED, row["amount"])
            self._book(f"received:bank:{row['code']}:{named[n]}", "payment", number, moves, row["booked_at"])
        lines, remittances = _put(ProviderLine, self._lines), _put(Remittance, self._remittances)
        if self._parts:
            rows = [{**row, "remittance_id": remittances[row["remittance_id"]]} for row in self._parts]
            db.session.execute(insert(RemittedPart), rows)
        for row in self._arrivals:
            row |= {"line_id": None if row["line_id"] is None else lines[row["line_id"]]}
            row |= {"remittance_id": None if row["remittance_id"] is None else remittances[row["remittance_id"]]}
            row["transfer_id"] = transfers[row["transfer_id"]]
        _put(Arrival, self._arrivals)
        db.session.execute(insert(ProviderMark).values(provider=STRIPE, read_at=self.at))
        noted = [Act("remittance.noted", "remittance", row["code"]) for row in self._remittances]
        record_all(noted, by=BY, at=self.at)

    def _came(
        self,
        amount: Money,
        at: datetime,
        note: str,
        state: TransferState,
        payer: str = "",
        reference: str = "",
        **piece: Any,
    ) -> str:
        """A transfer that came, and what the whole of it is; answers its code."""
        n = len(self._transfers)
        code, resolved = f"CKDEMO{n:05}", state is TransferState.RESOLVED
        self._transfers.append(
            {
                "code": code,
                "account": ACCOUNT,
                "reference": reference or f"FT26{n:08}",
                "amount": amount,
                "allocated": amount if piece else NOTHING,
                "booked_at": at,
                "timed": True,
                "note": note,
                "payer": payer,
                "source": TransferSource.STATEMENT,
                "state": state,
                "received_at": at,
                "resolved_at": at if resolved else None,
                "resolved_by": BY.name if resolved else None,
            }
        )
        self._pieces.append({"payment_id": None, "settles": None, "amount": amount, "at": at, "by": BY.name} | piece)
        moves = [money.Move(money.BANK, money.UNMATCHED, amount, "transfer")]
        self._book(f"bank-in:{code}", "transfer", code, moves, at)
        return code

    def _arrived(self, amount: Money, at: datetime, note: str, name: str, reference: str = "", **of: int) -> str:
        """A transfer that is a payout or a carrier's payment; answers its code."""
        row = {"line_id": of.get("line"), "remittance_id": of.get("remittance"), "transfer_id": len(self._transfers)}
        self._arrivals.append(row | {"credited": amount, "at": at, "by": BY.name})
        return self._came(amount, at, note, TransferState.RESOLVED, reference=reference, settles=name)

    def _line(self, charge: Charge) -> int:
        kind = LineKind.CHARGE if charge.amount > NOTHING else LineKind.REFUND
        row = _line(f"txn_{charge.source}", kind, charge.source, charge.amount, charge.at, charge.fee)
        self._lines.append(row | {"presentment": charge.amount})
        return len(self._lines) - 1

    def _paid_in(self, carrier: str, reference: str, taken: list[Taken], at: datetime) -> None:
        n, amount = len(self._remittances), total(each.amount for each in taken)
        code = f"NOP{n:05}"
        self._remittances.append(
            {
                "code": code,
                "carrier": carrier,
                "bank_reference": reference,
                "amount": amount,
                "due": amount,
                "received_on": day_of(at),
                "noted_at": at,
                "noted_by": BY.name,
            }
        )
        self._parts += [{"part_id": each.part_id, "remittance_id": n, "amount": each.amount} for each in taken]
        moves = [money.Move(money.BANK, money.carrier(carrier), amount, "remitted")]
        self._book(f"remitted:{code}", "remitted", code, moves, at)
        self._arrived(amount, at, f"NOP TIEN THU HO {n}", code, reference, remittance=n)
        moves = [money.Move(money.UNMATCHED, money.BANK, amount, "remitted")]
        self._book(f"remittance-seen:{code}", "remittance_seen", code, moves, at)

    def _book(self, key: str, kind: str, reference: str, moves: list[money.Move], at: datetime) -> None:
        self.events.append(Event(key, kind, reference, moves, at))


def _line(
    reference: str, kind: LineKind, source: str, amount: Money, at: datetime, fee: Money = NOTHING
) -> dict[str, Any]:
    """A line of the provider's books in dong."""
    figures = {"amount": amount.amount, "fee": fee.amount, "net": (amount - fee).amount, "currency": "VND"}
    names = {"provider": STRIPE, "reference": reference, "kind": kind, "source": source, "at": at, "kept_at": at}
    return names | figures | {"presentment": None, "payout": None, "arrives_on": None, "descriptor": ""}


def _weeks(rows: Iterable[Any]) -> dict[datetime, list[Any]]:
    """Rows by the Monday of their week, the oldest first."""
    found: dict[datetime, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.at):
        day = day_of(row.at)
        found[midnight(day - timedelta(days=day.weekday()))].append(row)
    return found


def _put(model: type[Model], rows: list[dict[str, Any]]) -> list[int]:
    """Insert, and answer the new rows' numbers in order."""
    if not rows:
        return []
    made = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(made, rows))
