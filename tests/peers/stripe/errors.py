"""The refusals of the peer, shaped as Stripe's error answers."""

from typing import Any


class ApiError(Exception):
    """One refusal: HTTP status, Stripe's type and code, a sentence, and what else the error object carries.

    `begun` says whether work had begun: only then does an idempotency key remember the answer.
    """

    def __init__(
        self,
        status: int,
        code: str | None,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        begun: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.begun = status, begun
        fields = {"type": kind, "message": message, "code": code, "param": param, **more}
        self.body = {"error": {name: value for name, value in fields.items() if value is not None}}


def not_valid(code: str | None, message: str, param: str | None = None) -> ApiError:
    """The parameters are wrong (400); nothing began."""
    return ApiError(400, code, message, param=param)


def missing(kind: str, identifier: str, param: str = "id") -> ApiError:
    """There is no such object (404)."""
    name = kind.rpartition(".")[2]
    return ApiError(404, "resource_missing", f"No such {name}: '{identifier}'", param=param)


def refused(code: str | None, message: str, **more: Any) -> ApiError:
    """The object's state does not admit the call (400); the answer is remembered by its key."""
    return ApiError(400, code, message, begun=True, **more)


def declined(code: str, message: str, *, decline_code: str | None, intent: dict[str, Any], charge: str) -> ApiError:
    """The card was refused (402); the error carries the PaymentIntent as it stands now."""
    return ApiError(
        402,
        code,
        message,
        kind="card_error",
        begun=True,
        decline_code=decline_code,
        charge=charge,
        payment_intent=intent,
    )


def broken() -> ApiError:
    """Stripe itself failed (500)."""
    return ApiError(500, None, "An unknown error occurred (asked for by a fault).", kind="api_error", begun=True)
