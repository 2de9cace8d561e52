"""A picture comes in: judged by what it is, decoded, freed of all it carries beside the image, made anew.

Slow by nature, so always done outside a write block. One picture at a time in a process: memory stays bounded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from secrets import token_hex
from threading import Lock

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.media.rules import (
    ELSEWHERE,
    SMALLEST,
    TYPES,
    Crop,
    file_name,
    master_name,
    sizes_within,
    square,
)
from marketplace.platform.media.stores import Store

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 64_000_000
MASTER_SIDE = 2400
WHOLE_SIDE = 960
QUALITY = {"avif": 58, "webp": 80, "jpg": 82}
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")

_one_at_a_time = Lock()
_srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
Image.MAX_IMAGE_PIXELS = None  # we judge the header ourselves, before a pixel is decoded: see _opened


class BadPicture(Invalid):
    """The file is not a picture that we take; the sentence beside the field says why."""

    code = "bad_picture"

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__({"picture": sentence}, **facts)


EMPTY = N_("Chọn một ảnh để gửi.")
TOO_LARGE = N_("Ảnh nặng quá 12 MB. Hãy gửi bản nhỏ hơn.")
HEIC = N_(
    "Ảnh HEIC của điện thoại chưa dùng được. Trong cài đặt máy ảnh chọn “Tương thích nhất”, hoặc lưu lại thành JPEG."
)
WRONG_TYPE = N_("Tệp này không phải ảnh JPEG, PNG, WebP hay AVIF.")
TOO_MANY_PIXELS = N_("Ảnh rộng quá mức: nhiều nhất 64 triệu điểm ảnh.")
BROKEN = N_("Ảnh bị hỏng hoặc bị cắt cụt. Hãy chụp hoặc lưu lại rồi gửi.")
ANIMATED = N_("Ảnh động chưa dùng được. Hãy gửi ảnh tĩnh.")
TOO_SMALL = N_("Ảnh nhỏ quá: mỗi cạnh cần ít nhất 320 điểm ảnh.")
CROP_TOO_SMALL = N_("Khung cắt nhỏ quá: chọn rộng hơn để ảnh còn rõ.")


@dataclass(frozen=True)
class Made:
    """A picture made ready: its files by name, not yet kept anywhere."""

    name: str
    source_digest: str  # of what was sent: the same file twice is known by it
    width: int
    height: int
    crop: Crop
    files: dict[str, bytes]


def take_in(data: bytes, crop: Crop = Crop()) -> Made:  # noqa: B008 - frozen
    """Judge, decode and make a picture from what somebody sent; raises BadPicture, keeps nothing."""
    _judge(data)
    with _one_at_a_time:
        image = _decoded(data)
        master = BytesIO()
        image.save(master, "WEBP", quality=90, method=2)
        return _made(image, master.getvalue(), crop, sha256(data).hexdigest())


def cut_anew(master: bytes, crop: Crop, *, source_digest: str) -> Made:
    """Make a kept picture again with another square, under a new name."""
    with _one_at_a_time, Image.open(BytesIO(master), formats=["WEBP"]) as image:
        return _made(image.convert("RGB"), master, crop, source_digest)


def flattened(data: bytes) -> bytes:
    """A photograph or scan upright, in sRGB, without metadata, as one JPEG; raises BadPicture, keeps nothing."""
    _judge(data)
    with _one_at_a_time:
        return _encoded(_decoded(data), "jpg")


def keep(made: Made, store: Store) -> None:
    """Put every file of a made picture into the store."""
    for name, data in made.files.items():
        store.put(name, data, content_type=TYPES[name.rpartition(".")[2]])


def renamed(name: str) -> str:
    """A name for a copy of a picture: files of its own, made of the same original in the same sizes."""
    return f"{name[:16]}{token_hex(8)}-{name.rpartition('-')[2]}"


def copy(name: str, to: str, store: Store) -> None:
    """Put every file of a picture into the store once more, under the name `to`."""
    files = [(master_name(name), master_name(to))]
    files.append((file_name(name, "whole", "webp"), file_name(to, "whole", "webp")))
    sizes = sizes_within(int(name.rpartition("-")[2]))
    kinds = [(size, kind) for size in sizes for kind in ("avif", "webp")] + [(min(ELSEWHERE, sizes[-1]), "jpg")]
    files += [(file_name(name, size, kind), file_name(to, size, kind)) for size, kind in kinds]
    for old, new in files:
        store.put(new, store.get(old), content_type=TYPES[new.rpartition(".")[2]])


def forget(name: str, store: Store) -> None:
    """Take every file of a picture out of the store; once more is no error."""
    for size in sizes_within(int(name.rpartition("-")[2])):
        for kind in TYPES:
            store.delete(file_name(name, size, kind))
    store.delete(file_name(name, "whole", "webp"))
    store.delete(master_name(name))


def _judge(data: bytes) -> None:
    if not data:
        raise BadPicture(EMPTY)
    if len(data) > MOST_BYTES:
        raise BadPicture(TOO_LARGE)
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS and b"avif" not in data[8:64]:
        raise BadPicture(HEIC)


@contextmanager
def _soundly() -> Iterator[None]:
    """Whatever a decoder stumbles over, the file is what is wrong, not we."""
    try:
        yield
    except BadPicture:
        raise
    except UnidentifiedImageError as error:
        raise BadPicture(WRONG_TYPE) from error
    except Exception as error:
        raise BadPicture(BROKEN) from error


def _decoded(data: bytes) -> Image.Image:
    """The image upright, in sRGB, on white, at most MASTER_SIDE long: pixels and nothing else."""
    with _soundly(), Image.open(BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise BadPicture(TOO_MANY_PIXELS)
        if min(image.size) < SMALLEST:
            raise BadPicture(TOO_SMALL)
        if image.format != "MPO" and getattr(image, "is_animated", False):
            raise BadPicture(ANIMATED)  # an MPO is how phones keep a second view beside a still picture
        image.draft("RGB", (MASTER_SIDE, MASTER_SIDE))
        profile = image.info.get("icc_profile")
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS)
        flat = _in_srgb(_eight_bit(upright), profile)
        return Image.frombytes("RGB", flat.size, flat.tobytes())


def _eight_bit(image: Image.Image) -> Image.Image:
    """Modes that a profile can speak of: L, RGB, RGBA, CMYK. Sixteen bits become eight, palettes their colours."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("P", "PA", "LA", "La", "RGBa"):
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The image in sRGB without transparency: what shines through is white paper."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    if profile:
        try:
            read = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, read, _srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a profile that does not fit is worth nothing: the plain colours are
        colours = converted or colours
    colours = colours.convert("RGB")
    if alpha:
        paper = Image.new("RGB", colours.size, "white")
        paper.paste(colours, mask=alpha)
        return paper
    return colours


