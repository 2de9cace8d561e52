"""Tables to take away: CSV and XLSX in which no cell can turn into a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter
from flask import Response

Cell = str | int | date | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text as no spreadsheet computes it: what would start a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV file to save, UTF-8 with the mark that spreadsheets look for; days as ISO."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return _attached(text.getvalue().encode("utf-8-sig"), "text/csv", f"{name}.csv")


def xlsx_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """An XLSX workbook to save; text stays text, days are days."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _attached(xlsx_file(header, rows, name), kind, f"{name}.xlsx")


def xlsx_file(header: Sequence[str], rows: Iterable[Sequence[Cell]], name: str | None = None) -> bytes:
    """The same workbook as bytes, its sheet called by the file's name, of which 31 letters may stay."""
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(held, options)
    sheet = book.add_worksheet(name and name[:31])
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, header, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, days)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, cell)
    sheet.autofit()
    book.close()
    return held.getvalue()


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, int) else harmless(cell or "")


def _attached(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
