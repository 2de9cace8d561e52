"""A shop's webhook door for tests of the peer: keeps what arrives, answers as told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe


@dataclass
class Received:
    """What one door has got."""

    secret: str
    url: str = ""
    answers: list[int] = field(default_factory=list)  # the next ones; 200 when there are no more
    events: list[stripe.Event] = field(default_factory=list)  # those with a good signature, in order of arrival
    refused: list[str] = field(default_factory=list)  # why the others were not
    raw: list[tuple[bytes, str]] = field(default_factory=list)  # all, as they came: body and signature

    def take(self, body: bytes, header: str | None) -> int:
        """Check as the shop will, with the client's own function."""
        self.raw.append((body, header or ""))
        if self.answers and (status := self.answers.pop(0)) != 200:
            return status
        try:
            event = stripe.Webhook.construct_event(body, header, self.secret)
        except stripe.SignatureVerificationError as error:
            self.refused.append(str(error))
            return 400
        self.events.append(event)
        return 200

    @property
    def types(self) -> list[str]:
        """The types in order of arrival."""
        return [event.type for event in self.events]


@contextmanager
def receiver(secret: str) -> Iterator[Received]:
    """A door on loopback for the length of the block."""
    got = Received(secret)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(got.take(body, self.headers["Stripe-Signature"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    got.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
