"""A picture comes in: every hostile file is refused in words; what is taken carries nothing but its pixels."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from marketplace.platform.media.intake import BadPicture, cut_anew, forget, keep, take_in
from marketplace.platform.media.rules import Crop, file_name, master_name
from marketplace.platform.media.stores import FolderStore
from tests.platform.media.drawing import hostile, photo, saved, with_place

RED, BLUE = (200, 53, 31), (43, 76, 140)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def near(got: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(got, tuple)
    return all(abs(a - b) <= 12 for a, b in zip(got, wanted, strict=True))


@pytest.mark.parametrize("kind", list(hostile()))
def test_each_hostile_file_is_refused_in_words(kind: str) -> None:
    data, sentence = hostile()[kind]
    with pytest.raises(BadPicture) as refused:
        take_in(data)
    assert refused.value.fields["picture"].startswith(sentence)


def test_every_file_has_its_type_and_size() -> None:
    made = take_in(saved(photo(1600, 1400)))
    name = made.name
    assert name.endswith("-1280")
    expected = {master_name(name): ("WEBP", (1600, 1400)), file_name(name, "whole", "webp"): ("WEBP", (960, 840))}
    for size in (320, 640, 1280):
        expected[file_name(name, size, "avif")] = ("AVIF", (size, size))
        expected[file_name(name, size, "webp")] = ("WEBP", (size, size))
    expected[file_name(name, 640, "jpg")] = ("JPEG", (640, 640))
    assert {each: (opened(data).format, opened(data).size) for each, data in made.files.items()} == expected
    assert sum(len(data) for data in made.files.values()) < 60_000


def test_a_small_picture_is_not_enlarged() -> None:
    made = take_in(saved(photo(700, 500)))
    sizes = {opened(data).size for name, data in made.files.items() if "/whole." not in name and "master" not in name}
    assert (made.name[-4:], sizes) == ("-320", {(320, 320)})
    assert file_name(made.name, 320, "jpg") in made.files


def test_place_camera_comment_and_profile_are_gone_and_the_picture_stands_upright() -> None:
    sent = with_place()
    assert b"SecretPhone" in sent
    made = take_in(sent)
    assert (made.width, made.height) == (600, 800)
    for name, data in made.files.items():
        image = opened(data)
        assert not image.getexif(), name
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info), name
        for secret in (b"Secret", b"Exif", b"GPS", b"ICC_PROFILE"):
            assert secret not in data, name
    master = opened(made.files[master_name(made.name)])
    assert near(master.getpixel((550, 50)), BLUE), "turned clockwise, the blue quarter is at the upper right"
    assert near(master.getpixel((50, 50)), RED)


def test_the_chosen_square_is_cut() -> None:
    sent = saved(photo(1600, 800))
    made = take_in(sent, Crop(10, 10, 45))
    corner = opened(made.files[file_name(made.name, 320, "webp")])
    assert near(corner.getpixel((10, 10)), BLUE)
    assert near(corner.getpixel((310, 310)), BLUE)
    again = cut_anew(made.files[master_name(made.name)], Crop(90, 90, 45), source_digest=made.source_digest)
    corner = opened(again.files[file_name(again.name, 320, "webp")])
    assert near(corner.getpixel((310, 10)), RED)
    assert (again.name != made.name, again.source_digest) == (True, made.source_digest)
    with pytest.raises(BadPicture) as refused:
        take_in(sent, Crop(50, 50, 30))
    assert refused.value.fields["picture"].startswith("Khung cắt nhỏ quá")


def test_modes_of_print_and_science_become_plain_colours() -> None:
    cmyk = Image.new("CMYK", (400, 400), (0, 255, 255, 0))
    sixteen = Image.new("I;16", (400, 400), 32768)
    palette = photo(400, 400).quantize(8)
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    grey_clear = Image.new("LA", (400, 400), (0, 0))
    one_bit = Image.new("1", (400, 400), 1)
    for image, kind, wanted in (
        (cmyk, "JPEG", (255, 0, 0)),
        (sixteen, "PNG", (128, 128, 128)),
        (palette, "PNG", BLUE),
        (clear, "PNG", (255, 255, 255)),
        (grey_clear, "PNG", (255, 255, 255)),
        (one_bit, "PNG", (255, 255, 255)),
        (photo(400, 400), "AVIF", BLUE),
        (Image.new("L", (400, 400), 90), "JPEG", (90, 90, 90)),
    ):
        made = take_in(saved(image, kind))
        shown = opened(made.files[file_name(made.name, 320, "jpg")])
        assert (shown.mode, near(shown.getpixel((10, 10)), wanted)) == ("RGB", True), image.mode


def test_a_profile_that_does_not_fit_is_left_aside() -> None:
    made = take_in(saved(photo(400, 400), icc_profile=b"not a profile"))
    assert near(opened(made.files[file_name(made.name, 320, "webp")]).getpixel((10, 10)), BLUE)


def test_a_script_behind_a_picture_does_not_come_along() -> None:
    made = take_in(saved(photo()) + b"<script>alert(1)</script><?php system('id'); ?>")
    assert all(b"script" not in data and b"php" not in data for data in made.files.values())


def test_a_second_view_beside_a_still_picture_is_taken() -> None:
    made = take_in(saved(photo(), "MPO", save_all=True, append_images=[photo(800, 600, "#F1B52E")]))
    assert (made.width, made.height) == (800, 600)


def test_kept_and_forgotten_whole(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    made = take_in(saved(photo()))
    keep(made, store)
    assert all(store.get(name) == data for name, data in made.files.items())
    forget(made.name, store)
    forget(made.name, store)
    assert sorted(path.name for path in store.folder.rglob("*")) == ["masters", "pictures"]
