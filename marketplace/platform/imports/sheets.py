"""Reading a CSV or XLSX file into rows by its header; what cannot be read is refused in words.

Slow, and given hostile files: called outside any write block.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.platform.imports.rules import Column, Row
from marketplace.platform.imports.workbooks import read_workbook

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 64
LONGEST_CELL = 5_000
LONGEST_HEADER = 16_384

Lines = Iterator[tuple[int, Sequence[str]]]  # the line of the file, and its cells


class Unreadable(Invalid):
    """The file cannot be read as a table of the columns asked for."""

    code = "unreadable_file"


def unreadable(sentence: str, **facts: object) -> Unreadable:
    """The refusal with this translatable sentence, told beside the field `file`."""
    return Unreadable({"file": sentence}, **facts)


def read_sheet(content: bytes, columns: Sequence[Column]) -> list[Row]:
    """The rows of a CSV or XLSX file, its empty lines left out. Raises Unreadable."""
    if not content.strip():
        raise unreadable(N_("Tệp trống."))
    if len(content) > MOST_BYTES:
        raise unreadable(N_("Tệp lớn quá: nhiều nhất %(most)s MB."), most=MOST_BYTES // 1024 // 1024)
    lines = (
        _workbook(content)
        if content[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
        else _csv(content, columns)
    )
    _, header = next(lines, (1, ()))
    names = _header(header, columns)
    rows = []
    for line, cells in lines:
        row = _row(line, cells, names)
        if row is not None and not _is_example(row, columns):
            rows.append(row)
        if len(rows) > MOST_ROWS:
            raise unreadable(N_("Tệp có nhiều hơn %(most)s dòng. Hãy chia thành nhiều tệp."), most=MOST_ROWS)
    if not rows:
        raise unreadable(N_("Tệp chỉ có dòng tiêu đề, chưa có dòng dữ liệu nào."))
    return rows


def _workbook(content: bytes) -> Lines:
    try:
        yield from read_workbook(content, most_rows=MOST_ROWS + 1, most_columns=MOST_COLUMNS)
    except ValueError as error:
        raise unreadable(str(error), most=MOST_ROWS, columns=MOST_COLUMNS) from error


def _csv(content: bytes, columns: Sequence[Column]) -> Lines:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    if len(first) > LONGEST_HEADER:
        raise unreadable(N_("Dòng tiêu đề dài quá hoặc có nhiều hơn %(columns)s cột."), columns=MOST_COLUMNS)
    known = {column.name for column in columns}
    delimiter = max(",;", key=lambda mark: len(known & {_name(cell) for cell in first.replace('"', "").split(mark)}))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(
            N_("Dòng %(line)s không đọc được: dấu ngoặc kép chưa đóng, hoặc tệp bị cắt cụt."), line=line
        ) from error


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise unreadable(N_("Tệp không ở bảng mã UTF-8. Khi lưu, hãy chọn “CSV UTF-8”."))
    if b"\0" in content:
        raise unreadable(N_("Đây không phải bảng tính. Hãy gửi tệp CSV (UTF-8) hoặc XLSX."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unreadable(N_("Tệp không ở bảng mã UTF-8. Khi lưu, hãy chọn “CSV UTF-8”.")) from error


def _name(cell: str) -> str:
    return nfc(cell).casefold()


def _header(cells: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The columns that the header names, in its order. Raises Unreadable where one is unknown, doubled or missing."""
    names = [_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = {column.name for column in columns}
    unknown = [name[:40] for name in names if name not in known]
    if len(names) > MOST_COLUMNS:
        raise unreadable(N_("Dòng tiêu đề dài quá hoặc có nhiều hơn %(columns)s cột."), columns=MOST_COLUMNS)
    if unknown:
        raise unreadable(
            N_("Cột lạ ở dòng tiêu đề: %(names)s. Các cột cần có: %(known)s."),
            names=", ".join(name or "–" for name in unknown[:10]),
            known=", ".join(column.name for column in columns),
        )
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise unreadable(N_("Cột ghi hai lần: %(names)s."), names=", ".join(doubled))
    missing = [column.name for column in columns if column.needed and column.name not in names]
    if missing:
        raise unreadable(N_("Thiếu cột: %(names)s."), names=", ".join(missing))
    return names


def _is_example(row: Row, columns: Sequence[Column]) -> bool:
    """Whether it is the template's row, left in by whoever filled the template in."""
    shown = {column.name: column.example for column in columns if column.example}
    return bool(shown) and all(row.cells.get(name) == example for name, example in shown.items())


def _row(line: int, cells: Sequence[str], names: Sequence[str]) -> Row | None:
    if not any(cell.strip() for cell in cells):
        return None
    if any(cell.strip() for cell in cells[len(names) :]):
        raise unreadable(N_("Dòng %(line)s có nhiều ô hơn dòng tiêu đề."), line=line)
    found = {}
    for name, cell in zip(names, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            raise unreadable(
                N_("Dòng %(line)s, cột %(name)s: ô dài quá %(most)s ký tự."), line=line, name=name, most=LONGEST_CELL
            )
        if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in cell):
            raise unreadable(
                N_("Dòng %(line)s, cột %(name)s: có ký tự điều khiển không in được."), line=line, name=name
            )
        found[name] = unicodedata.normalize("NFC", cell).strip()
    return Row(line, found)
