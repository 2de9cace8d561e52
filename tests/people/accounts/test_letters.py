"""Every letter of accounts reads in both languages, as text and as HTML."""

import re
from typing import Any

import pytest
from flask import Flask

from marketplace.platform.web.letters import compose
from tests.conftest import AT

VIETNAMESE = re.compile("[ăâđêôơưạảấầậắặẽẻềểệịọỏốồộớờợụủứừự]", re.IGNORECASE)
FACTS = {"name": "An", "address": "http://127.0.0.1:8000/account/x/SECRET", "at": AT, "owner": "An"}
LETTERS = [
    "confirm", "welcome", "tried-again", "reset", "password-changed", "email-confirm", "email-changing",
    "email-changed", "email-undone", "invitation", "erased",
]  # fmt: skip
WITH_SECRET = {"confirm", "reset", "email-confirm", "email-changing", "invitation"}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_in_both_languages(app: Flask, name: str) -> None:
    facts: dict[str, Any] = {**FACTS, "organisation": "HTX May", "role": "producer"}
    read = {language: compose(name, language, **facts) for language in ("vi", "en")}
    for language, letter in read.items():
        assert letter.subject
        assert f'<html lang="{language}">' in letter.html
        for text in (letter.text, letter.html):
            assert ("account/x/SECRET" in text) == (name in WITH_SECRET)
            assert bool(VIETNAMESE.search(text.replace("Chợ Phiên", ""))) == (language == "vi"), text
    assert read["vi"].subject != read["en"].subject
