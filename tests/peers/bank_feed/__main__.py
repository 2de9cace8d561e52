"""`python -m tests.peers.bank_feed`: the peer as a program of its own, on loopback only."""

import logging
import os
import socket
import sys
import threading
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

TOKEN = "feed-token"
LIMIT = 5_000


def _control(app: Flask, rows: dict[int, dict[str, Any]], mood: dict[str, int]) -> None:
    @app.post("/control/reset")
    def reset() -> Any:
        rows.clear()
        mood["down"] = 0
        return {}

    @app.post("/control/down/<int:times>")
    def down(times: int) -> Any:
        mood["down"] = times
        return {}

    @app.post("/control/came")
    def came() -> Any:
        row = dict(request.get_json())
        number = int(row.get("id") or max(rows, default=0) + 1)
        rows[number] = row | {"id": str(number)}
        return {"id": number}


def create_app() -> Flask:
    """The peer: `/control/…` is the tests', the rest as the feed documents it."""
    app = Flask("bank_feed")
    rows: dict[int, dict[str, Any]] = {}
    mood = {"down": 0}

    @app.before_request
    def guard() -> Response | None:
        if request.path.startswith("/control/"):
            return None
        if mood["down"] > 0:
            mood["down"] -= 1
            return Response("down", 503)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Response("{}", 401)
        return None

    _control(app, rows, mood)

    @app.get("/transactions/details/<int:number>")
    def details(number: int) -> Any:
        if number not in rows:
            return jsonify(status=404, error="not found"), 404
        return jsonify(status=200, error=None, transaction=rows[number])

    @app.get("/transactions/list")
    def listed() -> Any:
        since, limit = int(request.args.get("since_id", 0)), int(request.args.get("limit", LIMIT))
        account = request.args.get("account_number")
        found = [row for n, row in sorted(rows.items()) if n >= since and account in (None, row["account_number"])]
        return jsonify(status=200, error=None, transactions=found[:limit])

    return app


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serve until the parent ends."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    door = socket.create_server(("127.0.0.1", 0))
    server = make_server("127.0.0.1", 0, create_app(), threaded=True, fd=door.fileno())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{door.getsockname()[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
