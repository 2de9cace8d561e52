"""Vietnamese text as people type it: with, without or with half of its marks."""

import re
import unicodedata

_STROKE = str.maketrans({"đ": "d", "Đ": "D"})


def nfc(text: str) -> str:
    """The one stored form of a text (Unicode NFC), outer spaces off, inner runs of space made one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Lower case without marks, đ as d: `Miến Đong` and `mien dong` fold to the same."""
    decomposed = unicodedata.normalize("NFD", text.translate(_STROKE))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).casefold()


def slugify(text: str) -> str:
    """A readable address part: folded, words joined by hyphens, at most 80 characters; never empty."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return "-".join(words)[:80].strip("-") or "x"
