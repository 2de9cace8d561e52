"""What a person does with pages, without JavaScript: open, fill in, send."""

from html.parser import HTMLParser
from secrets import token_hex

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from werkzeug.test import TestResponse

from marketplace.people.accounts.models import User
from marketplace.platform.core.db import db
from tests.builders import PASSWORD
from tests.conftest import Client


class _Fields(HTMLParser):
    """The hidden fields of the forms of a page, by the form's action."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._action = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = facts.get("action", "")
            self.forms.setdefault(self._action, {})
        elif tag == "input" and facts.get("type") == "hidden" and "name" in facts:
            self.forms.setdefault(self._action, {})[facts["name"]] = facts.get("value", "")


def hidden(page: TestResponse, action: str) -> dict[str, str]:
    """The hidden fields of the page's form with this action."""
    reader = _Fields()
    reader.feed(page.text)
    return reader.forms[action]


def token(client: Client) -> str:
    """A CSRF token of this visitor's, as the forms of their pages carry it: no page is asked for it."""
    with client.session_transaction() as session:
        kept = session.setdefault("csrf_token", token_hex(20))
    return str(URLSafeTimedSerializer(client.application.secret_key or "", salt="wtf-csrf-token").dumps(kept))


def send(client: Client, path: str, **fields: object) -> TestResponse:
    """Send a form with the visitor's token."""
    return client.post(path, data={"csrf_token": token(client), **fields})


def sign_in(client: Client, user: User, password: str = PASSWORD) -> TestResponse:
    """Sign in by the real form."""
    answer = send(client, "/account/sign-in", email=user.email, password=password)
    assert answer.status_code == 302, answer.text
    return answer


def queries(client: Client, path: str) -> int:
    """How many SELECTs the page asks."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)
