"""One verb asked by a form: it is done and said, or refused and told where it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect
from flask_babel import gettext

from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound, Refusal
from marketplace.platform.web.errors import sentence


@dataclass(frozen=True)
class Done:
    """What came of a verb: whether it is made and what it gave, or what is wrong beside which field."""

    made: bool = False
    value: Any = None
    errors: dict[str, str] = field(default_factory=dict)


def perform(act: Callable[[], object], done: str = "", *, blocked: bool = True) -> Done:
    """Do what a form asks and say `done`, a sentence in the reader's language, above the next page.

    Invalid is answered by field (a refusal of the whole under ""), any other refusal said above the next page; what is
    not found or not allowed is raised. `blocked`: in a write block of its own; else the verb opens its blocks itself.
    """
    try:
        if blocked:
            with transaction():
                value = act()
        else:
            value = act()
    except (NotFound, Forbidden):
        raise
    except Invalid as invalid:
        told = {name: str(gettext(text) % invalid.facts) for name, text in invalid.fields.items()}
        return Done(errors=told or {"": sentence(invalid)})
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return Done()
    if done:
        flash(done, "ok")
    return Done(made=True, value=value)


def answered(act: Callable[[], object], done: str, *, again: Callable[[dict[str, str]], Any], then: str) -> Any:
    """The answer to a form: its verb is done and the browser goes on to `then`, an address.

    What was wrong beside a field shows the page `again`, with what is wrong by field, as 422.
    """
    came = perform(act, done)
    return (again(came.errors), 422) if came.errors else redirect(then)
