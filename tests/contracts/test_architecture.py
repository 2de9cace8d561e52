"""The house's rules that a machine can hold: sizes, one commit, layers, routes with their permission."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from marketplace.platform.core.access import Permission
from marketplace.platform.core.ids import ROUTE_WORDS

CODE = sorted((ROOT / "marketplace").rglob("*.py"))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def code_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))


def test_no_file_past_300_lines() -> None:
    long = {str(f.relative_to(ROOT)): code_lines(f.read_text()) for f in CODE}
    assert {name: n for name, n in long.items() if n > 300} == {}, "one room is two"


def test_no_function_past_50_lines() -> None:
    long = {}
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, FUNCTIONS) and (node.end_lineno or 0) - node.lineno + 1 > 50:
                long[f"{file.relative_to(ROOT)}:{node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    assert long == {}, "a function that long does two things"


def test_only_the_write_block_commits() -> None:
    committing = [str(f.relative_to(ROOT)) for f in CODE if ".commit()" in f.read_text()]
    allowed = ["marketplace/platform/core/db.py", "marketplace/shop/search/whoosh_engine.py"]  # the index's own writer
    assert committing == allowed


def test_rules_and_services_know_no_flask_and_no_clock() -> None:
    knowing = []
    for file in CODE:
        if file.name not in ("rules.py", "services.py") and file.parent.name != "services":
            continue
        text = file.read_text()
        if "from flask" in text or "import flask" in text or "clock import now" in text or "datetime.now" in text:
            knowing.append(str(file.relative_to(ROOT)))
    assert knowing == []


def test_only_config_reads_the_environment() -> None:
    assert [str(f) for f in CODE if "os.environ" in f.read_text() or "getenv" in f.read_text()] == []


def test_imports_only_go_down() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_every_route_says_who_may_call_it(app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and not isinstance(getattr(app.view_functions[rule.endpoint], "permission", None), Permission)
    ]
    assert silent == [], "decorate it with @allow(...)"


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_nothing_is_called_like_a_page_beside_it(app: Flask) -> None:
    parts = [tuple(rule.rule.split("/")) for rule in app.url_map.iter_rules()]
    beside = {
        each[n]
        for some in parts
        for n, part in enumerate(some)
        if part in ("<slug>", "<listing>", "<producer>")
        for each in parts
        if each[:n] == some[:n] and re.fullmatch(r"[a-z0-9-]+", "".join(each[n : n + 1]))
    }
    assert beside == ROUTE_WORDS, "what free_slug may give would open another page"


def test_no_inline_styles_or_scripts() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        for forbidden in (" style=", " onclick=", " onchange=", "<script>", "javascript:"):
            assert forbidden not in text, (template, forbidden)
