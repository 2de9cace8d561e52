"""Markdown as the legal pages use it: no HTML of the writer's gets through, no address but a plain one."""

from functools import cache

from markdown_it import MarkdownIt

LONGEST = 40_000  # characters of one page


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")


def html_of(text: str) -> str:
    """The text as HTML; its headings begin at level 2, for the page has its own title."""
    reader = _reader()
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return str(reader.renderer.render(tokens, reader.options, {}))
