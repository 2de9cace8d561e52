"""Vietnamese text as people type it: with, without or with half of its marks."""

import re
import unicodedata

_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, directions, halves of signs: they hide what a name is
_STROKE = str.maketrans({"đ": "d", "Đ": "D"})


def nfc(text: str) -> str:
    """The one stored form of a text (Unicode NFC), outer spaces off, inner runs of space made one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def bare(text: str) -> str:
    """Without marks, đ as d; capitals stay: `Miến Đong` is `Mien Dong`."""
    decomposed = unicodedata.normalize("NFD", text.translate(_STROKE))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def fold(text: str) -> str:
    """Lower case without marks: `Miến Đong` and `mien dong` fold to the same."""
    return bare(text).casefold()


def slugify(text: str) -> str:
    """A readable address part: folded, words joined by hyphens, at most 80 characters; never empty."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return "-".join(words)[:80].strip("-") or "x"


def shown_file_name(sent: str, longest: int = 200) -> str:
    """What a file is called where it came from: no folders, nothing that does not show, its ending kept; never empty.

    A name with a NUL is kept by no PostgreSQL, one that turns the direction of writing reads as another kind of file.
    """
    base = sent.replace("\\", "/").rpartition("/")[2]
    name = nfc("".join(sign for sign in base if unicodedata.category(sign) not in _UNSHOWN)).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > longest and dot and len(ending) <= 8:
        return f"{stem[: longest - len(ending) - 1].rstrip()}.{ending}"
    return name[:longest] or "?"
