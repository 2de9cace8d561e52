"""Files read into rows, and hostile ones refused in words, before they can swell."""

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import pytest
import xlsxwriter

from marketplace.platform.imports.rules import Column, Row, template
from marketplace.platform.imports.sheets import Unreadable, read_sheet
from marketplace.platform.imports.workbooks import _Sheet, _unpack

COLUMNS = (Column("name"), Column("day"), Column("note", needed=False))
SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these cells."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for i, cells in enumerate(rows):
        for j, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(i, j, cell, days)
            else:
                sheet.write(i, j, cell)
    book.close()
    return held.getvalue()


GOOD = workbook([["name", "day"], ["Miến", date(2026, 3, 2)]])


def repacked(changes: dict[str, bytes], *, drop: str = "") -> bytes:
    """The good workbook with some members of its archive replaced or added."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes and name != drop:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return held.getvalue()


def with_sheet(cells: bytes) -> bytes:
    return repacked({"xl/worksheets/sheet1.xml": SHEET + cells + END})


def lying(content: bytes) -> bytes:
    """The last member says that it unpacks to a thousand bytes."""
    raw = bytearray(content)
    central, local = raw.rfind(b"PK\x01\x02"), raw.rfind(b"PK\x03\x04")
    raw[central + 24 : central + 28] = raw[local + 22 : local + 26] = struct.pack("<I", 1000)
    return bytes(raw)


def encrypted(content: bytes) -> bytes:
    """The first member says that it has a password."""
    raw = bytearray(content)
    raw[raw.find(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


@pytest.mark.parametrize(
    "content",
    [
        "name,day\r\nMiến,2026-03-02\r\n".encode(),
        "name;day\nMiến;2026-03-02".encode("utf-8-sig"),
        " Name ,DAY,note\n\nMiến,2026-03-02,\n".encode(),
        "day,name\n2026-03-02,Mie\u0302\u0301n\n".encode(),
        '"name","day"\n"Miến",2026-03-02\n'.encode(),
        "name,day,,\nMiến,2026-03-02,,\n".encode(),
        GOOD,
    ],
)
def test_what_spreadsheets_write_is_read(content: bytes) -> None:
    assert [dict(row.cells, note="") for row in read_sheet(content, COLUMNS)] == [
        {"name": "Miến", "day": "2026-03-02", "note": ""}
    ]


def test_lines_are_the_files_own() -> None:
    content = 'name,day,note\n"hai\ndòng",1,x\n\nsau,2\n'.encode()
    assert read_sheet(content, COLUMNS) == [
        Row(2, {"name": "hai\ndòng", "day": "1", "note": "x"}),
        Row(5, {"name": "sau", "day": "2"}),
    ]
    book = workbook([["name", "day"], ["a", 1], [None, None], ["b", 2]])
    assert [row.line for row in read_sheet(book, COLUMNS)] == [2, 4]


def test_cells_read_as_a_person_would_type_them() -> None:
    book = workbook(
        [
            ["name", "day", "note"],
            [4, 78.5, True],
            ["03390", datetime.fromisoformat("2026-03-02T08:30"), "=1+1"],
        ]
    )
    first, second = read_sheet(book, COLUMNS)
    assert first.cells == {"name": "4", "day": "78.5", "note": "TRUE"}
    assert (second.cells["name"], second.cells["day"]) == ("03390", "2026-03-02")


A_MILLION = 10**6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp trống"),
        (b"  \n ", "Tệp trống"),
        (b"name,day\n", "chỉ có dòng tiêu đề"),
        (b"name,day\n,\n", "chỉ có dòng tiêu đề"),
        (b"name,day,colour\na,b,c\n", "Cột lạ"),
        (b"name,,day\na,b,c\n", "Cột lạ"),
        (b"name,day,name\na,b,c\n", "Cột ghi hai lần"),
        (b"name\na\n", "Thiếu cột"),
        (b"name,day\na,b,c\n", "nhiều ô hơn"),
        (b'name,day\na,"b\n', "cắt cụt"),
        (b"name,day\na,b\x07\n", "ký tự điều khiển"),
        (b"name,day\na," + b"x" * 5001 + b"\n", "ô dài quá"),
        (b"name,day\na," + b"x" * 140_000 + b"\n", "không đọc được"),
        (b"a," * A_MILLION + b"\n", "nhiều hơn %(columns)s cột"),
        (b"name," + b"," * 100 + b"x\na,b\n", "nhiều hơn %(columns)s cột"),
        (b"name,day\n" + b"a,b\n" * 20_001, "nhiều hơn %(most)s dòng"),
        (b"x" * (8 * 1024 * 1024 + 1), "lớn quá"),
        ("name,day\nMiến,1\n".encode("utf-16"), "bảng mã UTF-8"),
        ("name,day\nMận,1\n".encode("cp1258", "replace").replace(b"?", b"\xe2"), "bảng mã UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "không phải bảng tính"),
        (b"name,day\na,\0\n", "không phải bảng tính"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "bảng mã UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "có mật khẩu"),
        (encrypted(GOOD), "có mật khẩu"),
        (GOOD[: len(GOOD) // 2], "bị hỏng"),
        (with_sheet(b'<row r="1"><c r="A1"'), "bị hỏng"),
        (repacked({}, drop="xl/workbook.xml"), "không phải bảng tính"),
        (repacked({"xl/workbook.xml": b"<workbook/>"}), "bị hỏng"),
        (repacked({"xl/media/a": b"0" * (60 * 1024 * 1024)}), "bung ra quá lớn"),
        (repacked({f"xl/{n}.xml": b"" for n in range(301)}), "bung ra quá lớn"),
        (lying(repacked({"xl/media/a": b"0" * (60 * 1024 * 1024)})), "bị hỏng"),
        (with_sheet(b'<row r="1"><c r="A1"/></row><row r="9"><c r="XFD9"/></row>'), "Bảng rộng quá"),
        (with_sheet(b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="A1048576"/></row>'), "Bảng rộng quá"),
        (with_sheet(b'<row r="1048576"></row>'), "Bảng rộng quá"),
        (with_sheet(b"<row>" + b"<c/>" * 1_300_000 + b"</row>"), "Bảng rộng quá"),
        (repacked({"xl/elsewhere.xml": SHEET + b"<row><c r='XFD1'/></row>" + END}), "Bảng rộng quá"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_cannot_be_read_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_sheet(content, COLUMNS)
    message = refused.value.fields["file"]
    assert words in message
    assert message % refused.value.facts


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    """An archive that hides its size from its list is stopped by the bytes that come."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive, pytest.raises(ValueError, match="bung ra"):
        _unpack(archive, archive.infolist()[0], 10, _Sheet(10, 10))


def test_the_example_row_of_a_template_is_passed_over() -> None:
    columns = (Column("name", example="Ví dụ"), Column("day", needed=False, example="1"), Column("note", needed=False))
    header, rows = template(columns)
    assert (header, rows) == (["name", "day", "note"], [["Ví dụ", "1", ""]])
    assert [row.line for row in read_sheet("name,day,note\nVí dụ,1,\nVí dụ,2,\n".encode(), columns)] == [3]
    assert template((Column("name"),)) == (["name"], [])
