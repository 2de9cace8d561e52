"""Lists, newest first, in pages; and expanding identifiers into the objects they name."""

from collections.abc import Callable
from typing import Any

from tests.peers.stripe.errors import not_valid
from tests.peers.stripe.objects import shown
from tests.peers.stripe.params import Fields, either, many, shape, text, whole
from tests.peers.stripe.peer import PREFIXES, Peer
from tests.peers.stripe.state import Json

KINDS = {f"{prefix}_": kind for kind, prefix in PREFIXES.items()}
SPAN = either(whole, shape({"gt": whole, "gte": whole, "lt": whole, "lte": whole}))
PAGING: Fields = {
    "created": SPAN,
    "ending_before": text,
    "expand": many(text),
    "limit": whole,
    "starting_after": text,
}
TESTS: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda born, mark: born > mark,
    "gte": lambda born, mark: born >= mark,
    "lt": lambda born, mark: born < mark,
    "lte": lambda born, mark: born <= mark,
}


def _within(born: int, span: int | dict[str, int]) -> bool:
    if isinstance(span, int):
        return born == span
    return all(TESTS[name](born, mark) for name, mark in span.items())


def page(peer: Peer, kind: str, url: str, params: Json, keep: Callable[[Json], bool] = bool) -> Json:
    """One page of the objects that `keep` admits and `created` spans."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise not_valid("parameter_invalid_integer", "limit is from 1 to 100", "limit")
    for cursor in ("starting_after", "ending_before"):
        if cursor in params:
            peer.find(kind, params[cursor], cursor)
    rows = [item for item in reversed(peer.state.all(kind)) if keep(item)]
    if "created" in params:
        rows = [item for item in rows if _within(item["created"], params["created"])]
    return cut(rows, url, limit, params.get("starting_after"), params.get("ending_before"))


def cut(rows: list[Json], url: str, limit: int, after: str | None = None, before: str | None = None) -> Json:
    """The list object for one page of ready rows."""
    names = [item["id"] for item in rows]
    if after in names:
        rows = rows[names.index(after) + 1 :]
    elif before in names:
        rows = rows[: names.index(before)]
        return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": rows[-limit:]}
    return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": rows[:limit]}


def expanded(peer: Peer, answer: Json, paths: list[str]) -> Json:
    """A copy of the answer without notes, where each path (`data.source`, `latest_charge.refunds`) is an object."""
    copy: Json = shown(answer)
    for path in paths:
        if not _expand(peer, copy, path.split(".")):
            raise not_valid(None, f"This property cannot be expanded ({path}).", "expand")
    return copy


def _expand(peer: Peer, place: Any, names: list[str]) -> bool:
    if isinstance(place, list):
        return all(_expand(peer, one, names) for one in place)
    if not names or not isinstance(place, dict):
        return not names or place is None
    name, rest = names[0], names[1:]
    if name not in place:
        place[name] = _included(peer, place, name)
    elif isinstance(place[name], str):
        kind = next((kind for prefix, kind in KINDS.items() if place[name].startswith(prefix)), None)
        found = peer.state.find(kind, place[name]) if kind else None
        if found is None:
            return False
        place[name] = shown(found)
    return _expand(peer, place[name], rest) if place[name] is not None else True


def _included(peer: Peer, place: Json, name: str) -> Json:
    """Lists that an answer carries only when they are asked for."""
    identifier = place.get("id", "")
    if (place.get("object"), name) == ("charge", "refunds"):
        rows = [item for item in reversed(peer.state.all("refund")) if item["charge"] == identifier]
        return shown_list(cut(rows, f"/v1/charges/{identifier}/refunds", 10))
    if (place.get("object"), name) == ("checkout.session", "line_items"):
        rows = peer.find("checkout.session", identifier)["_items"]
        return shown_list(cut(rows, f"/v1/checkout/sessions/{identifier}/line_items", 10))
    raise not_valid(None, f"This property cannot be expanded ({name}).", "expand")


def shown_list(found: Json) -> Json:
    """The list without notes."""
    copy: Json = shown(found)
    return copy
