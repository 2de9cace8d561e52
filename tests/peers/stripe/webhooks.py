"""Events on their way to the shop: signed, sent by HTTP until a 2xx comes back, with the faults control asks for."""

import hashlib
import hmac
import http.client
import json
import random
import threading
import time
from heapq import heappop, heappush
from typing import Any
from urllib.parse import urlsplit

from tests.peers.stripe.errors import not_valid
from tests.peers.stripe.objects import shown
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json

FAULTS = ("duplicate", "lose", "forge", "old", "delay", "shuffle", "hold")
AGE = 3600  # seconds that an old timestamp is old
ALWAYS = -1


def signature(secret: str, at: int, body: bytes) -> str:
    """The Stripe-Signature header."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


class Webhooks:
    """Deliveries are rows, so that a resumed peer sends what was not received; times and faults are not kept."""

    def __init__(self, peer: Peer, *, backoff: float = 1.0, attempts: int = 12, timeout: float = 5.0) -> None:
        self._peer, self._backoff, self._attempts, self._timeout = peer, backoff, attempts, timeout
        self._wake = threading.Condition(peer.state.lock)
        self._due: list[tuple[float, int, str]] = []
        self._n = 0
        self._faults: dict[str, Any] = {}
        self._random = random.Random(0)
        self.journal: list[Json] = []
        peer.announce = self.announce
        for row in peer.state.all("delivery"):
            self._plan(row["id"], 0)

    def point_at(self, url: str, secret: str) -> None:
        """Events from now on go there."""
        with self._peer.state.change():
            self._peer.note(endpoint={"url": url, "secret": secret})

    def fault(self, **asked: Any) -> None:
        """Set faults: `forge`, `old` (sendings), `lose` (events): that many, or True for all; `duplicate`: that many
        more of each event; `delay`: seconds; `shuffle`: up to that many seconds, by chance; `hold`: until `release`.
        """
        for name, value in asked.items():
            if name not in FAULTS:
                raise not_valid("parameter_unknown", f"The webhook faults are {', '.join(FAULTS)}.", name)
            self._faults[name] = ALWAYS if value is True else value
        self._random = random.Random(0)

    def clear(self) -> None:
        """No faults, nothing on its way, an empty journal."""
        with self._wake:
            self._faults.clear()
            self._due.clear()
            self.journal.clear()
            for row in self._peer.state.all("delivery"):
                self._peer.state.drop("delivery", row["id"])

    def pending(self) -> int:
        """How many deliveries are on their way or held."""
        return len(self._peer.state.all("delivery"))

    def announce(self, event: Json) -> None:
        """The event begins its way, in the change that made it."""
        if not self._peer.meta.get("endpoint"):
            return
        if self._takes("lose"):
            self._note(event, 0, "lost")
            return
        self._peer.change("event", event, pending_webhooks=1)
        for _ in range(1 + int(self._faults.get("duplicate", 0))):
            self._send_later(event, held=bool(self._faults.get("hold")))

    def replay(self, event: Json, **as_asked: bool) -> None:
        """Send a known event once more, as `forge` or `old` if asked."""
        self._send_later(event, held=False, **as_asked)

    def release(self, *, backwards: bool) -> int:
        """Let the held deliveries go, in order or backwards; how many there were."""
        with self._peer.state.change():
            held = [row for row in self._peer.state.all("delivery") if row["held"]]
            for row in reversed(held) if backwards else held:
                self._peer.change("delivery", row, held=False)
                self._plan(row["id"], 0)
            return len(held)

    def _send_later(self, event: Json, *, held: bool, **as_asked: bool) -> None:
        row = {"id": self._peer.new_id("dlv"), "event": event["id"], "attempt": 0, "held": held, **as_asked}
        self._peer.state.put("delivery", row)
        if not held:
            wait = self._faults.get("delay", 0) + self._random.uniform(0, self._faults.get("shuffle", 0))
            self._plan(row["id"], wait)

    def _plan(self, name: str, wait: float) -> None:
        with self._wake:
            self._n += 1
            heappush(self._due, (time.monotonic() + wait, self._n, name))
            self._wake.notify()

    def _takes(self, name: str) -> bool:
        left = self._faults.get(name, 0)
        if left > 0:
            self._faults[name] = left - 1
        return bool(left)

    def _note(self, event: Json, attempt: int, outcome: str | int, signed: str = "good") -> None:
        known = {"event": event["id"], "type": event["type"], "attempt": attempt}
        self.journal.append({**known, "outcome": outcome, "signed": signed})

    def start(self, senders: int = 1) -> None:
        """Send from now on, as long as the process lives. One sender keeps the order."""
        for _ in range(senders):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._wake:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is None or wait > 0:
                    self._wake.wait(wait)
                    continue
                row = self._peer.state.find("delivery", heappop(self._due)[2])
                event = self._peer.state.find("event", row["event"]) if row else None
                if row is None or event is None:
                    continue
                signed = self._manner(row)
                body = json.dumps(shown(event), indent=2, ensure_ascii=False).encode()
                endpoint = dict(self._peer.meta["endpoint"])
                at = self._peer.now()
            outcome = self._post(endpoint, body, at, signed)
            with self._peer.state.change():
                self._after(row, event, outcome, signed)

    def _manner(self, row: Json) -> str:
        for name in ("forge", "old"):
            if row.get(name) or self._takes(name):
                return name
        return "good"

    def _post(self, endpoint: Json, body: bytes, at: int, signed: str) -> str | int:
        secret = "whsec_of_someone_else" if signed == "forge" else endpoint["secret"]
        header = signature(secret, at - AGE if signed == "old" else at, body)
        to = urlsplit(endpoint["url"])
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": header,
            "User-Agent": "Stripe/1.0 (a peer of it)",
        }
        line = http.client.HTTPConnection(to.hostname or "", to.port or 80, timeout=self._timeout)
        try:
            line.request("POST", to.path + (f"?{to.query}" if to.query else ""), body=body, headers=headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        else:
            return answer.status
        finally:
            line.close()

    def _after(self, row: Json, event: Json, outcome: str | int, signed: str) -> None:
        if self._peer.state.find("delivery", row["id"]) is None:
            return  # cleared meanwhile
        attempt = row["attempt"] + 1
        self._note(event, attempt, outcome, signed)
        received = isinstance(outcome, int) and 200 <= outcome < 300
        if received or attempt >= self._attempts:
            self._peer.state.drop("delivery", row["id"])
            if received:
                self._peer.change("event", event, pending_webhooks=0)
        else:
            row.pop("forge", None)
            self._peer.change("delivery", row, attempt=attempt)
            self._plan(row["id"], self._backoff * 2 ** (attempt - 1))
