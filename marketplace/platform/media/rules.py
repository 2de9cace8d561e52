"""The square that a picture is shown in, the sizes it is made in, and the names of its files: pure."""

import re
from dataclasses import dataclass

SIZES = (320, 640, 1280)
SMALLEST = SIZES[0]
ELSEWHERE = 640  # the one JPEG, for letters, feeds and other sites
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}

_SERVED = re.compile(r"pictures/[0-9a-f]{32}-(?:320|640|1280)/(?:320|640|1280|whole)\.(avif|webp|jpg)")


@dataclass(frozen=True)
class Crop:
    """The chosen square: its middle in percent of width and height, its side in percent of the shorter one."""

    x: int = 50
    y: int = 50
    size: int = 100


def square(width: int, height: int, crop: Crop) -> tuple[int, int, int, int]:
    """The box (left, top, right, bottom) in pixels; a square that would overhang is pushed inside."""
    side = max(1, min(width, height) * crop.size // 100)
    left = min(max(0, width * crop.x // 100 - side // 2), width - side)
    top = min(max(0, height * crop.y // 100 - side // 2), height - side)
    return left, top, left + side, top + side


def sizes_within(side: int) -> tuple[int, ...]:
    """The sizes a square of this side is made in: nothing is enlarged, the smallest is always made."""
    return tuple(size for size in SIZES if size <= side or size == SMALLEST)


def sizes_of(name: str) -> tuple[int, ...]:
    """The sizes that a picture of this name has: the name ends with the largest."""
    return sizes_within(int(name.rpartition("-")[2]))


def file_name(name: str, size: int | str, kind: str) -> str:
    """Where one file of a picture lies in the store; under `/media/` it is its address."""
    return f"pictures/{name}/{size}.{kind}"


def jpeg_path(name: str) -> str:
    """The address of the picture's JPEG, as a path of ours."""
    return f"/media/{file_name(name, min(ELSEWHERE, sizes_of(name)[-1]), 'jpg')}"


def master_name(name: str) -> str:
    """Where the picture is kept whole, for cutting it anew; never served."""
    return f"masters/{name}.webp"


def served_type(path: str) -> str | None:
    """The content type of a file that `/media/` may hand out; None for every other path."""
    found = _SERVED.fullmatch(path)
    return TYPES[found.group(1)] if found else None
