"""The committed style sheets are what their sources say, and every colour exists in both themes."""

import re
from pathlib import Path

import pytest

from marketplace.platform.web.styles import CSS, SHEETS, build


@pytest.mark.parametrize(("folder", "name"), SHEETS.items())
def test_committed_sheet_is_a_fresh_build(folder: str, name: str, tmp_path: Path) -> None:
    build(CSS / folder, tmp_path / name)

    fresh = (tmp_path / name).read_text(encoding="utf-8")
    assert fresh == (CSS / name).read_text(encoding="utf-8"), "run python -m marketplace.platform.web.styles"


def test_files_are_joined_in_the_order_of_their_paths_without_comments(tmp_path: Path) -> None:
    source = tmp_path / "src"
    (source / "50-parts").mkdir(parents=True)
    (source / "50-parts" / "a.css").write_text("  .a { top: 0; }\n")
    (source / "10-first.css").write_text("/* why\nso */\n.f { top: 0; }\n")

    build(source, tmp_path / "out.css")

    assert (tmp_path / "out.css").read_text() == ".f { top: 0; }\n.a { top: 0; }\n"


def test_the_two_dark_blocks_are_the_same() -> None:
    text = (CSS / "src" / "20-tokens.css").read_text(encoding="utf-8")
    wished = _declarations(text, ':root:not([data-theme="light"])')
    chosen = _declarations(text, ':root[data-theme="dark"]')

    assert wished == chosen
    assert set(chosen) <= set(_declarations(text, ":root"))


def test_every_variable_in_use_is_declared() -> None:
    text = "".join((CSS / name).read_text(encoding="utf-8") for name in SHEETS.values())
    used = set(re.findall(r"var\((--[\w-]+)", text))
    declared = set(re.findall(r"(--[\w-]+):", text))

    assert used <= declared


def _declarations(text: str, selector: str) -> dict[str, str]:
    block = text[text.index(selector + " {") :]
    block = block[: block.index("}")]
    return dict(re.findall(r"(--[\w-]+|color-scheme): ([^;]+);", block))
