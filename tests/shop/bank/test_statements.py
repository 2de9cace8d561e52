"""A statement by file: what each row would do is told first; bad rows have line, column, reason."""

import io
from datetime import datetime

import pytest
import xlsxwriter
from flask import Flask

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.imports.rules import ChangedMeanwhile, Row, Work
from marketplace.platform.imports.sheets import read_sheet
from marketplace.shop.bank.queries import count_all, list_latest
from marketplace.shop.bank.statements import COLUMNS, StatementImporter
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.queries import payment_of
from tests.builders import BY, make_offer
from tests.money import ACCOUNT, books, make_prepaid, make_transfer, offer_transfers


@pytest.fixture(autouse=True)
def _transfers(app: Flask) -> None:
    offer_transfers(app)


def row(line: int = 2, **cells: str) -> Row:
    told = {"date": "23/11/2026 12:00", "reference": f"FT{line}", "credit": "1.000", "debit": "", "note": "x"}
    return Row(line, told | cells)


def prepared(*rows: Row, at: datetime, by: Actor = BY) -> Work:
    return StatementImporter(ACCOUNT.number).prepare(rows, {}, by=by, at=at, progress=lambda _n: None)


def said(work: Work) -> list[tuple[int, str, str]]:
    return [(f.line, f.column, f.weight.value) for f in work.checked.findings]


def test_each_row_and_what_it_would_do(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    amount, note = payment.amount.amount, payment.number.replace("-", "")
    grouped = f"{amount - 10_000:,}"
    rows = [
        row(2, credit=grouped, note=f"CK {note}", payer="A"),
        row(3, credit="10.000 VND", note=note.lower()),
        row(4, credit="", debit="5.000"),
        row(5, credit="7000", note="?"),
    ]
    work = prepared(*rows, at=at)
    assert said(work) == [(4, "debit", "note"), (2, "note", "warning"), (3, "note", "note"), (5, "note", "warning")]
    counts = {"new": 3, "known": 0, "outgoing": 1, "matched": 1, "under": 1, "unknown": 1}
    assert (work.checked.summary, work.checked.bad_lines, count_all()) == (counts, 0, 0)
    with transaction():
        work.write()
    assert payment_of(payment.number).state.value == "paid"
    assert books() == {"bank": amount + 7_000, "buyers": amount, "unmatched": 7_000}
    again = prepared(*rows, at=at)
    assert again.checked.summary == {"new": 0, "known": 3, "outgoing": 1}
    with transaction():
        again.write()
    assert (count_all(), books()["bank"]) == (3, amount + 7_000)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"date": "32/11/2026"}, "date"),
        ({"date": "24/11/2026"}, "date"),  # a day ahead
        ({"date": ""}, "date"),
        ({"date": "01/01/0001"}, "date"),
        ({"date": "31/12/9999 23:59"}, "date"),
        ({"credit": "9" * 5_000}, "credit"),
        ({"credit": "1.00.0"}, "credit"),
        ({"credit": "-5"}, "credit"),
        ({"credit": "một"}, "credit"),
        ({"credit": "9" * 14}, "credit"),
        ({"credit": ""}, "credit"),
        ({"debit": "1"}, "credit"),
        ({"reference": ""}, "reference"),
        ({"reference": "F" * 121}, "reference"),
    ],
)
def test_bad_rows(app: Flask, at: datetime, cells: dict[str, str], column: str) -> None:
    work = prepared(row(2), row(3, **cells), at=at)
    assert [each for each in said(work) if each[2] == "bad"] == [(3, column, "bad")]
    assert work.checked.bad_lines == 1


def test_a_number_known_with_another_amount_is_a_bad_row(app: Flask, at: datetime) -> None:
    make_transfer("x", 1_000, at=at, reference="HX2")
    work = prepared(row(2, reference="HX2", credit="999.000"), at=at)
    assert [each for each in said(work) if each[2] == "bad"] == [(2, "reference", "bad")]


def test_a_reference_twice_in_one_file(app: Flask, at: datetime) -> None:
    work = prepared(row(2, reference="F"), row(3, reference="F"), at=at)
    bad = [f for f in work.checked.findings if f.weight.value == "bad"]
    assert [(f.line, f.column, f.facts) for f in bad] == [(3, "reference", {"first": 2})]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1250000", 1250000),
        ("1.250.000", 1250000),
        ("1,250,000", 1250000),
        ("1 250 000 đ", 1250000),
        ("1,250,000.00", 1250000),
        ("1.250.000,00 VND", 1250000),
        ("+999", 999),
    ],
)
def test_amounts_as_banks_write_them(app: Flask, at: datetime, written: str, amount: int) -> None:
    with transaction():
        prepared(row(2, credit=written), at=at).write()
    assert books() == {"bank": amount, "unmatched": amount}


@pytest.mark.parametrize(
    ("written", "shown", "timed"),
    [("23/11/2026", "2026-11-22T17:00", False), ("2026-11-23 14:05:06", "2026-11-23T07:05", True)],
)
def test_days_as_banks_write_them(app: Flask, at: datetime, written: str, shown: str, timed: bool) -> None:
    with transaction():
        prepared(row(2, date=written), at=at).write()
    found = list_latest()[0]
    assert (found.booked_at.isoformat()[:16], found.timed) == (shown, timed)


def test_what_the_feed_told_under_another_number_is_said_and_not_booked_twice(app: Flask, at: datetime) -> None:
    make_transfer("tien", 1_000, at=at, reference="92704")
    rows = [row(2, note="Tiền", date="23/11/2026"), row(3, note="Tiền", date="23/11/2026")]
    work = prepared(*rows, at=at)
    assert work.checked.summary == {"new": 1, "known": 1, "outgoing": 0, "unknown": 1}
    with transaction():
        work.write()
    assert books() == {"bank": 2_000, "unmatched": 2_000}
    assert {each.other_reference for each in list_latest()} == {"FT2", None}


def test_changed_meanwhile_nothing_is_written(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    work = prepared(row(2, note=payment.number), at=at)
    make_transfer(payment.number, payment.amount.amount, at=at)
    with pytest.raises(ChangedMeanwhile), transaction():
        work.write()
    assert count_all() == 1


def test_only_who_keeps_the_money(app: Flask, at: datetime) -> None:
    with pytest.raises(Forbidden):
        prepared(row(), at=at, by=Actor(name="x", role=Role.PRODUCER))


def test_without_an_account_every_row_is_bad(app: Flask, at: datetime) -> None:
    work = StatementImporter("").prepare([row()], {}, by=BY, at=at, progress=lambda _n: None)
    assert said(work) == [(2, "date", "bad")]


def test_from_csv_and_xlsx(app: Flask, at: datetime) -> None:
    header = [column.name for column in COLUMNS]
    cells = ["23/11/2026", "FT1", "1.250.000", "", "x", "A", "01"]
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        sheet.write_row(1, 0, cells)
    text = (";".join(header) + "\n" + ";".join(cells) + "\n").encode()
    assert read_sheet(held.getvalue(), COLUMNS) == read_sheet(text, COLUMNS)
    assert StatementImporter("").columns == COLUMNS
