"""Builds marketplace/people/accounts/data/common-passwords.bin from public lists of leaked and common passwords.

    pip download --no-deps zxcvbn==4.5.0 django==5.2.19 && npm pack @zxcvbn-ts/language-common@4.1.3
    python docs/data/build_common_passwords.py FOLDER-WITH-THE-THREE-ARCHIVES

Run once, its result committed: the application never asks the network about a password. Each entry is the first
four bytes of the SHA-256 of the folded password, little-endian, ascending: a list that fits in memory, is searched
by halving, and tells nobody a password. With n entries a password that is on no list is refused by chance once in
2^32 / n looks.
"""

import ast
import gzip
import json
import re
import sys
import tarfile
import zipfile
from array import array
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from marketplace.platform.core.folding import fold

TARGET = Path(__file__).resolve().parents[2] / "marketplace/people/accounts/data/common-passwords.bin"
SHORTEST = 5  # shorter ones are refused for their length, and would catch too much as a part of others
# what people here choose, beside the world's
PEOPLE = (
    "an", "anh", "bao", "binh", "chau", "chi", "cuong", "dat", "dung", "duc", "duy", "duyen", "giang", "ha", "hai",
    "hang", "hanh", "hien", "hieu", "hoa", "hoang", "hong", "hung", "huong", "huy", "khanh", "khoa", "lan", "linh",
    "loan", "long", "mai", "minh", "my", "nam", "nga", "ngan", "ngoc", "nguyen", "nhi", "nhung", "oanh", "phong",
    "phuc", "phuong", "quan", "quang", "quyen", "quynh", "son", "tam", "tan", "thang", "thanh", "thao", "thinh", "thu",
    "thuy", "tien", "trang", "trung", "tu", "tuan", "tung", "tuyen", "van", "viet", "vinh", "vy", "xuan", "yen",
)  # fmt: skip
WORDS = (
    "matkhau", "matkhaumoi", "khongbiet", "khongcho", "khongco", "khongnho", "anhyeuem", "emyeuanh", "yeuanh", "yeuem",
    "yeumai", "yeunhau", "toiyeuban", "toiyeuem", "iloveyou", "vietnam", "saigon", "hanoi", "danang", "laichau",
    "tamduong", "sintho", "phongtho", "thanuyen", "tanuyen", "muongte", "hochiminh", "taolaso", "taolatao",
    "conheoxinh",
    "congchua", "hoangtu", "giadinh", "bome", "bomeoi", "meyeucon", "chayeucon", "hanhphuc", "maimai", "tinhyeu",
    "motminh", "mothaiba", "mothaibabon", "hoilamgi", "khonghieu", "nhungoc", "honghoa", "hoahong", "cafesua", "trada",
    "phobo", "bunbo", "miendong", "matong", "ocop", "chophien", "dangnhap", "taikhoan", "nguoidung", "quantri", "admin",
    "vietcombank", "agribank", "vinamilk", "zalo", "facebook", "thaobeo", "doraemon",
)  # fmt: skip


def read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None, f"{member.name} is no file"
    return file.read()


def zxcvbn(folder: Path) -> Iterator[str]:
    with tarfile.open(next(folder.glob("zxcvbn-4*.tar.gz"))) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith("zxcvbn/frequency_lists.py"))
        text = read(archive, member).decode()
    yield from ast.literal_eval(re.findall(r'"passwords": (".*")\.split', text)[0]).split(",")


def django(folder: Path) -> Iterator[str]:
    with zipfile.ZipFile(next(folder.glob("django-*.whl"))) as archive:
        yield from gzip.decompress(archive.read("django/contrib/auth/common-passwords.txt.gz")).decode().split()


def zxcvbn_ts(folder: Path) -> Iterator[str]:
    with tarfile.open(next(folder.glob("zxcvbn-ts-language-common-*.tgz"))) as archive:
        for member in archive.getmembers():
            if re.search(r"passwords[^/]*\.json$", member.name):
                yield from json.loads(read(archive, member))


def ours() -> Iterator[str]:
    numbers = ("", "1", "12", "123", "1234", "12345", "123456", "1989", "1990", "1995", "1999", "2000", "2010", "2025")
    for name in PEOPLE:
        for number in numbers:
            yield f"{name}{number}"
        yield from (f"{name}{name}", f"yeu{name}", f"{name}yeu", f"{name}dep", f"{name}xinh", f"{name}cute")
        yield from (f"{name}{day:02}{month:02}" for day in range(1, 32) for month in range(1, 13))
    yield from WORDS
    yield from (f"{year}" * 2 for year in range(1950, 2031))
    days = [f"{day:02}{month:02}" for month in range(1, 13) for day in range(1, 32)]
    yield from (f"{day}{year}" for year in range(1960, 2013) for day in days)
    yield from (f"{year}{day[2:]}{day[:2]}" for year in range(1960, 2013) for day in days)


def main(folder: Path) -> None:
    counts = {}
    kept: set[int] = set()
    for source in (zxcvbn, django, zxcvbn_ts):
        words = {fold(word) for word in source(folder)}
        counts[source.__name__] = len(words)
        kept |= {mark(word) for word in words if len(word) >= SHORTEST}
    kept |= {mark(word) for word in map(fold, ours()) if len(word) >= SHORTEST}
    entries = array("I", sorted(kept))
    if sys.byteorder == "big":
        entries.byteswap()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(entries.tobytes())
    print(counts, "in all", len(entries), "entries,", TARGET.stat().st_size, "bytes")


def mark(folded: str) -> int:
    return int.from_bytes(sha256(folded.encode()).digest()[:4], "little")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
