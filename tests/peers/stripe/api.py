"""One call of the API from its headers to its answer: key of the account, faults, idempotency, the verb."""

from dataclasses import dataclass, field

from tests.peers.stripe import catalogue, money, sessions
from tests.peers.stripe.errors import ApiError, broken
from tests.peers.stripe.faults import Fault, Faults
from tests.peers.stripe.idempotency import Keys
from tests.peers.stripe.objects import API_VERSION
from tests.peers.stripe.params import nested, read
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json

Pairs = list[tuple[str, str]]


@dataclass
class Answer:
    """What goes back, unless `cut`: then the connection ends instead."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True)
class Asked:
    """What came in."""

    method: str
    path: str
    pairs: Pairs
    authorization: str
    version: str | None
    key: str | None

    @property
    def call(self) -> str:
        """The call as keys know it."""
        return f"{self.method} {self.path}"

    @property
    def sent(self) -> Json:
        """The parameters as keys know them."""
        return {"sent": sorted([list(pair) for pair in self.pairs])}


class Api:
    """The `/v1` of the peer."""

    def __init__(self, peer: Peer, faults: Faults) -> None:
        self._peer, self._faults = peer, faults
        self._keys = Keys(peer)

    def answer(self, asked: Asked) -> Answer:
        """The answer with Stripe's headers."""
        with self._peer.state.change():
            number = self._peer.new_id("req")
        try:
            self._admit(asked)
            answer = self._with_faults(asked, number)
        except ApiError as error:
            answer = Answer(error.status, error.body)
        answer.headers = {"Request-Id": number, "Stripe-Version": API_VERSION, **answer.headers}
        if asked.key:
            answer.headers["Idempotency-Key"] = asked.key
        if answer.status == 500:
            answer.headers["Stripe-Should-Retry"] = "false"
        return answer

    def _admit(self, asked: Asked) -> None:
        scheme, _, key = asked.authorization.partition(" ")
        if scheme != "Bearer" or not key:
            raise ApiError(401, None, "You did not provide an API key.")
        if key != self._peer.terms.key:
            raise ApiError(401, "api_key_invalid", f"Invalid API Key provided: {key[:7]}****")
        if asked.version not in (None, API_VERSION):
            raise ApiError(400, None, f"This peer speaks only the API version {API_VERSION}.")

    def _with_faults(self, asked: Asked, number: str) -> Answer:
        fault = self._faults.take(asked.method, asked.path)
        kind, seconds = (fault.kind, fault.seconds) if fault else ("", 0.0)
        if kind == "rate_limited":
            said = ApiError(429, "rate_limit", "Too many requests (asked for by a fault).")
            return Answer(429, said.body, {"Retry-After": f"{seconds:g}"})
        if kind == "unavailable":
            return Answer(503, broken().body)
        if kind in ("reset_before", "hang"):
            self._faults.wait(seconds if kind == "hang" else 0)
            return Answer(503, broken().body, cut=True)
        answer = self._once(asked, number, fault)
        if kind in ("reset_after", "hang_after"):
            self._faults.wait(seconds if kind == "hang_after" else 0)
            answer.cut = True
        return answer

    def _once(self, asked: Asked, number: str, fault: Fault | None) -> Answer:
        if asked.method != "POST" or not asked.key:
            return self._run(asked, number, fault, None)
        kept = self._keys.begin(asked.key, asked.call, asked.sent)
        if kept:
            headers = {"Idempotent-Replayed": "true", "Original-Request": kept["request"]}
            return Answer(kept["status"], kept["body"], headers)
        try:
            return self._run(asked, number, fault, asked.key)
        finally:
            self._keys.end(asked.key)

    def _run(self, asked: Asked, number: str, fault: Fault | None, key: str | None) -> Answer:
        if fault and fault.kind == "slow":
            self._faults.wait(fault.seconds)
        with self._peer.state.change():
            self._peer.request = {"id": number, "idempotency_key": key}
            try:
                answer, begun = Answer(200, self._do(asked, fault)), True
            except ApiError as error:
                answer, begun = Answer(error.status, error.body), error.begun
            if key and begun:
                self._keys.remember(key, asked.call, asked.sent, status=answer.status, body=answer.body, request=number)
        return answer

    def _do(self, asked: Asked, fault: Fault | None) -> Json:
        sweep(self._peer)
        found = catalogue.route(asked.method, asked.path)
        if found is None:
            raise ApiError(404, None, f"Unrecognized request URL ({asked.method}: {asked.path}).")
        call, names = found
        params = read(call.fields, nested(asked.pairs))
        if fault and fault.kind == "error_before":
            raise broken()
        body = catalogue.run(self._peer, call, names, params)
        if fault and fault.kind == "error_after":
            raise broken()
        return body


def sweep(peer: Peer) -> None:
    """What time alone does, looked at once a second: sessions expire, charges become available."""
    with peer.state.change():
        if peer.meta.get("swept") != peer.now():
            peer.note(swept=peer.now())
            sessions.sweep(peer)
            money.settle(peer)
