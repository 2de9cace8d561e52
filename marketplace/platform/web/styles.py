"""Build the style sheets: `python -m marketplace.platform.web.styles` after a change under `static/css/src*`.

The results are committed, so that running the shop needs no build.
"""

import re
from pathlib import Path

CSS = Path(__file__).parents[3] / "static" / "css"
SHEETS = {"src": "diep.css", "src-work": "work.css"}

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def build(source: Path, target: Path) -> None:
    """Write into `target` every style sheet under `source`, in the order of their paths, without comments."""
    parts = (file.read_text(encoding="utf-8") for file in sorted(source.rglob("*.css")))
    target.write_text("".join(map(_squeeze, parts)), encoding="utf-8")


def _squeeze(text: str) -> str:
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def main() -> None:
    """Build every sheet of the house."""
    for folder, name in SHEETS.items():
        build(CSS / folder, CSS / name)


if __name__ == "__main__":
    main()
