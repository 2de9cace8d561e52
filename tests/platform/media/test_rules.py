"""The square, the sizes, the names."""

import pytest

from marketplace.platform.media.rules import Crop, jpeg_path, served_type, sizes_of, sizes_within, square

NAME = "0123456789abcdef0123456789abcdef-640"


@pytest.mark.parametrize(
    ("width", "height", "crop", "box"),
    [
        (800, 600, Crop(), (100, 0, 700, 600)),
        (600, 800, Crop(), (0, 100, 600, 700)),
        (800, 600, Crop(0, 0, 50), (0, 0, 300, 300)),
        (800, 600, Crop(100, 100, 50), (500, 300, 800, 600)),
        (800, 600, Crop(50, 50, 10), (370, 270, 430, 330)),
        (5, 5, Crop(50, 50, 1), (2, 2, 3, 3)),
    ],
)
def test_the_square(width: int, height: int, crop: Crop, box: tuple[int, int, int, int]) -> None:
    assert square(width, height, crop) == box


def test_the_sizes() -> None:
    assert [sizes_within(side) for side in (100, 320, 639, 640, 1279, 4000)] == [
        (320,),
        (320,),
        (320,),
        (320, 640),
        (320, 640),
        (320, 640, 1280),
    ]
    assert sizes_of(NAME) == (320, 640)
    assert jpeg_path(NAME) == f"/media/pictures/{NAME}/640.jpg"
    assert jpeg_path(NAME.replace("-640", "-320")).endswith("-320/320.jpg")


def test_what_is_served() -> None:
    assert served_type(f"pictures/{NAME}/640.avif") == "image/avif"
    assert served_type(f"pictures/{NAME}/whole.webp") == "image/webp"
    for path in (
        f"masters/{NAME}.webp",
        f"pictures/{NAME}/641.webp",
        f"pictures/{NAME}/640.svg",
        f"pictures/../pictures/{NAME}/640.webp",
        f"pictures/{NAME.upper()}/640.webp",
        f"pictures/{NAME}/640.webp/",
        "../config.py",
    ):
        assert served_type(path) is None, path
