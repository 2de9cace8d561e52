"""What an Idempotency-Key remembers: the first answer, for a day."""

from tests.peers.stripe.errors import ApiError
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json

DAY = 86_400
LONGEST = 255


class Keys:
    """Answers by key, and the keys of calls under way (those are forgotten when the peer dies)."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._under_way: set[str] = set()

    def begin(self, key: str, call: str, params: Json) -> Json | None:
        """The answer to repeat, or None: then the call is under way until `end`.

        Errors: 400 idempotency_error for another call or other parameters, 409 while the first is still under way.
        """
        if len(key) > LONGEST:
            raise ApiError(400, None, f"Idempotency keys have at most {LONGEST} characters.", kind="idempotency_error")
        with self._peer.state.lock:
            kept = self._peer.state.find("key", key)
            if kept and self._peer.now() - kept["created"] < DAY:
                if (kept["call"], kept["params"]) != (call, params):
                    raise ApiError(
                        400,
                        None,
                        "Keys for idempotent requests can only be used with the same parameters they were first used "
                        f"with. Try using a key other than '{key}' if you meant to execute a different request.",
                        kind="idempotency_error",
                    )
                return kept
            if key in self._under_way:
                raise ApiError(
                    409,
                    "idempotency_key_in_use",
                    f"There is currently another in-progress request using this Idempotency-Key: {key}.",
                    kind="idempotency_error",
                )
            self._under_way.add(key)
            return None

    def remember(self, key: str, call: str, params: Json, *, status: int, body: Json, request: str) -> None:
        """Keep the answer, in the same change as what the call did."""
        known = {"id": key, "created": self._peer.now(), "call": call, "params": params}
        self._peer.state.drop("key", key)
        self._peer.state.put("key", {**known, "status": status, "body": body, "request": request})

    def end(self, key: str) -> None:
        """The call is over."""
        with self._peer.state.lock:
            self._under_way.discard(key)
