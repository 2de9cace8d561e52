"""A till and a worker that are killed at random instants, and the buyers who try again, pay, and sometimes cancel.

The provider, its peer, lives on in a process of its own. Whoever is killed is a fork of the test's process, so that a
kill costs no start of a program; what it says before it dies goes through a pipe, as an answer goes to a browser.
"""

import json
import multiprocessing
import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TextIO

from flask import Flask
from sqlalchemy import select

from marketplace.platform.core.access import GUEST
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.jobs.worker import run_sweep
from marketplace.shop.catalog.models import Variant
from marketplace.shop.checkout.services import place_order
from marketplace.shop.orders.models import Order, PaymentMethod
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.models import Payment, PaymentState, RefundState
from marketplace.shop.payments.paying import NotReached, pay
from marketplace.shop.payments.providers.stripe_cards import SUBJECTS
from marketplace.shop.payments.queries import list_refunds
from tests.builders import BY, fill_basket, make_offer, make_order, start_checkout
from tests.conftest import new_client
from tests.faults.card_shop import jobs_left, let_go, side_by_side
from tests.faults.letters import DOOR
from tests.peers.conftest import client_of
from tests.peers.stripe.running import StripePeer
from tests.peers.stripe.webhooks import signature

Say = Callable[[str], None]
LAST_WORDS, AWAKE = 7, 0.13  # a victim says up to so many words, and lives up to so many seconds more
WAITING = 6  # checkouts at the till, so that it never runs out of work
STOCK, RARE = 10_000, 3
CARD = PaymentMethod.CARD
SESSIONS, REFUNDS = "/v1/checkout/sessions", "/v1/refunds"


@dataclass
class Checkout:
    """A buyer's checkout and what the buyer was told of it."""

    key: str
    fingerprint: str
    number: str = ""
    at_the_page: bool = False
    refused: bool = False


