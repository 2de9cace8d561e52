"""A card provider in this process, with a truth of its own: quick enough to be asked ten thousand times.

It keeps idempotency keys, closes pages, gives back at once or later, has disputes, signs what it tells, and keeps
books. `meets` is called before and after each thing it does: whoever wants it down, or the caller dead in that moment,
raises there.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from flask import Flask

from marketplace.platform.core.money import Money, total
from marketplace.shop.orders.models import NOTHING, PaymentMethod
from marketplace.shop.payments.providers.interface import (
    Asked,
    BadNotice,
    Contest,
    Fact,
    LineKind,
    Notice,
    Opened,
    ProviderDown,
    ProviderRefused,
    RefundFact,
    RefundStanding,
    Settlement,
    Standing,
)

SIGNATURE = "Teller-Signature"
DISPUTE_FEE = Money(15_000)
OUT = (RefundStanding.PENDING, RefundStanding.DONE)  # what has left, or is to


@dataclass
class Page:
    """Where one attempt is paid."""

    reference: str
    amount: Money
    expires_at: datetime
    standing: Standing = Standing.OPEN
    charge: str | None = None


@dataclass
class Charge:
    """What a card was charged."""

    reference: str
    page: str
    amount: Money
    fee: Money


@dataclass
class Given:
    """A refund."""

    reference: str
    charge: str
    amount: Money
    standing: RefundStanding


@dataclass(frozen=True)
class Letter:
    """What is told of by a webhook: `body` signed by `headers`."""

    body: bytes
    headers: dict[str, str]


@dataclass
class Teller:
    """The provider. `now` is its clock, `percent` its fee; `refunds_wait`: they stay pending until `finish_refund`."""

    now: datetime
    secret: str = "tell-nobody"
    percent: int = 2
    refunds_wait: bool = False
    name: str = "teller"
    method: PaymentMethod = PaymentMethod.CARD
    keeps_books: bool = True
    meets: Callable[[str, str], None] = lambda _when, _call: None
    pages: dict[str, Page] = field(default_factory=dict)
    charges: dict[str, Charge] = field(default_factory=dict)
    refunds: dict[str, Given] = field(default_factory=dict)
    contests: dict[str, Contest] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)  # on their way, the oldest first
    lines: list[Settlement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._keys: dict[str, tuple[object, str]] = {}
        self.once: Callable[[str, object, Callable[[], str]], str] = self._once

    # what the application asks

    def offers(self, amount: Money) -> bool:
        return amount > NOTHING

    def create(self, asked: Asked) -> Opened:
        with self._met("create"):
            reference = self.once(asked.key, asked, lambda: self._open(asked))
        return Opened(reference, f"https://teller.example/{reference}")

    def fetch(self, reference: str) -> Fact:
        with self._met("fetch"):
            return self._fact(self._page(reference))

    def capture(self, reference: str, amount: Money) -> Fact:
        with self._met("capture"):
            self._page(reference)
            raise ProviderRefused("nothing_to_capture")  # it takes the whole amount at once

    def cancel(self, reference: str) -> Fact:
        with self._met("cancel"):
            page = self._page(reference)
            if page.standing is Standing.OPEN:
                page.standing = Standing.CANCELLED
                self._tell("attempt", "page.closed", reference)
            return self._fact(page)

    def refund(self, *, key: str, charge: str, amount: Money) -> RefundFact:
        with self._met("refund"):
            reference = self.once(key, (charge, amount), lambda: self._give_back(charge, amount))
            return RefundFact(reference, self.refunds[reference].standing)

    def fetch_refund(self, reference: str) -> RefundFact:
        with self._met("fetch_refund"):
            if reference not in self.refunds:
                raise ProviderRefused("no_such_refund")
            return RefundFact(reference, self.refunds[reference].standing)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        if not hmac.compare_digest(self._signed(body).encode(), headers.get(SIGNATURE, "").encode()):
            raise BadNotice("signature")
        told = json.loads(body)
        return Notice(told["id"], told["kind"], told["subject"], told["reference"]) if told["subject"] else None

    def fetch_dispute(self, reference: str) -> Contest:
        with self._met("fetch_dispute"):
            if reference not in self.contests:
                raise ProviderRefused("no_such_dispute")
            return self.contests[reference]

    def list_settlements(self, since: datetime) -> Iterable[Settlement]:
        with self._met("list_settlements"):
            return [line for line in self.lines if line.at >= since]

    # what happens there

    def pay(self, reference: str, amount: Money | None = None) -> str:
        """The buyer pays a page; `amount` is another than was asked, which no honest provider takes."""
        page = self._page(reference)
        if self._fact(page).standing is not Standing.OPEN:
            raise ProviderRefused("page_closed")
        taken = amount or page.amount
        charge = Charge(self._new("ch"), reference, taken, Money(taken.amount * self.percent // 100))
        self.charges[charge.reference] = charge
        page.standing, page.charge = Standing.PAID, charge.reference
        self._note("charge", charge.reference, taken, charge.fee)
        self._tell("attempt", "page.paid", reference)
        return charge.reference

    def fail(self, reference: str) -> None:
        """The card is refused for good."""
        page = self._page(reference)
        if self._fact(page).standing is Standing.OPEN:
            page.standing = Standing.FAILED
            self._tell("attempt", "page.failed", reference)

    def finish_refund(self, reference: str, standing: RefundStanding = RefundStanding.DONE) -> None:
        """The bank's word on a pending refund."""
        given = self.refunds[reference]
        if given.standing is RefundStanding.PENDING:
            self._gone(given, standing)

    def dispute(self, charge: str) -> str | None:
        """The cardholder's bank takes back what is left of a charge; None where nothing is."""
        left = self.left_of(charge)
        if left <= NOTHING:
            return None
        contest = Contest(self._new("dp"), charge, left, DISPUTE_FEE, True, False, "fraudulent")
        self.contests[contest.reference] = contest
        self._note("dispute", contest.reference, NOTHING - left, DISPUTE_FEE)
        self._tell("dispute", "dispute.opened", contest.reference)
        return contest.reference

    def decide(self, reference: str, *, won: bool) -> None:
        """The bank decides a dispute."""
        contest = self.contests[reference]
        if contest.open:
            self.contests[reference] = replace(contest, open=False, won=won)
            if won:
                self._note("dispute_won", reference, contest.amount, NOTHING)
            self._tell("dispute", "dispute.closed", reference)

    def letter(self, subject: str, kind: str, reference: str) -> Letter:
        """One as this provider writes it."""
        body = json.dumps({"id": self._new("ev"), "kind": kind, "subject": subject, "reference": reference}).encode()
        return Letter(body, {SIGNATURE: self._signed(body)})

    @property
    def stands(self) -> Money:
        """What is there: what was captured, less what went back, was taken by banks, and its fees."""
        return total(line.net for line in self.lines)

    def left_of(self, charge: str) -> Money:
        """What of a charge has not gone back, is not on its way, and is not disputed."""
        back = total(
            given.amount for given in self.refunds.values() if given.charge == charge and given.standing in OUT
        )
        lost = total(c.amount for c in self.contests.values() if c.charge == charge and (c.open or not c.won))
        return self.charges[charge].amount - back - lost

    # how it does it

    @contextmanager
    def _met(self, call: str) -> Iterator[None]:
        self.meets("before", call)
        yield
        self.meets("after", call)

    def _once(self, key: str, params: object, deed: Callable[[], str]) -> str:
        if key not in self._keys:
            self._keys[key] = (params, deed())
        known, answer = self._keys[key]
        if known != params:
            raise ProviderRefused("key_reused")
        return answer

    def _open(self, asked: Asked) -> str:
        if asked.expires_at <= self.now:
            raise ProviderRefused("expires_too_soon")
        page = Page(self._new("pg"), asked.amount, asked.expires_at)
        self.pages[page.reference] = page
        return page.reference

    def _page(self, reference: str) -> Page:
        if reference not in self.pages:
            raise ProviderRefused("no_such_page")
        return self.pages[reference]

    def _fact(self, page: Page) -> Fact:
        if page.standing is Standing.OPEN and self.now >= page.expires_at:
            page.standing = Standing.EXPIRED
            self._tell("attempt", "page.expired", page.reference)
        if page.charge is None:
            return Fact(page.reference, page.standing)
        charge = self.charges[page.charge]
        return Fact(page.reference, Standing.PAID, charge.amount, charge.reference, charge.fee)

    def _give_back(self, charge: str, amount: Money) -> str:
        if charge not in self.charges:
            raise ProviderRefused("no_such_charge")
        if any(contest.charge == charge and contest.open for contest in self.contests.values()):
            raise ProviderRefused("charge_disputed")
        if amount > self.left_of(charge):
            raise ProviderRefused("refund_too_much")
        given = Given(self._new("re"), charge, amount, RefundStanding.PENDING)
        self.refunds[given.reference] = given
        if not self.refunds_wait:
            self._gone(given, RefundStanding.DONE)
        return given.reference

    def _gone(self, given: Given, standing: RefundStanding) -> None:
        given.standing = standing
        if standing is RefundStanding.DONE:
            self._note("refund", given.reference, NOTHING - given.amount, NOTHING)
        self._tell("refund", f"refund.{standing}", given.reference)

    def _note(self, kind: str, source: str, amount: Money, fee: Money) -> None:
        line = Settlement(self._new("tx"), LineKind(kind), source, amount, amount, fee, None, self.now)
        self.lines.append(line)

    def _tell(self, subject: str, kind: str, reference: str) -> None:
        self.letters.append(self.letter(subject, kind, reference))

    def _signed(self, body: bytes) -> str:
        return hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()

    def _new(self, kind: str) -> str:
        return f"{kind}_{next(self._numbers)}"


def down(_when: str, _call: str) -> None:
    """What a provider `meets` that answers nobody."""
    raise ProviderDown("teller")


def offer_teller(app: Flask, now: datetime) -> Teller:
    """Have the application take cards by a new one."""
    teller = Teller(now)
    app.extensions["payments"][PaymentMethod.CARD] = teller
    return teller
