"""Passwords that attackers try first, told offline and in microseconds (data/README.md names the sources)."""

import re
import sys
from array import array
from bisect import bisect_left
from functools import cache
from hashlib import sha256
from pathlib import Path

from marketplace.platform.core.folding import fold

DATA = Path(__file__).parent / "data" / "common-passwords.bin"
SHORTEST_BASE = 5
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_ENDS = (re.compile(r"^[\W_]+|[\W_]+$"), re.compile(r"^[\W\d_]+|[\W\d_]+$"))  # marks; marks and figures


def is_common(password: str) -> bool:
    """Whether a password, or what it was made from by well-known tricks, is one that attackers try first."""
    return any(_listed(variant) for variant in variants(password))


def variants(password: str) -> set[str]:
    """What a password may have been made from: without marks, spaces, figures for letters, figures at its ends."""
    found = {fold(password)}
    found |= {"".join(each.split()) for each in found}
    found |= {each.translate(_LEET) for each in found}
    found |= {base for each in found for ends in _ENDS if len(base := ends.sub("", each)) >= SHORTEST_BASE}
    return found


def _listed(folded: str) -> bool:
    mark = int.from_bytes(sha256(folded.encode()).digest()[:4], "little")
    entries = _entries()
    place = bisect_left(entries, mark)
    return place < len(entries) and entries[place] == mark


@cache
def _entries() -> "array[int]":
    entries = array("I")
    entries.frombytes(DATA.read_bytes())
    if sys.byteorder == "big":  # the file is little-endian
        entries.byteswap()
    return entries
