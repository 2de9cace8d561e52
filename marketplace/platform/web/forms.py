"""Between what a form said and what a service refused."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.platform.web.errors import sentence

LAST_PAGE = 10_000
REMARKS = {  # what WTForms says by itself, in our words
    "Not a valid choice.": N_("Chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": N_("Chọn một mục trong danh sách."),
    "'%(value)s' is not a valid choice for this field.": N_("Chọn các mục trong danh sách."),
    "Not a valid date value.": N_("Nhập ngày như 31/12/2026."),
    "Not a valid decimal value.": N_("Nhập bằng chữ số."),
    "Not a valid integer value.": N_("Nhập bằng chữ số."),
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


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF carries no types
    """What every form of ours is: guarded against forgery, and speaking the reader's language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # Flask-WTF carries no types
        def get_translations(self, _form: object) -> _Remarks:
            return _Remarks()


def read_page(name: str = "page") -> int:
    """The number of the page of a list that the address asks for, from 1; what is none is the first."""
    typed = request.args.get(name, "")
    return max(1, min(LAST_PAGE, int(typed))) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 1


def day_in(typed: str) -> date | None:
    """A day as browsers send it, `2026-12-31`, or as people write it, `31/12/2026`; None where it is neither."""
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(nfc(typed), shape).replace(tzinfo=VIETNAM).date()
    return None


class LineField(StringField):  # type: ignore[misc] # WTForms carries no types
    """One line of text in its stored form: composed (NFC), without outer spaces, before its length is judged."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = nfc(valuelist[0]) if valuelist else ""


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
