"""Documents and pictures set by Typst: facts go in as data, so that no text can become markup."""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal

import typst

from config import ROOT

FONTS = ROOT / "static" / "fonts" / "print"
FOLDER = ROOT / "templates" / "print"
NO_SIGN = "□"
# What our fonts and those inside Typst draw: Latin, Greek, Cyrillic, signs of writing, money, arrows, shapes.
# A sign without a glyph would end the making of a tagged PDF, which must spell every letter.
_UNDRAWN = re.compile(
    "[^\n\t -~\u00a0-\u036f\u038e-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u04ff\u1e00-\u1eff\u2010-\u2027"
    "\u2030-\u2040\u20a0-\u20c0\u2153-\u2184\u2190-\u23ff\u2500-\u2606]"
)
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})  # joiners, directions, variants: nothing stands for them


def typeset(
    template: str, facts: Mapping[str, Any], *, kind: Literal["pdf", "png"], files: Mapping[str, str] | None = None
) -> bytes:
    """`templates/print/<template>.typ` with these facts (plain JSON), as a tagged PDF or a PNG of 72 dots an inch.

    A sign that no font has is drawn as `□`. `files` are SVG texts by name. The template reads `sys.inputs.facts` and
    `sys.inputs.<name>`. Our own fonts are used, never the machine's. Takes some 20 ms: call it outside any write block.
    """
    made: bytes = typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        format=kind,
        ppi=72 if kind == "png" else None,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"] if kind == "pdf" else [],
        sys_inputs={"facts": json.dumps(_drawable(facts)), **(files or {})},
    )
    return made


def drawable(text: str) -> str:
    """The text in signs that a document can draw: composed (NFC), `□` for each sign that no font has."""
    return _UNDRAWN.sub(_instead, unicodedata.normalize("NFC", text))


def _instead(sign: re.Match[str]) -> str:
    return "" if unicodedata.category(sign[0]) in _UNSEEN else NO_SIGN


def _drawable(fact: Any) -> Any:
    """A fact of any shape that JSON has, its texts drawable."""
    if isinstance(fact, str):
        return drawable(fact)
    if isinstance(fact, Mapping):
        return {name: _drawable(inner) for name, inner in fact.items()}
    return [_drawable(inner) for inner in fact] if isinstance(fact, list | tuple) else fact
