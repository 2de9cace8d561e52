"""The form that asks what somebody thinks of a fair: stars in words, what was chosen."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from marketplace.trade.fair_reports.models import LONGEST_WORDS

__all__ = ["LONGEST_WORDS", "OPTIONS", "rating_in"]

OPTIONS = (
    (5, _l("5 sao, rất hài lòng")),
    (4, _l("4 sao, hài lòng")),
    (3, _l("3 sao, tạm được")),
    (2, _l("2 sao, chưa hài lòng")),
    (1, _l("1 sao, rất không hài lòng")),
)


def rating_in(form: Mapping[str, str]) -> int:
    """How many stars were chosen; none where it cannot be read, which the service refuses."""
    typed = form.get("rating", "")
    return int(typed) if typed in ("1", "2", "3", "4", "5") else 0
