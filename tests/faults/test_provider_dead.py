"""A provider of cards that is dead or slow: the shelves answer as ever, the other ways to pay are offered, and nobody
is charged twice when it comes back."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db
from marketplace.shop.books.queries import verify
from marketplace.shop.catalog.models import Variant
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.jobs import watch_payments
from marketplace.shop.payments.models import Payment
from marketplace.shop.payments.paying import NotReached, pay
from marketplace.shop.payments.providers.breaker import Breaker
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.setup import offered
from tests.builders import make_offer
from tests.conftest import Client
from tests.databases import KINDS
from tests.faults.card_shop import card_shop
from tests.faults.web_server import web_server
from tests.money import ACCOUNT, make_prepaid, make_transfer, offer_cards, offer_transfers
from tests.pages import hidden, send
from tests.peers.stripe.running import StripePeer, start

TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')
DEAD = ("refuses", "hang", "unavailable", "reset_before", "reset_after", "hang_after")


@dataclass
class Desk:
    """The provider's desk, which can die and come back with all that it knew."""

    peer: StripePeer
    store: Path

    def dies(self, how: str) -> None:
        if how == "refuses":
            self.peer.stop()
        else:
            self.peer.fault(how, path="/v1/.*", times=1000, seconds=60)

    def comes_back(self) -> None:
        if self.peer.process.poll() is None:
            self.peer.clear_faults()
        else:
            self.peer = start(store=self.store, port=int(self.peer.url.rpartition(":")[2]))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk(start(store=tmp_path / "desk.sqlite3"), tmp_path / "desk.sqlite3")
    yield found
    found.peer.stop()


def owed(goods: Variant, at: datetime) -> Payment:
    return make_prepaid((goods, 1), at=at)


def press(client: Client, payment: Payment) -> TestResponse:
    """The buyer presses `pay by card`; where it led."""
    number = payment.number
    return send(client, f"/orders/{number}/pay", key=order_key(number))


def shelves(client: Client) -> list[str]:
    """What the pages of goods show, but for what is another with each look."""
    pages = ("/", "/products", "/products/mien-dong-thu", "/cart")
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200] * len(pages)
    return [TOKEN.sub("", answer.text) for answer in answers]


def ways_at_the_till(client: Client, goods: Variant) -> TestResponse:
    """The page where a new visitor chooses how to pay."""
    send(client, "/cart/add", sku=goods.sku, quantity=1)
    typed = {"recipient": "An", "phone": "0912345678", "email": "an@example.com"}
    send(client, "/checkout", province_code="01", commune_code="00004", street="Số 1", **typed)
    return client.get("/checkout/review")


@pytest.mark.parametrize("how", DEAD)
def test_while_it_is_dead_all_else_goes_on(app: Flask, client: Client, at: datetime, desk: Desk, how: str) -> None:
    offer_transfers(app)
    cards = offer_cards(app, base=desk.peer.url, key=desk.peer.key, timeout=0.3)
    desk.peer.clock(now=int(at.timestamp()))
    goods = make_offer(at=at, stock=20)
    asked = [owed(goods, at) for _ in range(3)]
    before = shelves(client)
    desk.dies(how)
    for payment in asked:
        told = client.get(press(client, payment).location)
        assert "Chưa nối được tới nơi trả tiền" in told.text
        assert 'value="bank_transfer"' in told.text, "there is another way"
    assert offered(asked[0].amount) == [PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.BANK_TRANSFER]
    cards.breaker.worked()
    assert shelves(client) == before
    assert cards.breaker.failures == 0, "no page of goods asks the provider: it would have failed"
    for _ in range(3):
        cards.breaker.failed()
    page = ways_at_the_till(client, goods)
    assert [f'value="{each.value}"' in page.text for each in PaymentMethod] == [True, True, False]
    placed = client.post("/checkout/place", data={**hidden(page, "/checkout/place"), "method": "bank_transfer"})
    by_transfer = placed.location.split("/")[2]
    make_transfer(by_transfer, payment_of(by_transfer).amount.amount, at=at)
    otherwise, by_card = asked[0].number, asked[1].number
    send(client, f"/orders/{otherwise}/pay/method", key=order_key(otherwise), method="cash_on_delivery")
    desk.comes_back()
    cards.breaker.open_until = 0  # it has rested
    assert PaymentMethod.CARD in offered(asked[1].amount)
    assert press(client, asked[1]).location.startswith(desk.peer.url)
    desk.peer.pay(payment_of(by_card).attempts[-1].reference or "")
    client.get(f"/orders/{by_card}/paid?key={order_key(by_card)}")
    for minutes in (3, 4):
        watch_payments(at + timedelta(minutes=minutes))
    stands = [payment_of(number).state.value for number in (by_transfer, otherwise, by_card)]
    assert stands == ["paid", "at_the_door", "paid"]
    nothing_is_double(desk.peer, by_card, otherwise)
    assert [finding for finding in verify(at=at) if finding.faults] == []


