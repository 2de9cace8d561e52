"""Months, and notes that a bank takes. Pure."""

import re
from datetime import date

from marketplace.platform.core.folding import fold


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def read_month(typed: str) -> date | None:
    """`2026-11` as the month's first day; None for anything else, and beyond the years 2000 to 2999."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", typed)
    return date(int(found.group(1)), int(found.group(2)), 1) if found and found.group(1)[0] == "2" else None


def bank_note(code: str, name: str) -> str:
    """What the producer's bank shows: letters and figures without marks, at most 50 signs."""
    return " ".join(re.sub(r"[^A-Z0-9 ]", " ", f"OCOP {code} {fold(name).upper()}").split())[:50]
