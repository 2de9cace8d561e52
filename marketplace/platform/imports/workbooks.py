"""Reading an XLSX workbook, after its archive was looked at: what would swell in memory never reaches the reader.

An XLSX is a ZIP of XML. A small file may declare, or hide, gigabytes (a bomb), or name one cell far away so that the
table between is a billion empty cells. So the archive's declared and actual sizes, and every cell's address, are
judged first, in a stream.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from marketplace.platform.core.words import N_

MOST_FILES = 300
MOST_UNPACKED = 48 * 1024 * 1024
CHUNK = 256 * 1024
OLE = b"\xd0\xcf\x11\xe0"

_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})(\d{1,10})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]{0,200}?\br\s*=\s*["'](\d{1,20})["']""")

BROKEN = N_("Tệp XLSX bị hỏng hoặc tải lên dở dang. Hãy mở lại, lưu rồi gửi lại.")
ENCRYPTED = N_("Tệp có mật khẩu hoặc ở dạng .xls cũ. Hãy bỏ mật khẩu và lưu thành XLSX.")
NOT_A_SHEET = N_("Đây không phải bảng tính. Hãy gửi tệp CSV (UTF-8) hoặc XLSX.")
SWELLS = N_("Tệp nén bung ra quá lớn nên không được mở.")
TOO_WIDE = N_("Bảng rộng quá %(columns)s cột hoặc dài quá %(most)s dòng.")


def read_workbook(content: bytes, *, most_rows: int, most_columns: int) -> Iterator[tuple[int, Sequence[str]]]:
    """The first sheet's rows with their numbers, every cell as text. Raises ValueError with a translatable sentence."""
    if content.startswith(OLE):
        raise ValueError(ENCRYPTED)
    try:
        _look_through(content, most_rows, most_columns)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, CalamineError) as error:
        raise ValueError(BROKEN) from error  # zipfile says NotImplementedError of a way of packing that it cannot read
    for number, cells in enumerate(rows, start=1):
        yield number, [_text(cell) for cell in cells]


def _look_through(content: bytes, most_rows: int, most_columns: int) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise ValueError(ENCRYPTED)
        if "xl/workbook.xml" not in archive.namelist():
            raise ValueError(NOT_A_SHEET)
        if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_UNPACKED:
            raise ValueError(SWELLS)
        left = MOST_UNPACKED
        for member in members:
            left = _unpack(archive, member, left, _Sheet(most_rows, most_columns))  # a sheet may lie anywhere


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, sheet: "_Sheet") -> int:
    """Stream one member through; answers how many bytes may still come."""
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ValueError(SWELLS)
            sheet.judge(chunk)
    return left


class _Sheet:
    """Every cell's address in one member of the archive, judged as the bytes pass."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self.most_rows, self.most_columns = most_rows, most_columns
        self.cells = 0
        self.tail = b""

    def judge(self, chunk: bytes) -> None:
        text = self.tail + chunk
        self.tail = text[-256:]
        self.cells += len(_CELL.findall(chunk))
        wide = any(
            _column(letters) > self.most_columns or int(row) > self.most_rows for letters, row in _ADDRESS.findall(text)
        )
        long = any(int(row) > self.most_rows for row in _ROW.findall(text))
        if wide or long or self.cells > self.most_rows * self.most_columns:
            raise ValueError(TOO_WIDE)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    """A cell as a person would type it: whole numbers without `.0`, dates as ISO."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
