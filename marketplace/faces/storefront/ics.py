"""An appointment as a calendar file (RFC 5545). Pure."""

from datetime import UTC, datetime

LONGEST = 75  # octets of a line


def calendar_file(
    *,
    uid: str,
    sequence: int,
    stamp: datetime,
    starts: datetime,
    ends: datetime,
    summary: str,
    place: str,
    about: str = "",
    cancelled: bool = False,
) -> str:
    """One event, in UTC; the same `uid` with a higher `sequence` replaces it in a calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Cho Phien//Meetings//VI",
        "METHOD:CANCEL" if cancelled else "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(starts)}",
        f"DTEND:{_utc(ends)}",
        f"SUMMARY:{escaped(summary)}",
        f"LOCATION:{escaped(place)}",
        *([f"DESCRIPTION:{escaped(about)}"] if about else []),
        "STATUS:CANCELLED" if cancelled else "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    r"""A text value: backslash, semicolon and comma escaped, line ends as `\n`, other control letters gone."""
    for letter in "\\;,":
        text = text.replace(letter, f"\\{letter}")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in text if letter >= " ")


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, no letter parted, each but the first after a space."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LONGEST - bool(pieces):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
