"""Between what a form said and what a service refused."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext
from wtforms import StringField, TextAreaField

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import nfc

LAST_PAGE = 10_000


def read_page(name: str = "page") -> int:
    """The number of the page of a list that the address asks for, from 1; what is none is the first."""
    typed = request.args.get(name, "")
    return max(1, min(LAST_PAGE, int(typed))) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 1


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
    for name, message in invalid.fields.items():
        text = gettext(message) % invalid.facts
        if name in form:
            form[name].errors = [*form[name].errors, text]
        else:
            form.form_errors.append(text)


def refusal_status(form: Any) -> int:
    """422 where something is to be mended, 200 where the form is fresh."""
    return 422 if form.errors else 200
