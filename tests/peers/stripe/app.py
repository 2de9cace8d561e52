"""The peer as a Flask application."""

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from tests.peers.stripe.api import Api, Asked
from tests.peers.stripe.control import control
from tests.peers.stripe.errors import ApiError
from tests.peers.stripe.faults import Faults
from tests.peers.stripe.pages import pages
from tests.peers.stripe.peer import Peer, Terms
from tests.peers.stripe.state import State
from tests.peers.stripe.webhooks import Webhooks

CUT = "peer.cut"


class Cutting:
    """Ends the connection where an answer is to be lost."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The answer, or a broken connection that the server takes for a client gone."""
        answer: Iterable[bytes] = self._app(environ, start_response)
        if environ.get(CUT):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError
        return answer


def create_app(
    *, url: str, file: Path | None = None, terms: Terms | None = None, backoff: float = 1.0
) -> tuple[Flask, Webhooks]:
    """The application at `url`, and its webhooks, not yet started."""
    peer = Peer(State(file), terms or Terms(), url)
    faults = Faults()
    webhooks = Webhooks(peer, backoff=backoff)
    api = Api(peer, faults)
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the provider of Flask has it, its protocol does not
    app.register_blueprint(control(peer, faults, webhooks))
    app.register_blueprint(pages(peer))
    app.wsgi_app = Cutting(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own documented way

    @app.route("/v1/<path:rest>", methods=["GET", "POST", "DELETE"])
    def call(rest: str) -> Response:
        pairs = request.form if request.method == "POST" else request.args
        asked = Asked(
            request.method,
            f"/v1/{rest}",
            list(pairs.items(multi=True)),
            request.headers.get("Authorization", ""),
            request.headers.get("Stripe-Version"),
            request.headers.get("Idempotency-Key"),
        )
        answer = api.answer(asked)
        request.environ[CUT] = answer.cut
        return app.make_response((answer.body, answer.status, answer.headers))

    @app.errorhandler(ApiError)
    def refuse(error: ApiError) -> tuple[dict[str, Any], int]:
        return error.body, error.status

    return app, webhooks
