"""Starting the peer from a test and telling it what came."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from config import ROOT
from tests.peers.bank_feed.__main__ import TOKEN


@dataclass
class BankFeedPeer:
    """A running peer."""

    url: str
    token: str = TOKEN

    def came(self, note: str, amount: int, *, account: str, reference: str = "", **changes: Any) -> int:
        """Something came to, or with `amount_out` went from, an account; answers its number."""
        row = {"account_number": account, "amount_in": f"{amount}.00", "amount_out": "0.00", "accumulated": "1.00"}
        row |= {"transaction_date": "2026-11-23 12:00:00", "transaction_content": note}
        row |= {"reference_number": reference or None, "bank_brand_name": "MBBank"} | changes
        return int(self._tell("/control/came", json=row)["id"])

    def reset(self) -> None:
        """Forget everything."""
        self._tell("/control/reset")

    def down(self, times: int) -> None:
        """Answer the next requests with 503."""
        self._tell(f"/control/down/{times}")

    def _tell(self, path: str, **what: Any) -> dict[str, Any]:
        answer = requests.post(self.url + path, timeout=5, **what)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def bank_feed_peer() -> Iterator[BankFeedPeer]:
    """A peer in its own process, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.peers.bank_feed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield BankFeedPeer(process.stdout.readline().strip())
    finally:
        process.kill()
        process.communicate()
