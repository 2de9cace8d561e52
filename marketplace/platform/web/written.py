"""Markdown as pages of ours use it: no HTML of the writer's gets through, no picture, no address but a plain one."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

PLAIN = re.compile(r"(?:https?://|mailto:|tel:)|(?!//|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)


class _Reader(MarkdownIt):
    """Markdown with links to plain addresses alone: of the web, of mail and telephones, of pages of ours."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        """Whether an address may be a link; `//elsewhere` looks like a page of ours and is none."""
        return super().validateLink(url) and PLAIN.match(url) is not None


@cache
def _reader() -> MarkdownIt:
    return _Reader("js-default", {"html": False, "linkify": False}).disable("image")


def html_of(text: str) -> Markup:
    """The text as HTML; its highest headings are of level 2, however it begins, for the page has its own title."""
    reader = _reader()
    tokens = reader.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) + 2 - highest)}"
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - what was typed is escaped by then
