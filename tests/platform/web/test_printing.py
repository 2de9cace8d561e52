"""Documents that people's texts stand in: no sign that somebody types may keep a document from being made."""

from random import Random

import pytest

from marketplace.platform.web.printing import drawable, typeset
from tests.pdf_text import pdf_words


def _words(maker: str, **more: object) -> str:
    facts = {"lang": "vi", "title": "Giấy", "maker": maker, "words": "Lúa nếp", **more}
    return " ".join(pdf_words(typeset("sample", facts, kind="pdf")).split())


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Phở 🍜 ngon", "Phở □ ngon"),
        ("米酒 của bản", "□□ của bản"),
        ("gia đình 👨‍👩‍👧", "gia đình □□□"),
        ("a\x00b\x07c\ufeffd\u202ee\ufe0f", "abcde"),
        ("nửa \ud83d", "nửa □"),
        ("Mie\u0302\u0301n ★ ≥ → 29,5 % Æ Ж Ω", "Miến ★ ≥ → 29,5 % Æ Ж Ω"),
    ],
)
def test_a_sign_without_a_glyph_is_drawn_as_a_box(typed: str, drawn: str) -> None:
    assert drawable(typed) == drawn
    words = _words(typed)
    assert all(sign in words for sign in drawn)


def test_facts_of_every_shape_are_made_drawable() -> None:
    assert "Bản Mây □" in _words("Bản Mây 🌾", more=[["🌾"], {"n": 1, "on": True}])


def test_any_signs_make_a_document() -> None:
    draw = Random(11)
    kinds = [(0, 0x300), (0x300, 0x370), (0x1F300, 0x1FAFF), (0, 0x3000), (0, 0x110000)]
    for _ in range(25):
        text = "".join(chr(draw.randrange(*draw.choice(kinds))) for _ in range(60))
        assert (
            typeset("sample", {"lang": "vi", "title": text, "maker": text, "words": text}, kind="pdf")[:5] == b"%PDF-"
        )
