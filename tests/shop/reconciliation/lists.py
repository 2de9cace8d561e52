"""Three lists of a made-up year in which everything is in order: cards, transfers, carriers' cash."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from marketplace.platform.core.money import Money
from marketplace.shop.reconciliation.rows import Kind, Row, Side, Way
from marketplace.shop.reconciliation.rules import Known

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
KNOWN = Known(TODAY, TODAY, TODAY, ("stripe",))
HERE, PROVIDER, BANK = Side


def row(side: Side, way: Way, kind: Kind, name: str, amount: int, on: date, **facts: Any) -> Row:
    return Row(side, way, kind, name, facts.pop("key", name), Money(amount), on, **facts)


@dataclass
class Lists:
    """What is laid beside each other."""

    here: list[Row] = field(default_factory=list)
    provider: list[Row] = field(default_factory=list)
    bank: list[Row] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return [*self.here, *self.provider, *self.bank]

    def charge(self, name: str, amount: int, fee: int, on: date, through: str) -> None:
        dong = Money(fee)
        self.here.append(row(HERE, Way.CARD, Kind.CHARGE, name, amount, on, fee=dong))
        theirs = {"key": name, "fee": dong, "net": Money(amount - fee), "through": through}
        self.provider.append(row(PROVIDER, Way.CARD, Kind.CHARGE, f"txn_{name}", amount, on, **theirs))

    def refund(self, name: str, amount: int, on: date, through: str) -> None:
        self.here.append(row(HERE, Way.CARD, Kind.REFUND, name, -amount, on))
        theirs = {"key": name, "net": Money(-amount), "through": through}
        self.provider.append(row(PROVIDER, Way.CARD, Kind.REFUND, f"txn_{name}", -amount, on, **theirs))

    def payout(self, name: str, on: date, *, at_bank: bool = True) -> None:
        """What has been put through it so far is paid out; the bank's note does not name it."""
        amount = sum(each.net.amount for each in self.provider if each.through == name and each.net)
        facts = {"key": name, "net": Money(amount), "says": "STRIPE"}
        self.provider.append(row(PROVIDER, Way.CARD, Kind.PAYOUT, f"txn_{name}", amount, on, **facts))
        if at_bank:
            self.credit(f"CK{name}", amount, on + 2 * DAY, note=f"IBFT Stripe Payments {len(self.bank)}")

    def credit(self, code: str, amount: int, on: date, note: str = "", **facts: Any) -> None:
        facts = {"key": "", "note": note} | facts
        self.bank.append(row(BANK, Way.TRANSFER, Kind.TRANSFER, code, amount, on, **facts))

    def transfer(self, number: str, amounts: list[int], on: date) -> None:
        self.here.append(row(HERE, Way.TRANSFER, Kind.TRANSFER, number, sum(amounts), on))
        for n, amount in enumerate(amounts):
            self.credit(f"CK{number}/{n}", amount, on, key=number)

    def cash(self, part: str, amount: int, on: date, through: str = "") -> None:
        self.here.append(row(HERE, Way.CASH, Kind.CASH, part, amount, on))
        if through:
            facts = {"net": Money(amount), "through": through}
            self.provider.append(row(PROVIDER, Way.CASH, Kind.CASH, part, amount, on + 3 * DAY, **facts))

    def remittance(self, name: str, on: date, *, at_bank: bool = True, short: int = 0) -> None:
        amount = sum(each.amount.amount for each in self.provider if each.through == name) - short
        facts = {"net": Money(amount), "numbers": (f"FT{name}",)}
        self.provider.append(row(PROVIDER, Way.CASH, Kind.PAYOUT, name, amount, on, **facts))
        if at_bank:
            self.credit(f"CK{name}", amount, on, note="NOP TIEN THU HO", numbers=(f"FT{name}",))

    def change(self, old: Row, **values: Any) -> Row:
        """Put a fault where a row was."""
        new = replace(old, **values)
        for rows in (self.here, self.provider, self.bank):
            rows[:] = [new if each is old else each for each in rows]
        return new

    def drop(self, old: Row) -> Row:
        for rows in (self.here, self.provider, self.bank):
            rows[:] = [each for each in rows if each is not old]
        return old


def a_year(orders: int) -> Lists:
    """So many orders of each way, over a year that ends today; the newest money is still on its way."""
    chance, lists = random.Random(7), Lists()
    for n in range(orders):
        on = TODAY - timedelta(days=365 * (orders - n) // orders)
        week = f"{on - timedelta(days=on.weekday())}"
        amount = chance.randrange(20_000, 3_000_000)
        lists.charge(f"ch_{n}", amount, amount * 29 // 1000 + 8_000, on, f"po_{week}")
        if chance.random() < 0.05:
            lists.refund(f"re_{n}", amount // 2, on, f"po_{week}")
        amounts = [amount] if chance.random() < 0.9 else [amount - 5_000, 5_000]
        lists.transfer(f"2611-{n:06}", amounts, on)
        lists.cash(f"2611-C{n:05}/1", amount, on, f"rm_{week}" if on < TODAY - 9 * DAY else "")
    for name in sorted({each.through for each in lists.provider}):
        monday = date.fromisoformat(name[3:])
        if name.startswith("rm"):
            lists.remittance(name, monday + 10 * DAY)
        else:
            lists.payout(name, monday + 9 * DAY, at_bank=monday + 11 * DAY < TODAY)
    return lists
