"""The pinned client's own types as the published description of Stripe's objects: does an answer fit them?"""

import sys
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import stripe
from stripe import ListObject, StripeObject
from stripe._stripe_object import UntypedStripeObject

PLAIN = (int, str, float)


class _Elsewhere(StripeObject):
    """A type of the client's inner rooms, which the peer never answers."""


class _Names(dict[str, Any]):
    """The names that the client imports only for type checkers."""

    def __missing__(self, name: str) -> Any:
        for short in (name, name.removesuffix("Resource")):
            if hasattr(stripe, short):
                return getattr(stripe, short)
        return _Elsewhere


def hints(kind: type) -> dict[str, Any]:
    """Field -> type, of an object of the client."""
    module = vars(sys.modules[kind.__module__])
    return {
        name: hint
        for name, hint in get_type_hints(kind, globalns=module, localns=_Names(module)).items()
        if name in kind.__annotations__ and name.islower()
    }


def differences(answer: Any, kind: Any, path: str = "") -> list[str]:
    """Where the answer is not of the type: an unknown field, a missing one, a wrong JSON type."""
    origin = get_origin(kind)
    if kind is Any:
        return []
    if origin is Union:
        tries = [differences(answer, one, path) for one in get_args(kind)]
        return [] if [] in tries else min(tries, key=len)
    if origin is Literal:
        return [] if answer in get_args(kind) else [f"{path}: {answer!r} is none of {get_args(kind)}"]
    if origin in (list, ListObject):
        rows = answer.get("data") if origin is ListObject and isinstance(answer, dict) else answer
        if not isinstance(rows, list):
            return [f"{path}: {answer!r} is no list"]
        return [found for n, row in enumerate(rows) for found in differences(row, get_args(kind)[0], f"{path}[{n}]")]
    if origin is UntypedStripeObject:
        return [] if isinstance(answer, dict) else [f"{path}: {answer!r} is no hash"]
    if isinstance(kind, type) and issubclass(kind, StripeObject):
        return _of_object(answer, kind, path)
    if kind is Decimal:
        kind = str  # on the wire
    right = isinstance(answer, kind) and not (isinstance(answer, bool) and kind in PLAIN)
    return [] if right else [f"{path}: {answer!r} is no {kind.__name__}"]


def _of_object(answer: Any, kind: type[StripeObject], path: str) -> list[str]:
    if not isinstance(answer, dict):
        return [f"{path}: {answer!r} is no {kind.__qualname__}"]
    fields = hints(kind)
    found = [f"{path}.{name} is unknown" for name in answer if name not in fields]
    for name, hint in fields.items():
        if name in answer:
            found += differences(answer[name], hint, f"{path}.{name}")
        elif type(None) not in get_args(hint):
            found.append(f"{path}.{name} is missing")
    return found
