"""Names of files as they are shown and kept."""

import pytest

from marketplace.platform.core.folding import shown_file_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("giấy.pdf", "giấy.pdf"),
        ("gia\u0302\u0301y  phép .pdf", "giấy phép .pdf"),
        ("C:\\máy\\giấy.pdf", "giấy.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\0b\x1b[1m\r\n\u2028.pdf", "ab[1m.pdf"),
        ("\u202egpj.exe\u2066", "gpj.exe"),
        ("\ud83d.pdf", "pdf"),
        ("..", "?"),
        ("", "?"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_a_files_name(sent: str, shown: str) -> None:
    assert shown_file_name(sent) == shown
