"""Reading what the client sent: `a[b][0][c]=1` becomes nested values, checked against a shape."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.peers.stripe.errors import not_valid

Check = Callable[[Any, str], Any]

MOST_METADATA, LONGEST_NAME, LONGEST_VALUE = 50, 40, 500


@dataclass(frozen=True)
class Need:
    """A field that must be sent."""

    check: Check


Fields = Mapping[str, Check | Need]


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The pairs of a form or query string as nested dicts; a list is a dict by index until a shape says otherwise."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        keys = [re.split(r"\[", name)[0], *re.findall(r"\[([^\]]*)\]", name)]
        place = root
        for key in keys[:-1]:
            place = place.setdefault(key or str(len(place)), {})
            if not isinstance(place, dict):
                raise not_valid(None, f"Invalid {keys[0]}", name)
        place[keys[-1] or str(len(place))] = value
    return root


def text(value: Any, path: str) -> str:
    """A string that says something."""
    if not isinstance(value, str):
        raise not_valid(None, "Invalid string", path)
    if not value:
        raise not_valid("parameter_invalid_empty", f"You passed an empty string for '{path}'.", path)
    return value


def whole(value: Any, path: str) -> int:
    """An integer."""
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value):
        raise not_valid("parameter_invalid_integer", f"Invalid integer: {value}", path)
    return int(value)


def flag(value: Any, path: str) -> bool:
    """true or false."""
    if value not in ("true", "false"):
        raise not_valid(None, f"Invalid boolean: {value}", path)
    return bool(value == "true")


def one_of(*choices: str) -> Check:
    """One of the words Stripe knows here."""

    def check(value: Any, path: str) -> str:
        if value not in choices:
            raise not_valid(None, f"Invalid {path}: must be one of {', '.join(choices)}", path)
        return str(value)

    return check


def words(value: Any, path: str) -> dict[str, str]:
    """Metadata: at most 50 names of 40 letters with values of 500; an empty value unsets."""
    if value == "":
        return {}
    if not isinstance(value, dict) or not all(isinstance(word, str) for word in value.values()):
        raise not_valid(None, "Metadata is a hash of strings", path)
    if len(value) > MOST_METADATA:
        raise not_valid(None, f"You can only have up to {MOST_METADATA} metadata keys.", path)
    for name, word in value.items():
        if len(name) > LONGEST_NAME or len(word) > LONGEST_VALUE:
            raise not_valid(None, "Metadata names have up to 40 characters, values up to 500.", f"{path}[{name}]")
    return {name: word for name, word in value.items() if word}


def many(item: Check) -> Check:
    """A list."""

    def check(value: Any, path: str) -> list[Any]:
        if not isinstance(value, dict) or not all(key.isdigit() for key in value):
            raise not_valid(None, "Invalid array", path)
        ordered = sorted(value.items(), key=lambda pair: int(pair[0]))
        return [item(one, f"{path}[{key}]") for key, one in ordered]

    return check


def shape(fields: Fields) -> Check:
    """A hash with these fields and no other."""

    def check(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise not_valid(None, "Invalid object", path)
        return read(fields, value, path)

    return check


def either(first: Check, second: Check) -> Check:
    """The second reading for a hash, the first for a plain value."""
    return lambda value, path: (second if isinstance(value, dict) else first)(value, path)


def read(fields: Fields, value: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The values by name; an unknown, missing or malformed one is refused with its path as Stripe writes it."""

    def named(name: str) -> str:
        return f"{path}[{name}]" if path else name

    for name in value:
        if name not in fields:
            raise not_valid("parameter_unknown", f"Received unknown parameter: {named(name)}", named(name))
    found = {}
    for name, field in fields.items():
        if name in value:
            found[name] = (field.check if isinstance(field, Need) else field)(value[name], named(name))
        elif isinstance(field, Need):
            raise not_valid("parameter_missing", f"Missing required param: {named(name)}.", named(name))
    return found