def _made(image: Image.Image, master: bytes, crop: Crop, source_digest: str) -> Made:
    box = square(*image.size, crop)
    side = box[2] - box[0]
    if side < SMALLEST:
        raise BadPicture(CROP_TOO_SMALL)
    sizes = sizes_within(side)
    name = f"{sha256(master).hexdigest()[:16]}{token_hex(8)}-{sizes[-1]}"  # of its own: no two pictures share files
    files = {master_name(name): master, file_name(name, "whole", "webp"): _whole(image)}
    for size in sizes:
        small = image.resize((size, size), Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
        files[file_name(name, size, "avif")] = _encoded(small, "avif")
        files[file_name(name, size, "webp")] = _encoded(small, "webp")
        if size == min(ELSEWHERE, sizes[-1]):
            files[file_name(name, size, "jpg")] = _encoded(small, "jpg")
    return Made(name, source_digest, image.width, image.height, crop, files)


def _whole(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((WHOLE_SIDE, WHOLE_SIDE), Image.Resampling.LANCZOS)
    return _encoded(small, "webp")


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    if kind == "avif":
        image.save(out, "AVIF", quality=QUALITY[kind], speed=8, max_threads=1)
    elif kind == "webp":
        image.save(out, "WEBP", quality=QUALITY[kind], method=3)
    else:
        image.save(out, "JPEG", quality=QUALITY[kind], optimize=True, progressive=True)
    return out.getvalue()
