"""Papers taken in: a PDF as it is, a photograph or scan upright and without what its camera noted of place and time.

Slow: called outside any write block. What is refused is told in words and leaves nothing behind.
"""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import shown_file_name
from marketplace.platform.core.words import N_
from marketplace.platform.media.intake import BadPicture, flattened
from marketplace.platform.media.models import FileKind

MOST_BYTES = 12 * 1024 * 1024

EMPTY = N_("Tệp “%(name)s” trống.")
TOO_LARGE = N_("Tệp “%(name)s” nặng quá 12 MB. Hãy quét nhẹ hơn, hoặc chia thành nhiều tệp.")
WRONG_TYPE = N_("Tệp “%(name)s” không phải PDF hay ảnh. Hãy lưu thành PDF, hoặc chụp ảnh giấy.")
CUT_OFF = N_("Tệp “%(name)s” bị cắt cụt khi tải lên hoặc đã hỏng. Hãy gửi lại.")
LOCKED = N_("Tệp “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.")


class BadFile(Invalid):
    """The file is not one that we keep; the sentence beside the field says why."""

    code = "bad_file"

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__({"files": sentence}, **facts)


@dataclass(frozen=True)
class Document:
    """A file judged and made ready, not yet kept anywhere. `name` is what it will be called in the store."""

    name: str
    file_name: str
    kind: FileKind
    data: bytes
    digest: str


def take_document(data: bytes, file_name: str) -> Document:
    """Judge what somebody sent as a paper; raises BadFile."""
    shown = shown_file_name(file_name)
    if not data:
        raise BadFile(EMPTY, name=shown)
    if len(data) > MOST_BYTES:
        raise BadFile(TOO_LARGE, name=shown)
    if data.startswith(b"%PDF-"):
        return _document(_sound_pdf(data, shown), data, shown, FileKind.PDF)
    try:
        return _document(flattened(data), data, shown, FileKind.JPEG)
    except BadPicture as bad:
        picture = data[:4] in (b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"\x89PNG", b"RIFF") or data[4:8] == b"ftyp"
        raise BadFile(bad.fields["picture"] if picture else WRONG_TYPE, name=shown) from bad


def made_document(data: bytes, file_name: str, kind: FileKind) -> Document:
    """A file that we made ourselves, such as minutes or a table of evidence."""
    return _document(data, data, file_name, kind)


def _sound_pdf(data: bytes, shown: str) -> bytes:
    """A PDF with its end and without a password. It is never opened here: it is handed out for saving."""
    if b"%%EOF" not in data[-2048:]:
        raise BadFile(CUT_OFF, name=shown)
    if b"/Encrypt" in data:
        raise BadFile(LOCKED, name=shown)
    return data


def _document(kept: bytes, sent: bytes, shown: str, kind: FileKind) -> Document:
    return Document(f"files/{token_hex(16)}.{kind}", shown, kind, kept, sha256(sent).hexdigest())
