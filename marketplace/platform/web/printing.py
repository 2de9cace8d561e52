"""Documents and pictures set by Typst: facts go in as data, so that no text can become markup."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import typst

from config import ROOT

FONTS = ROOT / "static" / "fonts" / "print"
FOLDER = ROOT / "templates" / "print"


def typeset(
    template: str, facts: Mapping[str, Any], *, kind: Literal["pdf", "png"], files: Mapping[str, str] | None = None
) -> bytes:
    """`templates/print/<template>.typ` with these facts (plain JSON), as a tagged PDF or a PNG of 72 dots an inch.

    `files` are SVG texts by name. The template reads `sys.inputs.facts` and `sys.inputs.<name>`. Our own fonts are
    used, never the machine's. Takes some 20 ms: call it outside any write block.
    """
    made: bytes = typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        format=kind,
        ppi=72 if kind == "png" else None,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"] if kind == "pdf" else [],
        sys_inputs={"facts": json.dumps(facts), **(files or {})},
    )
    return made
