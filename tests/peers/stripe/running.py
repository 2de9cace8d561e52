"""Starting the peer from a test and speaking to its control.

with stripe_peer() as peer:
    client = stripe.StripeClient(peer.key, base_addresses={"api": peer.url})
    peer.point_webhooks_at("http://127.0.0.1:5000/payments/stripe/webhook")
    peer.fault("error_after", path="/v1/refunds")
    peer.pay(session.id, card="4242 4242 4242 4242")
"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[3]
KEY, WEBHOOK_SECRET = "sk_test_peer", "whsec_peer"
GOOD_CARD = "4242424242424242"


class Refused(Exception):
    """Control did not do what was asked: HTTP status and Stripe's error object."""

    def __init__(self, status: int, error: Json) -> None:
        super().__init__(status, error)
        self.status, self.error = status, error


@dataclass
class StripePeer:
    """A running peer."""

    process: subprocess.Popen[str]
    url: str
    key: str = KEY
    webhook_secret: str = WEBHOOK_SECRET

    def ask(self, path: str, body: Json | None = None) -> Json:
        """One call of `/_peer/…`: GET without a body, POST with one."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_peer/{path}", data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
            sent = json.loads(text)["error"] if text.startswith(b"{") else {"message": text.decode()}
            raise Refused(error.code, sent) from None

    def reset(self) -> None:
        """Forget every object, key, fault, setting and delivery; identifiers go on, the webhook address stays."""
        self.ask("reset", {})

    def effects(self) -> Json:
        """Every object by kind (`charge`, `refund`, `checkout.session`, ...), oldest first: to count doubles."""
        return self.ask("effects")

    def fault(self, kind: str, **where: Any) -> None:
        """The next `times` (1) calls of `method` (any) whose whole path matches `path` meet a fault of `faults.KINDS`;
        `seconds` says how long a slow or hanging one lasts."""
        self.ask("faults", {"kind": kind, **where})

    def waiting(self) -> int:
        """How many calls hang or are slow at this moment."""
        return int(self.ask("faults")["waiting"])

    def clear_faults(self) -> None:
        """No more faults of calls; what hangs or is slow goes on at once."""
        self.ask("faults/clear", {})

    def settings(self, **values: bool) -> None:
        """`refunds_wait`: refunds stay pending until `finish_refunds`. `cards_wait`: good cards stay in processing."""
        self.ask("settings", values)

    def clock(self, *, now: int | None = None, ahead: float = 0) -> int:
        """Set the peer's clock or move it forward; it expires sessions. The new time, in seconds."""
        return int(self.ask("clock", {"ahead": ahead} if now is None else {"now": now})["now"])

    def pay(self, session: str, *, card: str = GOOD_CARD, passed: bool | None = None) -> Json:
        """Pay a session as its page would; `passed` answers 3-D Secure. Raises Refused(402) for a refused card."""
        answer = {} if passed is None else {"passed": passed}
        return self.ask(f"sessions/{session}/pay", {"card": card.replace(" ", ""), **answer})

    def authenticate(self, intent: str, *, passed: bool) -> Json:
        """Answer 3-D Secure for a PaymentIntent."""
        return self.ask(f"payment_intents/{intent}/authenticate", {"passed": passed})

    def finish_payment(self, intent: str, *, passed: bool) -> Json:
        """The bank's word on a PaymentIntent in processing."""
        return self.ask(f"payment_intents/{intent}/finish", {"passed": passed})

    def finish_refunds(self, status: str = "succeeded", *, refund: str | None = None) -> list[Json]:
        """Every pending refund, or this one, succeeded or failed."""
        return list(self.ask("refunds/finish", {"status": status, "id": refund})["data"])

    def dispute(self, charge: str, *, reason: str = "fraudulent") -> Json:
        """The cardholder disputes the charge."""
        return self.ask(f"charges/{charge}/dispute", {"reason": reason})

    def close_dispute(self, dispute: str, *, won: bool) -> Json:
        """The bank decides."""
        return self.ask(f"disputes/{dispute}/close", {"won": won})

    def pay_out(self) -> Json:
        """A payout over all that is not paid out."""
        return self.ask("payouts", {})

    def point_webhooks_at(self, url: str) -> None:
        """Events from now on go there, signed with `webhook_secret`."""
        self.ask("webhooks", {"url": url, "secret": self.webhook_secret})

    def webhook_faults(self, **faults: Any) -> None:
        """`forge`, `old`, `lose`: that many or True; `duplicate`: so many more; `delay`, `shuffle`: seconds; `hold`."""
        self.ask("webhooks/faults", faults)

    def release(self, *, backwards: bool = False) -> int:
        """Send the held events, in order or backwards; how many there were."""
        return int(self.ask("webhooks/release", {"backwards": backwards})["released"])

    def replay(self, event: str, **manner: bool) -> None:
        """Send the event once more; `forge=True` or `old=True` badly."""
        self.ask("webhooks/replay", {"event": event, **manner})

    def deliveries(self, *, timeout: float = 10) -> list[Json]:
        """What was sent, once nothing is on its way: event, type, attempt, outcome (status or error), signed."""
        until = time.monotonic() + timeout
        while (seen := self.ask("webhooks"))["pending"]:
            if time.monotonic() > until:
                raise TimeoutError(f"{seen['pending']} webhooks are still on their way")
            time.sleep(0.01)
        return list(seen["sent"])

    def stop(self) -> None:
        """End the process, and wait for its end."""
        self.process.kill()
        self.process.wait(timeout=10)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


def start(*, store: Path | None = None, port: int = 0, options: tuple[str, ...] = ()) -> StripePeer:
    """A peer in a process of its own, ready to answer; the caller stops it."""
    command = [sys.executable, "-m", "tests.peers.stripe", "--with-parent", "--port", str(port), "--backoff", "0.02"]
    command += options
    if store:
        command += ["--store", str(store)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    url = process.stdout.readline().strip()
    if not url:
        StripePeer(process, url).stop()
        raise RuntimeError(f"the peer of Stripe did not start: {process.returncode}")
    return StripePeer(process, url)


@contextmanager
def stripe_peer(*, store: Path | None = None, options: tuple[str, ...] = ()) -> Iterator[StripePeer]:
    """A peer for the length of the block."""
    peer = start(store=store, options=options)
    try:
        yield peer
    finally:
        peer.stop()
