"""Between what a form said and what a service refused."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import DateField, FloatField, IntegerField, StringField, TextAreaField

from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.errors import sentence

LAST_PAGE = 10_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
_HOUR = re.compile(r"([0-9]{1,2})(?:[:.hg]([0-9]{2})?)?")
REMARKS = {  # what WTForms says by itself, in our words
    "Not a valid choice.": N_("Chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": N_("Chọn một mục trong danh sách."),
    "'%(value)s' is not a valid choice for this field.": N_("Chọn các mục trong danh sách."),
    "Not a valid date value.": N_("Nhập ngày như 31/12/2026."),
    "Not a valid decimal value.": N_("Nhập bằng chữ số."),
    "Not a valid integer value.": N_("Nhập bằng chữ số."),
    "Not a valid float value.": N_("Nhập độ thập phân, như 22,39."),
    "This field is required.": N_("Cần điền chỗ này."),
    "Field cannot be longer than %(max)d character.": N_("Viết ngắn hơn: nhiều nhất %(max)d ký tự."),
    "Field must be at least %(min)d character long.": N_("Viết dài hơn: ít nhất %(min)d ký tự."),
    "Field must be between %(min)d and %(max)d characters long.": N_("Viết từ %(min)d đến %(max)d ký tự."),
    "Field must be exactly %(max)d character long.": N_("Viết đúng %(max)d ký tự."),
    "Number must be at least %(min)s.": N_("Nhỏ nhất là %(min)s."),
    "Number must be at most %(max)s.": N_("Lớn nhất là %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Từ %(min)s đến %(max)s."),
    "Invalid input.": N_("Chỗ này chưa đúng."),
}


class _Remarks:
    """WTForms' own remarks in the reader's language."""

    def gettext(self, remark: str) -> str:
        return str(gettext(REMARKS.get(remark, REMARKS["Invalid input."])))

    def ngettext(self, remark: str, _plural: str, _n: int) -> str:
        return self.gettext(remark)


def says_no_field(error: str) -> bool:
    """Whether a remark could stand beside any field: in a list of remarks the field's name goes before it."""
    return error in {gettext(remark) for remark in REMARKS.values()}


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF carries no types
    """What every form of ours is: guarded against forgery, and speaking the reader's language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # Flask-WTF carries no types
        def get_translations(self, _form: object) -> _Remarks:
            return _Remarks()


def whole_number(typed: str, figures: int = 9) -> int | None:
    """What was typed as plain figures, at most so many; None for anything else: a sign, another script's figures.

    `str.isdecimal` alone takes other scripts', and `int` refuses thousands of figures by an error of its own.
    """
    bare = typed.strip()
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) <= figures else None


def read_page(name: str = "page") -> int:
    """The number of the page of a list that the address asks for, from 1; what is none is the first."""
    return max(1, min(LAST_PAGE, whole_number(request.args.get(name, "")) or 1))


def day_in(typed: str) -> date | None:
    """A day as browsers send it, `2026-12-31`, or as people write it, `31/12/2026`; None where it is neither, or of
    another century than ours: then a digit is missing.
    """
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return _of_our_time(datetime.strptime(nfc(typed), shape).replace(tzinfo=VIETNAM).date())
    return None


def hour_in(typed: str) -> time | None:
    """An hour as people write it: `8`, `8h`, `8:00`, `8h30`, `08.30`; None where it is none."""
    found = _HOUR.fullmatch(typed.strip())
    with suppress(ValueError):
        return time(int(found[1]), int(found[2] or 0)) if found else None
    return None


def _of_our_time(day: date | None) -> date | None:
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


class LineField(StringField):  # type: ignore[misc] # WTForms carries no types
    """One line of text in its stored form: composed (NFC), without outer spaces, before its length is judged."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = nfc(valuelist[0]) if valuelist else ""


class DayField(DateField):  # type: ignore[misc] # WTForms carries no types
    """A day as browsers send it or people write it; what is none is None, for the form to tell with all else."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, format=["%d/%m/%Y", "%Y-%m-%d"], **more)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        with suppress(ValueError):
            super().process_formdata(valuelist)
        self.data = _of_our_time(self.data)

    def _value(self) -> str:
        """As a browser's field for days wants it; what could not be read is written back as it was."""
        return self.data.isoformat() if self.data else str(super()._value())


class CountField(IntegerField):  # type: ignore[misc] # WTForms carries no types
    """A whole number as people type it and as pages print it: 1200, 1.200, 1 200."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        super().process_formdata([ungroup(typed) or typed for typed in valuelist])


class DegreesField(FloatField):  # type: ignore[misc] # WTForms carries no types
    """A latitude or longitude in decimal degrees, 22.39 as machines write it or 22,39 as people here do."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        super().process_formdata([typed.strip().replace(",", ".") for typed in valuelist])


class TextField(TextAreaField):  # type: ignore[misc] # WTForms carries no types
    """Text of several lines, composed (NFC), without outer space, before its length is judged."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = unicodedata.normalize("NFC", valuelist[0]).strip() if valuelist else ""


def add_errors(form: Any, invalid: Invalid) -> None:
    """Put a service's refusal beside the fields it speaks of; what has no field goes to the form as a whole."""
    if not invalid.fields:
        form.form_errors.append(sentence(invalid))
    for name, message in invalid.fields.items():
        text = gettext(message) % invalid.facts
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)


@contextmanager
def told_on(form: Any, also: type[Refusal] | tuple[type[Refusal], ...] = Invalid) -> Iterator[None]:
    """Tell on the form what a service refuses within: Invalid beside its fields, a refusal like `also` above them.

    Goes on behind the block, so ask `form.errors` before going elsewhere. What is not found is raised, never told.
    """
    try:
        yield
    except NotFound:
        raise
    except Invalid as invalid:
        add_errors(form, invalid)
    except also as refusal:
        form.form_errors.append(sentence(refusal))


@contextmanager
def together(unread: Mapping[str, str]) -> Iterator[None]:
    """Tell in one go what could not be read, `unread` by field, and what a service within refuses of the rest.

    Goes inside the write block: while anything is unread it ends by Invalid, so that nothing is kept. The service has
    seen a stand-in for a field that was not read; what it says of that is left out.
    """
    try:
        yield
    except Invalid as invalid:
        raise Invalid({**invalid.fields, **unread}, **invalid.facts) from invalid
    if unread:
        raise Invalid(unread)
