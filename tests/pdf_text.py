"""The words of a PDF as its own fonts spell them (ToUnicode), so that a lost Vietnamese letter is seen."""

import re
import zlib

TOKEN = re.compile(rb"/(?P<font>\w+) [\d.]+ Tf|(?P<open>\()|(?P<array>\[)|(?P<shown>T[Jj])")
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
PAGE = re.compile(rb"/Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", re.DOTALL)
Font = dict[int, str]


def pdf_words(pdf: bytes) -> str:
    """The text in drawing order, a space between runs and for each line's end."""
    objects = {int(m[1]): m[2] for m in re.finditer(rb"\b(\d+) 0 obj\b(.*?)endobj", pdf, re.DOTALL)}
    pages = [m for body in objects.values() if (m := PAGE.search(body))]
    return " ".join(
        " ".join(_runs(_stream(objects[int(page[2])]), _fonts(objects, objects[int(page[1])]))) for page in pages
    )


def _fonts(objects: dict[int, bytes], resources: bytes) -> dict[bytes, Font]:
    """The fonts of one page by the names that they have on it."""
    named = re.search(rb"/Font<<(.*?)>>", resources)
    return {m[1]: _font(objects, int(m[2])) for m in re.finditer(rb"/(\w+) (\d+) 0 R", named[1] if named else b"")}


def _stream(body: bytes) -> bytes:
    start, length = re.search(rb"stream\r?\n", body), re.search(rb"/Length (\d+)", body)
    if start is None or length is None or b"/FlateDecode" not in body:
        return b""
    return zlib.decompress(body[start.end() : start.end() + int(length[1])])


def _font(objects: dict[int, bytes], number: int) -> Font:
    table = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
    assert table, "a font that does not say its letters"
    text = _stream(objects[int(table[1])])
    assert b"beginbfrange" not in text
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", text[text.index(b"beginbfchar") :])
    return {int(glyph, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for glyph, letters in pairs}


def _runs(text: bytes, fonts: dict[bytes, Font]) -> list[str]:
    runs, font, glyphs, at = [], Font(), b"", 0
    while token := TOKEN.search(text, at):
        at = token.end()
        if token["font"]:
            font, glyphs = fonts[token["font"]], b""
        elif token["open"]:
            end = _end_of_string(text, at)
            glyphs += ESCAPE.sub(_byte, text[at:end])
            at = end + 1
        elif token["array"]:
            glyphs = b""  # a language or a replacement may have been said before it
        else:
            runs.append("".join(font[int.from_bytes(glyphs[i : i + 2], "big")] for i in range(0, len(glyphs), 2)))
            glyphs = b""
    return runs


def _end_of_string(text: bytes, at: int) -> int:
    """Where the string that begins at `at` closes: brackets inside may stand in pairs, or behind a backslash."""
    depth = 1
    while True:
        sign = text[at : at + 1]
        depth += {b"(": 1, b")": -1}.get(sign, 0)
        if not depth:
            return at
        at += 2 if sign == b"\\" else 1


def _byte(escape: re.Match[bytes]) -> bytes:
    said = escape[1]
    return bytes([int(said, 8)]) if said.isdigit() else NAMED.get(said, said)
