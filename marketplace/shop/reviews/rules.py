"""When a review may be written, how its writer is named, what its words give away, what many come to: pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_

OPEN_DAYS = 90  # after delivery, that day not counted
ASK_AFTER = timedelta(days=7)
ASK_WITHIN = timedelta(days=30)  # what was delivered longer ago is not asked about any more
MOST_WORDS, MOST_REPLY, MOST_REMARK, MOST_REPORT = 1000, 600, 500, 300
TENTH = Decimal("0.1")
UNSHOWN = frozenset({"Cc", "Cs"})
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they show words in another order than they stand

ENDINGS = "com|vn|net|org|info|biz|shop|store|xyz|online|site|io|me|ly|gl|link|page|app|top|club|asia"
SIGNS = {  # what gives the reader a way past the market
    "mail": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "link": re.compile(rf"https?://|\bwww\.|(?<![@\w])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:{ENDINGS})\b", re.IGNORECASE),
    "phone": re.compile(r"(?<![\d.,])(?:\+?84|0)(?:[ .()-]*\d){8,10}(?!\d)"),
}


@dataclass(frozen=True)
class Totals:
    """How many published reviews gave one, two, three, four, five stars."""

    counts: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def count(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> Decimal | None:
        """To one decimal, halves up; None where there is no review."""
        if not self.count:
            return None
        worth = sum(stars * n for stars, n in enumerate(self.counts, start=1))
        return (Decimal(worth) / self.count).quantize(TENTH, ROUND_HALF_UP)

    @property
    def rows(self) -> list[tuple[int, int, int]]:
        """(stars, how many, their share in whole per cent), five stars first."""
        return [(stars, n, round(100 * n / (self.count or 1))) for stars, n in reversed([*enumerate(self.counts, 1)])]


def last_day(delivered_at: datetime) -> date:
    """The last day on which what came then may be reviewed, in Vietnam."""
    return day_of(delivered_at) + timedelta(days=OPEN_DAYS)


def short_name(name: str) -> str:
    """`An N.` of Nguyễn Thị An: the given name, which comes last, and the family's first letter.

    Nothing where it is no name: somebody may have called themselves by a telephone number or an address.
    """
    parts = name.split()
    if not parts or not all(part.replace("'", "").replace("-", "").isalpha() for part in parts):
        return ""
    given = parts[-1][:40]
    return f"{given} {parts[0][0].upper()}." if len(parts) > 1 else given


def signs_in(words: str) -> list[str]:
    """Which of `link`, `phone`, `mail` the words give: what an officer looks at first."""
    bare = SIGNS["mail"].sub(" ", words)
    return [kind for kind in ("link", "phone", "mail") if SIGNS[kind].search(words if kind == "mail" else bare)]


def read_text(field: str, typed: str, longest: int, *, needed: bool = False) -> str:
    """What was typed over several lines as it is kept: composed, without outer space and signs that turn it around.

    Raises Invalid on the field where it is too long, holds what cannot be shown, or is `needed` and empty.
    """
    text = unicodedata.normalize("NFC", TURNING.sub("", typed).replace("\r\n", "\n")).replace("\r", "\n").strip()
    if any(unicodedata.category(sign) in UNSHOWN and sign not in "\n\t" for sign in text):
        raise Invalid({field: N_("Có ký tự không hiện được. Hãy gõ lại.")})
    if len(text) > longest:
        raise Invalid({field: N_("Viết ngắn hơn: nhiều nhất %(longest)d ký tự.")}, longest=longest)
    if needed and not text:
        raise Invalid({field: N_("Viết vài lời để bên kia hiểu.")})
    return text
