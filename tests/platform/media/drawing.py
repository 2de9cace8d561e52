"""Files that people send, made in memory: sound ones and hostile ones."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms


def photo(width: int = 800, height: int = 600, colour: str = "#C8351F") -> Image.Image:
    """A picture with a blue upper left quarter, by which turning and cutting are seen."""
    image = Image.new("RGB", (width, height), colour)
    image.paste("#2B4C8C", (0, 0, width // 2, height // 2))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The file of an image."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_place() -> bytes:
    """A photograph turned by its camera (orientation 6), with a GPS position, a comment and a profile."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 23.0, 45.0), 3: "E", 4: (103.0, 27.0, 30.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(photo(), exif=exif, icc_profile=profile, comment=b"SecretComment")


def png_header(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG that says to be this large and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"".join(chunk(*each) for each in chunks)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    )


def text_bomb() -> bytes:
    """A PNG whose text chunk swells to a hundred megabytes."""
    return png_header(600, 600, (b"zTXt", b"k\0\0" + zlib.compress(b"A" * 100_000_000)))


def animated(kind: str) -> bytes:
    """Two frames."""
    return saved(photo(400, 400), kind, save_all=True, append_images=[photo(400, 400, "#F1B52E")])


def hostile() -> dict[str, tuple[bytes, str]]:
    """Each file that is refused, with the beginning of its sentence."""
    sound = saved(photo())
    wrong = "Tệp này không phải ảnh"
    return {
        "empty": (b"", "Chọn một ảnh"),
        "heavy": (sound + b"\0" * (12 * 1024 * 1024), "Ảnh nặng quá"),
        "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 400, "Ảnh HEIC"),
        "gif": (saved(photo(), "GIF"), wrong),
        "gif that is a script too": (b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)", wrong),
        "tiff named jpg": (saved(photo(), "TIFF"), wrong),
        "bmp": (saved(photo(), "BMP"), wrong),
        "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", wrong),
        "pdf": (b"%PDF-1.7\n%script", wrong),
        "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", wrong),
        "html": (b"<html><script>alert(1)</script></html>", wrong),
        "truncated jpeg": (sound[: len(sound) // 2], "Ảnh bị hỏng"),
        "truncated png": (saved(photo(), "PNG")[:900], "Ảnh bị hỏng"),
        "truncated webp": (saved(photo(), "WEBP")[:300], "Ảnh bị hỏng"),
        "swelling text": (text_bomb(), "Ảnh bị hỏng"),
        "thirty thousand square": (png_header(30_000, 30_000), "Ảnh rộng quá mức"),
        "two thousand million wide": (png_header(2_000_000_000, 400), "Ảnh rộng quá mức"),
        "tiny": (saved(photo(319, 900)), "Ảnh nhỏ quá"),
        "animated png": (animated("PNG"), "Ảnh động"),
        "animated webp": (animated("WEBP"), "Ảnh động"),
        "animated avif": (animated("AVIF"), "Ảnh động"),
    }
