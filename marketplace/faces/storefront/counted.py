"""What the shop window counts: placements shown and followed, no reader in it; written behind the answer."""

import atexit
from collections.abc import Iterable
from functools import partial

from flask import Flask, Response, after_this_request, current_app, request

from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.log import log
from marketplace.platform.web.access import current_actor
from marketplace.trade.collections.policies import CURATE
from marketplace.trade.promotion.counting import Tally, add_up
from marketplace.trade.promotion.models import Placement
from marketplace.trade.promotion.rules import is_robot


def count(placement_ids: Iterable[int], what: str) -> None:
    """Note that these were `shown` or `clicked` by this reader, if it is one: no program, no curator at work."""
    ids = list(placement_ids)
    if not ids or not _is_reader():
        return
    at, tally = now(), _tally()
    tally.count(ids, what, at=at)
    if tally.due(at):
        after_this_request(_write_behind)


def count_click(placement: Placement) -> None:
    """Note that it was followed: while it runs, once a browser and day."""
    at, reader = now(), f"{request.remote_addr} {request.headers.get('User-Agent', '')}"
    if placement.runs(day_of(at)) and _is_reader() and _tally().first(reader, placement.id, at=at):
        count([placement.id], "clicked")


def _is_reader() -> bool:
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    program = is_robot(request.headers.get("User-Agent", "")) or "prefetch" in ahead
    return request.method == "GET" and not program and not CURATE.held_by(current_actor())


def _tally() -> Tally:
    tally: Tally | None = current_app.extensions.get("tally")
    if tally is None:
        tally = current_app.extensions.setdefault("tally", Tally())  # of two threads, both take the first's
        assert tally is not None
        if not current_app.config["TESTING"]:
            atexit.register(write, _app())  # what was not written yet when the server is asked to end
    return tally


def _app() -> Flask:
    """The application itself, for what runs when the request is over."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Flask's documented way
    return app


def _write_behind(response: Response) -> Response:
    response.call_on_close(partial(write, _app()))  # the reader has the page by then
    return response


def write(app: Flask) -> None:
    """Write what this process has counted; a failure is logged, and the counts are kept for the next time."""
    tally: Tally = app.extensions["tally"]
    counts = tally.take()
    try:
        with app.app_context(), transaction():
            add_up(counts)
    except Exception as error:
        log.exception("counts kept for later", error=repr(error))
        tally.give_back(counts)
