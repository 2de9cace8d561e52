"""Which dates may be asked for: pure."""

from datetime import date, timedelta

from marketplace.platform.core.words import N_

MOST_DAYS = 14
HORIZON = timedelta(days=550)
MOST_PEOPLE = 500

PAST = N_("Chọn ngày từ hôm nay trở đi.")
TOO_FAR = N_("Chỉ đặt trước được khoảng 18 tháng.")
REVERSED = N_("Ngày cuối phải từ ngày đến trở đi.")
TOO_LONG = N_("Mỗi lần đặt nhiều nhất 14 ngày.")


def trouble_with(first: date, last: date, *, today: date) -> tuple[str, str] | None:
    """What is wrong with these days (both included): the field and its sentence; None where nothing is."""
    if first < today:
        return "starts_on", PAST
    if first > today + HORIZON:
        return "starts_on", TOO_FAR
    if last < first:
        return "ends_on", REVERSED
    if (last - first).days >= MOST_DAYS:
        return "ends_on", TOO_LONG
    return None


def days_of(first: date, last: date) -> list[date]:
    """Every day from the first through the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
