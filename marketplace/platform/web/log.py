"""One structured line for each request and event, each with the request's id."""

import logging
import sys
import time
from secrets import token_hex

import structlog
from flask import Flask, Response, g, request

from config import Settings
from marketplace.platform.core import context

log = structlog.get_logger("marketplace")


def init_log(app: Flask, settings: Settings) -> None:
    """Configure structlog and log each answered request."""
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if settings.environment == "testing" else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
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
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        )
    return response
