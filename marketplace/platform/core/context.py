"""The id of the request or job under way, carried along without passing it through every call."""

from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The id of what is being done; empty outside requests and jobs."""
    return _request_id.get()


def begin(identifier: str) -> None:
    """Say what is being done from here on, in this context."""
    _request_id.set(identifier)
