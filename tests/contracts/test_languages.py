"""Both languages are whole: every sentence of pages and code is in the English catalogue, and nothing goes past it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import get_translations, gettext

from config import ROOT

TRANSLATIONS = ROOT / "marketplace" / "translations"
MARKERS = {"_": None, "N_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
NAMES_IN_VIETNAMESE = {  # data and names, not sentences of the interface
    "marketplace/faces/cli/demo/loading.py",
    "marketplace/faces/cli/demo/dealing.py",
    "marketplace/faces/cli/demo/fairing.py",
    "marketplace/faces/cli/demo/featuring.py",
    "marketplace/faces/cli/demo/meeting.py",
    "marketplace/faces/cli/demo/generating.py",
    "marketplace/faces/cli/demo/history.py",
    "marketplace/faces/cli/demo/programme.py",
    "marketplace/faces/cli/demo/moderation.py",
    "marketplace/faces/cli/demo/makers.py",
    "marketplace/faces/cli/demo/trading.py",
    "marketplace/faces/cli/demo/settling.py",
    "marketplace/faces/cli/demo/showing.py",
    "marketplace/faces/cli/demo/telling.py",
    "marketplace/platform/core/folding.py",
    "marketplace/people/accounts/forms.py:Tiếng Việt",
}


def english() -> Catalog:
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def sentences() -> set[str]:
    """Every sentence that templates and code ask to have translated."""
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel
    found = extract_from_dir(ROOT, methods, options, keywords=MARKERS)
    return {m if isinstance(m, str) else m[0] for _, _, m, _, _ in found if m}


def source(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def texts(message: Message) -> list[str]:
    return [str(text) for text in ([message.string] if isinstance(message.string, str) else message.string or [""])]


def test_every_sentence_has_its_english() -> None:
    translated = {source(m) for m in english() if m.id and all(texts(m))}
    assert sentences() - translated == set(), "`make messages`, then write the English"


def test_the_catalogue_holds_nothing_else() -> None:
    assert {source(m) for m in english() if m.id} - sentences() == set(), "`make messages` drops what is gone"


def test_the_english_keeps_every_placeholder() -> None:
    for message in english():
        for text in texts(message):
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(source(message))), source(message)
            assert not VIETNAMESE.search(text.replace("QĐ-UBND", "")) or source(message) == text, text


def test_no_template_writes_past_the_catalogue() -> None:
    for template in (ROOT / "templates").rglob("*.*"):
        bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", template.read_text(), flags=re.DOTALL)
        assert not VIETNAMESE.search(bare.replace("Tiếng Việt", "")), template  # the language's own name


def _unmarked(tree: ast.Module) -> Iterator[str]:
    """String literals that are neither marked for translation nor docstrings, nor the example of a file's column."""
    known = {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKERS
        for part in call.args
        for argument in ast.walk(part)
    }
    known |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    known |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "example"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            yield node.value


def test_no_code_writes_past_the_catalogue() -> None:
    past = []
    for file in sorted((ROOT / "marketplace").rglob("*.py")):
        name = str(Path(file).relative_to(ROOT))
        for text in _unmarked(ast.parse(file.read_text())):
            if (
                VIETNAMESE.search(text)
                and name not in NAMES_IN_VIETNAMESE
                and f"{name}:{text}" not in NAMES_IN_VIETNAMESE
            ):
                past.append(f"{name}: {text}")
    assert past == []


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_reader_gets_the_english(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        for message in english():
            if isinstance(message.id, str) and message.id:
                assert gettext(message.id) == message.string, "the catalogue is not compiled as it stands"
            elif message.id:
                catalogue = get_translations()
                assert [catalogue.ungettext(*message.id, n) for n in (1, 2)] == texts(message)
