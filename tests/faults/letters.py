"""What a provider's webhooks bring in a storm: good letters, the same again, forged and too old ones, in any order."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tests.peers.stripe.webhooks import AGE, signature

DOOR = "/payments/stripe/webhook"
DUPLICATES, BAD = 0.4, 0.1  # of all deliveries


class Letter(NamedTuple):
    """A delivery: what it says, how it is signed (`good`, or one of FORGERIES), whether it was sent before."""

    body: bytes
    manner: str


def forge(body: bytes, manner: str, secret: str) -> tuple[bytes, str]:
    """Body and Stripe-Signature of a delivery, signed now as its manner wants."""
    at = int(time.time())
    if manner == "good":
        return body, signature(secret, at, body)
    if manner == "of someone else":
        return body, signature("whsec_of_someone_else", at, body)
    if manner == "old":
        return body, signature(secret, at - AGE, body)
    if manner == "changed":
        return body.replace(b'"evt_', b'"evt_x'), signature(secret, at, body)
    return body, ""


FORGERIES = ("of someone else", "old", "changed", "unsigned")


def storm(bodies: Sequence[bytes], *, claims: Sequence[bytes], seed: int) -> list[Letter]:
    """Twice as many deliveries as bodies: each at least once, two in five again, one in ten bad; shuffled.

    The bad ones repeat a body, or are `claims` that were never made by the provider.
    """
    dice, total = random.Random(seed), 2 * len(bodies)
    letters = [Letter(body, "good") for body in bodies]
    letters += [Letter(dice.choice(bodies), "good") for _ in range(round(total * DUPLICATES))]
    while len(letters) < total:
        letters.append(Letter(dice.choice([*bodies, *claims]), FORGERIES[len(letters) % len(FORGERIES)]))
    dice.shuffle(letters)
    return letters


def claim(body: bytes, event_id: str) -> bytes:
    """A body that nobody sent: the event of another, under a new name."""
    return json.dumps(json.loads(body) | {"id": event_id}).encode()


def send_all(letters: Sequence[Letter], *, port: int, secret: str, senders: int) -> "Counter[tuple[str, int]]":
    """Send them by so many senders at once; how often a manner was answered with a status."""
    came: Counter[tuple[str, int]] = Counter()
    lock, waiting = threading.Lock(), iter(letters)

    def send() -> None:
        while True:
            with lock:
                letter = next(waiting, None)
            if letter is None:
                return
            status = deliver(letter, port=port, secret=secret)
            with lock:
                came["good" if letter.manner == "good" else "bad", status] += 1

    threads = [threading.Thread(target=send) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def deliver(letter: Letter, *, port: int, secret: str) -> int:
    """One delivery over HTTP; its status."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body, header = forge(letter.body, letter.manner, secret)
    try:
        line.request("POST", DOOR, body, {"Content-Type": "application/json", "Stripe-Signature": header})
        return line.getresponse().status
    finally:
        line.close()