@dataclass
class Till:
    """A round of kills. `unguarded` is done in each victim before it begins: how a guard is taken away."""

    app: Flask
    peer: StripePeer
    unguarded: Callable[[Flask], None] = lambda _app: None
    checkouts: list[Checkout] = field(default_factory=list)
    died: "Counter[str]" = field(default_factory=Counter)  # how often this was a victim's last word
    letters: dict[str, bytes] = field(default_factory=dict)  # by event, until the shop has said that it has them
    cancelled: set[str] = field(default_factory=set)
    _heard: set[str] = field(default_factory=set)
    _considered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._dice = random.Random(2026)
        with self.app.app_context():
            self.goods = make_offer("Miến", at=now(), stock=STOCK, price=50_000)
            self.rare = make_offer("Trà", at=now(), stock=RARE, price=90_000)
            make_order((self.goods, 1), at=now())  # what a process does once is done before it is forked
            new_client(self.app).post(DOOR, data=b"{}")
            self._queue_up()
        self._hear(side_by_side(self.app, lambda _: self._sold(), 1, processes=1)[0])
        with self.app.app_context():  # more carts than there is
            self.checkouts += [self._checkout(self.rare) for _ in range(2 * RARE)]

    def kill(self, times: int, *, worst: Sequence[str] = (SESSIONS, REFUNDS)) -> None:
        """Kill so many, the till or the worker as there is work for them; at each of the `worst` calls at least once.

        The provider has opened a page, or given money back, and the one who asked dies before it hears.
        """
        wanted = {f"caught at {call}" for call in worst}
        while self.died.total() < times or not wanted <= set(self.died):
            assert self.died.total() < times + 100, self.died
            with self.app.app_context():
                self.buyers_act()
                busy = self.died.total() % 2 == 1 and len(self.letters) + jobs_left() > 0
                sending = bool(list_refunds([RefundState.ASKED]))
                self._queue_up()
            if busy:
                self._victim(self._work, self._worst(REFUNDS) if sending else "")
            else:
                self._victim(self._sell, self._worst(SESSIONS))

    def _worst(self, call: str) -> str:
        """The call to be caught at, or none: the first time in any case, then one time in five."""
        return call if f"caught at {call}" not in self.died or self._dice.random() < 0.2 else ""

    def finish(self) -> None:
        """Nobody is killed any more: buyers try again until each has an answer, then the worker does what is left."""
        with self.app.app_context():
            while any(not (each.at_the_page or each.refused) for each in self.checkouts):
                self._sell(lambda word: self._hear([word]))
            while self.buyers_act() or self.letters:
                self._work(lambda word: self._hear([word]))

    def buyers_act(self) -> int:
        """Whoever was sent to the page pays every page that is open for the order; every fourth who paid cancels.

        Answers how much was done.
        """
        numbers = {each.number for each in self.checkouts if each.at_the_page}
        asked: Any = {"status": "open", "limit": 100}
        opened = client_of(self.peer).v1.checkout.sessions.list(asked).auto_paging_iter()
        pages = [session.id for session in opened if session.client_reference_id in numbers]
        for page in pages:
            self.peer.pay(page)
        new = self._listen()
        paid = (
            select(Order.number).join(Payment, Payment.order_id == Order.id).where(Payment.state == PaymentState.PAID)
        )
        for number in set(db.session.scalars(paid)) - self._considered:
            self._considered.add(number)
            if len(self._considered) % 4 == 1:
                with transaction():
                    cancel_order(number=number, by=BY, at=now())
                self.cancelled.add(number)
        return len(pages) + new

    def _listen(self) -> int:
        """The provider's events of interest that were not heard yet, to be delivered until the shop has them."""
        asked: Any = {"limit": 100}
        new = 0
        for event in client_of(self.peer).v1.events.list(asked).auto_paging_iter():
            if event.id in self._heard:
                break
            self._heard.add(event.id)
            if event.type.startswith(tuple(SUBJECTS)):
                self.letters[event.id] = json.dumps(event.to_dict()).encode()
                new += 1
        return new

    def _queue_up(self) -> None:
        waiting = sum(not (each.at_the_page or each.refused) for each in self.checkouts)
        for _ in range(WAITING - waiting):
            self.checkouts.append(self._checkout(self.goods))

    def _checkout(self, goods: Variant) -> Checkout:
        return Checkout(*start_checkout(fill_basket((goods, 1), at=now()), at=now()))

    def _sold(self) -> list[str]:
        words: list[str] = []
        self._sell(words.append)
        return words

    def _sell(self, say: Say) -> None:
        """Each buyer who waits places the order, and is sent to the page to pay; asked again, both answer the same."""
        for n, each in enumerate(self.checkouts):
            if each.at_the_page or each.refused:
                continue
            say(f"placing {n}")
            try:
                with transaction():
                    order = place_order(
                        key=each.key, fingerprint=each.fingerprint, language="vi", method=CARD, by=GUEST, at=now()
                    )
            except Refusal:
                say(f"refused {n}")
                continue
            say(f"placed {n} {order.number}")
            with suppress(NotReached):  # the provider is still at the call of the one who was killed
                pay(order.number, now())
                say(f"page {n}")

    def _work(self, say: Say) -> None:
        """The provider's letters arrive, the worker does what came of them."""
        say("working")
        client = new_client(self.app)
        for event, body in list(self.letters.items()):
            signed = signature(self.peer.webhook_secret, int(time.time()), body)
            assert client.post(DOOR, data=body, headers={"Stripe-Signature": signed}).status_code == 200
            say(f"told {event}")
        for topic in ("payments", "jobs"):
            say(topic)
            run_sweep(self.app, topic)

    def _hear(self, words: list[str]) -> None:
        for word in words:
            match word.split():
                case ["placed", n, number]:
                    self.checkouts[int(n)].number = number
                case ["page", n]:
                    self.checkouts[int(n)].at_the_page = True
                case ["refused", n]:
                    self.checkouts[int(n)].refused = True
                case ["told", event]:
                    self.letters.pop(event, None)

    def _victim(self, work: Callable[[Say], None], worst: str) -> None:
        """Have a fork do it and kill it; at the `worst` call, when the provider has done it and not said so."""
        if worst:
            self.peer.fault("hang_after", path=worst, method="POST", seconds=30)
        let_go(self.app)
        source, sink = os.pipe()
        child = multiprocessing.get_context("fork").Process(target=self._live, args=(work, sink))
        child.start()
        os.close(sink)
        with os.fdopen(source) as told:
            assert told.readline() == "ready\n"
            words = ["ready", *self._let_live(told, worst)]
            caught = worst and self.peer.waiting() > 0
            child.kill()
            words += [line.strip() for line in told]
        child.join()
        self.peer.clear_faults()
        self._hear(words)
        assert child.exitcode in (0, -signal.SIGKILL)
        if child.exitcode:
            self.died["caught at " + worst if caught else words[-1].split()[0]] += 1

    def _let_live(self, told: TextIO, worst: str) -> list[str]:
        """Wait for the moment to kill: the worst, or any; answers what was said until then."""
        until = time.monotonic() + 2
        while worst and self.peer.waiting() == 0 and time.monotonic() < until:
            time.sleep(0.005)
        words = [told.readline().strip() for _ in range(0 if worst else self._dice.randint(0, LAST_WORDS))]
        time.sleep(0 if worst else self._dice.uniform(0, AWAKE))
        return [word for word in words if word]

    def _live(self, work: Callable[[Say], None], sink: int) -> None:
        try:
            with self.app.app_context():
                db.engine.dispose(close=False)
                self.unguarded(self.app)
                os.write(sink, b"ready\n")
                work(lambda word: void(os.write(sink, f"{word}\n".encode())))
        except Exception:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)


def void(_written: int) -> None:
    """Nothing more is to be done with it."""
