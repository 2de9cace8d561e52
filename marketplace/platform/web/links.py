"""Where a page may send a reader next: our own pages only."""

import re

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def safe_target(target: str | None, otherwise: str = "/") -> str:
    """`target` where it is a path of ours, else `otherwise`.

    Refused: other hosts, `//host`, backslashes, control characters, schemes (open redirects, OWASP ASVS 3.7.2).
    """
    return target if target and _OWN_PATH.fullmatch(target) else otherwise
