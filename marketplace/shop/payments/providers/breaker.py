"""Keeping the shop quick while a provider is not: few calls at a time, and none while it is known not to answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from marketplace.shop.payments.providers.interface import ProviderDown


class Breaker:
    """After `most` failures in a row nobody is sent to the provider for `rest` seconds; then one call tries.

    Never more than `at_once` calls of a process are under way: a provider that hangs keeps so many threads waiting,
    and the pages have the others. Who finds no place within `patience` seconds is told that it is not reached.
    """

    def __init__(self, *, most: int = 3, rest: float = 30, at_once: int = 4, patience: float = 0.5) -> None:
        self.most, self.rest, self.patience = most, rest, patience
        self.failures, self.open_until = 0, 0.0
        self._places = BoundedSemaphore(at_once)

    @property
    def shut(self) -> bool:
        """Whether calls go through."""
        return time.monotonic() >= self.open_until

    @contextmanager
    def call(self) -> Iterator[None]:
        """One call to the provider; ProviderDown at once where it rests, or where too many wait for it already."""
        self._admit()
        if not self._places.acquire(timeout=self.patience):
            raise ProviderDown("too many calls are under way")
        try:
            yield
        finally:
            self._places.release()

    def failed(self) -> None:
        """It did not answer, or could not."""
        self.failures += 1
        if self.failures >= self.most:
            self.open_until = time.monotonic() + self.rest

    def worked(self) -> None:
        """It answered."""
        self.failures, self.open_until = 0, 0

    def _admit(self) -> None:
        if not self.shut:
            raise ProviderDown("it has not answered, and rests")
        if self.failures >= self.most:  # this call tries; the others are not sent after it before it is back
            self.open_until = time.monotonic() + self.rest
