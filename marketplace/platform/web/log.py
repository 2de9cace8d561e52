"""Each request has an id and leaves one line in the log."""

import time
from secrets import token_hex

import structlog
from flask import Flask, Response, g, request

from config import Settings
from marketplace.platform.core import context
from marketplace.platform.core.log import init_log, log


def init_request_log(app: Flask, settings: Settings) -> None:
    """Give each request an id (a proxy's, where it sent a sound one) and log how it was answered."""
    init_log(settings)
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    context.begin(given if given.isascii() and given.isalnum() and 8 <= len(given) <= 64 else token_hex(8))
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=context.request_id())


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = context.request_id()
    if not request.path.startswith(("/static/", "/art/")):
        log.info(
            "request",
            method=request.method,
            path=_path(),
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        )
    return response


def _path() -> str:
    """What was asked for; what a route calls `token` opens something, so it stays out of the log."""
    secret = (request.view_args or {}).get("token")
    return request.path.replace(secret, "…") if secret else request.path
