"""`python -m tests.peers.stripe`: the peer as a program of its own, on loopback only."""

import argparse
import logging
import os
import socket
import sys
import threading
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.peers.stripe.app import create_app
from tests.peers.stripe.peer import Terms

LOOPBACK = "127.0.0.1"


class Quiet(WSGIRequestHandler):
    """No line for each request."""

    def log_request(self, *arguments: object) -> None:
        """Say nothing."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.peers.stripe", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the address is printed")
    parser.add_argument("--store", type=Path, help="an SQLite file to remember in, across kills")
    parser.add_argument("--key", default=Terms.key, help="the secret key clients must send")
    parser.add_argument("--webhook-url", help="where events go")
    parser.add_argument("--webhook-secret", default="whsec_peer")
    parser.add_argument("--backoff", type=float, default=1.0, help="seconds before a webhook is first tried again")
    parser.add_argument("--senders", type=int, default=1, help="webhooks sent at the same time; 1 keeps their order")
    parser.add_argument("--minimum", type=int, default=Terms.minimum, help="least amount of a charge in dong")
    parser.add_argument("--settlement", choices=("vnd", "usd"), default="vnd", help="currency of the balance")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input does")
    return parser.parse_args()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serve until killed."""
    asked = _arguments()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    door = socket.create_server((LOOPBACK, asked.port))
    url = f"http://{LOOPBACK}:{door.getsockname()[1]}"
    terms = Terms(key=asked.key, minimum=asked.minimum, settlement=asked.settlement)
    app, webhooks = create_app(url=url, file=asked.store, terms=terms, backoff=asked.backoff)
    if asked.webhook_url:
        webhooks.point_at(asked.webhook_url, asked.webhook_secret)
    webhooks.start(asked.senders)
    server = make_server(LOOPBACK, 0, app, threaded=True, request_handler=Quiet, fd=door.fileno())
    if asked.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
