"""Certificates files for tests."""

import csv
import io
from collections.abc import Iterable

from marketplace.registry.intake.rules import COLUMNS

HEADER = [column.name for column in COLUMNS]
GOOD = {
    "certificate_number": "01/2026/OCOP",
    "authority": "UBND tỉnh Lai Châu",
    "decision_number": "12/QĐ-UBND",
    "issued_on": "02/03/2026",
    "expires_on": "",
    "stars": "4",
    "score": "78,5",
    "product_name": "Miến dong",
    "producer_name": "HTX Bình Lư",
    "producer_kind": "cooperative",
    "commune_code": "03390",
    "category_code": "I.3.b",
}


def row(**changes: str) -> dict[str, str]:
    """A good row but for these cells."""
    return {**GOOD, **changes}


def many(count: int) -> list[dict[str, str]]:
    """Good rows of as many products, two of each producer, by a few decisions of both classifications."""
    days = ("2026-03-02", "05/04/2026", "2022-06-01")
    return [
        row(
            certificate_number=f"{n}/O",
            decision_number=f"{n % 40}/QĐ",
            issued_on=days[n % 3],
            score="",
            product_name=f"Miến {n}",
            producer_name=f"Tổ {n // 2}",
            producer_kind="group",
        )
        for n in range(count)
    ]


def csv_file(rows: Iterable[dict[str, str]]) -> bytes:
    """The file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