def nothing_is_double(peer: StripePeer, paid: str, otherwise: str) -> None:
    """One session an order, one charge in all; what is paid otherwise can no longer be paid there."""
    effects = peer.effects()
    assert [each["metadata"]["order"] for each in effects["charge"]] == [paid]
    sessions = Counter(each["client_reference_id"] for each in effects["checkout.session"])
    assert set(sessions.values()) == {1}
    left = {each["client_reference_id"]: each["status"] for each in effects["checkout.session"]}
    assert left.get(otherwise, "expired") == "expired"


def test_a_slow_one_is_waited_for(app: Flask, client: Client, at: datetime, desk: Desk) -> None:
    cards = offer_cards(app, base=desk.peer.url, key=desk.peer.key)
    desk.peer.clock(now=int(at.timestamp()))
    payment = owed(make_offer(at=at), at)
    before = shelves(client)
    desk.peer.fault("slow", path="/v1/.*", times=10, seconds=0.5)
    assert press(client, payment).location.startswith(desk.peer.url)
    assert shelves(client) == before
    assert cards.breaker.failures == 0


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Flask]:
    with card_shop(request.param, "dead", desk.peer, bank_account=ACCOUNT) as app:
        yield app


def until_waiting(peer: StripePeer, calls: int) -> None:
    end = time.monotonic() + 60
    while peer.waiting() < calls:
        assert time.monotonic() < end, "too few ask the provider"
        time.sleep(0.02)


@pytest.mark.parametrize(("guard", "held"), [("whole", 0), ("not let go", 1)])
def test_no_connection_is_held_while_it_is_waited_for(
    shop: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch, guard: str, held: int
) -> None:
    if guard != "whole":
        monkeypatch.setattr("marketplace.shop.payments.paying.let_go", lambda: None)
    with shop.app_context():
        number = owed(make_offer(at=now()), now()).number
        db.session.remove()
    desk.peer.fault("hang", path="/v1/.*", seconds=60)
    came: list[str] = []

    def buyer() -> None:
        with shop.app_context(), pytest.raises(NotReached):
            pay(number, now())
        came.append("not reached")

    waiting = threading.Thread(target=buyer)
    waiting.start()
    until_waiting(desk.peer, 1)
    with shop.app_context():
        assert db.engine.pool.checkedout() == held  # type: ignore[attr-defined]  # a queue's, and this is one
    desk.peer.clear_faults()
    waiting.join()
    assert came == ["not reached"]


def no_places(app: Flask) -> None:
    """As many calls at a time as there are threads."""
    cards = app.extensions["payments"][PaymentMethod.CARD]
    cards.breaker = Breaker(at_once=1000)


@pytest.mark.parametrize(("unguarded", "calls"), [(lambda _: None, 4), (no_places, 8)])
def test_pages_answer_while_many_wait_for_it(
    shop: Flask, desk: Desk, unguarded: Callable[[Flask], None], calls: int
) -> None:
    """Twelve buyers press at once in a server of eight threads; the twin lets all of them wait, and no page comes."""
    with shop.app_context():
        goods = make_offer(at=now(), stock=20)
        numbers = [owed(goods, now()).number for _ in range(12)]
        paths = [f"/orders/{number}/pay?key={order_key(number)}" for number in numbers]
    with web_server(shop, processes=1, unguarded=unguarded) as port:
        home = f"http://127.0.0.1:{port}"
        buyers = [requests.Session() for _ in paths]
        found = [TOKEN.search(buyer.get(home + path).text) for buyer, path in zip(buyers, paths, strict=True)]
        tokens = [match.group().rpartition("=")[2].strip('"') for match in found if match]
        before = TOKEN.sub("", requests.get(f"{home}/products", timeout=30).text)
        desk.peer.fault("hang", path="/v1/.*", times=100, seconds=60)
        answers: list[int] = []

        def press_at_once(n: int) -> None:
            answer = buyers[n].post(home + paths[n], data={"csrf_token": tokens[n]}, allow_redirects=False)
            answers.append(answer.status_code)

        threads = [threading.Thread(target=press_at_once, args=(n,)) for n in range(12)]
        for thread in threads:
            thread.start()
        until_waiting(desk.peer, calls)
        if calls < 8:
            assert TOKEN.sub("", requests.get(f"{home}/products", timeout=30).text) == before
            assert len(answers) <= 12 - calls, "those at the provider wait on"
            assert idle_in_transaction(shop) == 0
        else:
            with pytest.raises(requests.Timeout):
                requests.get(f"{home}/products", timeout=2)
        desk.peer.clear_faults()
        for thread in threads:
            thread.join()
        assert sorted(set(answers) - {303}) == [302], "told, or led on to the page"


def idle_in_transaction(shop: Flask) -> int:
    """Connections on which somebody began and then waits for something else; SQLite cannot tell."""
    with shop.app_context():
        if db.engine.dialect.name != "postgresql":
            return 0
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in %'"
        return int(db.session.scalar(text(asked)) or 0)
