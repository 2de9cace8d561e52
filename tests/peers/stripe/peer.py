"""The account the peer stands for: its terms, clock, identifiers, objects and events."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.peers.stripe import objects
from tests.peers.stripe.errors import missing
from tests.peers.stripe.state import Json, State

PREFIXES = {
    "checkout.session": "cs_test",
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "dispute": "du",
    "payout": "po",
    "balance_transaction": "txn",
    "event": "evt",
}


@dataclass(frozen=True)
class Terms:
    """What the account agreed with Stripe. Amounts in the smallest unit; the fees are our invention.

    `rate`: what one dong is in the smallest unit of the settlement currency, as `exchange_rate` is documented.
    """

    key: str = "sk_test_peer"
    minimum: int = 13_000
    maximum: int = 99_999_999
    settlement: str = "vnd"
    rate: float = 100 / 26_000
    fee_per_mille: int = 29
    fee_fixed: int = 8_000
    dispute_fee: int = 390_000

    def settled(self, dong: int) -> int:
        """The dong in the smallest unit of the settlement currency."""
        return dong if self.settlement == "vnd" else round(dong * self.rate)


@dataclass
class Peer:
    """Everything the verbs work on. Call them inside `state.change()`."""

    state: State
    terms: Terms
    url: str
    announce: Callable[[Json], None] = lambda _: None
    request: Json = field(default_factory=lambda: {"id": None, "idempotency_key": None})

    def __post_init__(self) -> None:
        if self.state.find("meta", "meta") is None:
            with self.state.change():
                self.state.put("meta", {"id": "meta", "mark": secrets.token_hex(4), "n": 0, "ahead": 0.0})

    @property
    def meta(self) -> Json:
        """The peer's own row: the mark in its identifiers, the count of them, how far its clock is ahead, settings."""
        found = self.state.find("meta", "meta")
        assert found is not None
        return found

    def note(self, **values: Any) -> None:
        """Change the peer's own row."""
        self.state.put("meta", {**self.meta, **values})

    def now(self) -> int:
        """The peer's clock, in seconds since the epoch; control may set it."""
        return int(time.time() + self.meta["ahead"])

    def new_id(self, prefix: str) -> str:
        """An identifier no one else has, growing with age."""
        self.note(n=self.meta["n"] + 1)
        return f"{prefix}_{self.meta['mark']}{self.meta['n']:010d}"

    def setting(self, name: str) -> bool:
        """A switch of control: `refunds_wait`, `cards_wait`."""
        return bool(self.meta.get(name, False))

    def find(self, kind: str, name: str, param: str = "id") -> Json:
        """The object or `resource_missing`."""
        found = self.state.find(kind, name)
        if found is None:
            raise missing(kind, name, param)
        return found

    def add(self, kind: str, make: Callable[..., Json], **known: Any) -> Json:
        """A new object with its identifier and birth."""
        return self.state.put(kind, make(id=self.new_id(PREFIXES[kind]), created=self.now(), **known))

    def change(self, kind: str, item: Json, **values: Any) -> Json:
        """Set fields of a known object."""
        item.update(values)
        return self.state.put(kind, item)

    def emit(self, name: str, item: Json, **previous: Any) -> Json:
        """An event with the object as it stands; the webhooks learn of it in the same change."""
        data: Json = {"object": objects.shown(item)}
        if previous:
            data["previous_attributes"] = previous
        happened = self.add(
            "event", objects.event, type=name, data=data, pending_webhooks=0, request=dict(self.request)
        )
        self.announce(happened)
        return happened
