"""What no person types is refused at the door: a NUL byte, which PostgreSQL keeps in no text."""

from collections.abc import Iterator

from flask import Flask, abort, request


def init_unsound(app: Flask) -> None:
    """Answer 400 to a request with a NUL in its path, query, form or cookies."""
    app.before_request(_refuse)


def _refuse() -> None:
    if any("\0" in text for text in _texts()):
        abort(400)


def _texts() -> Iterator[str]:
    yield request.path
    yield from request.cookies.values()
    for pairs in (request.args, request.form):
        for name, value in pairs.items(multi=True):
            yield name
            yield value
