"""Appointments as calendar files (RFC 5545). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75  # octets of a line


@dataclass(frozen=True)
class Event:
    """One entry; a calendar knows it again by `uid`, and takes the one with the higher `sequence`."""

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    place: str
    about: str = ""
    sequence: int = 0
    tentative: bool = False  # not settled yet


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
    tentative: bool = False,
) -> str:
    """One event, in UTC; the same `uid` with a higher `sequence` replaces it in a calendar."""
    event = Event(uid, starts, ends, summary, place, about, sequence, tentative)
    return calendar_of([event], stamp=stamp, cancelled=cancelled)


def calendar_of(events: Sequence[Event], *, stamp: datetime, cancelled: bool = False) -> str:
    """A calendar of these events, in UTC; `cancelled`: none of them takes place."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Cho Phien//Meetings//VI",
        "METHOD:CANCEL" if cancelled else "METHOD:PUBLISH",
        *(line for event in events for line in _entry(event, stamp, cancelled)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _entry(event: Event, stamp: datetime, cancelled: bool) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(event.starts)}",
        f"DTEND:{_utc(event.ends)}",
        f"SUMMARY:{escaped(event.summary)}",
        f"LOCATION:{escaped(event.place)}",
        *([f"DESCRIPTION:{escaped(event.about)}"] if event.about else []),
        "STATUS:CANCELLED" if cancelled else "STATUS:TENTATIVE" if event.tentative else "STATUS:CONFIRMED",
        "END:VEVENT",
    ]


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
