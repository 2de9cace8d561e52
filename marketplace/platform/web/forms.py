"""Between what a form said and what a service refused."""

from typing import Any

from flask_babel import gettext

from marketplace.platform.core.errors import Invalid


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
