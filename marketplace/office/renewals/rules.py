"""When a producer is told that a certificate will lapse. Pure."""

from datetime import date

NOTICE_DAYS = (30, 90, 180)


def notice_due(expires_on: date, on: date) -> int | None:
    """Which notice stands on the day: the nearest of 30, 90, 180 days that is reached; None before, and once it lapsed.

    Who was not told in time, because the worker stood still or the certificate was entered late, is told the next one.
    """
    left = (expires_on - on).days
    return next((days for days in NOTICE_DAYS if 0 <= left <= days), None)
