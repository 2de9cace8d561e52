"""Handing out private files: never from a cache, never run by the browser that shows them."""

from urllib.parse import quote

from flask import Response, abort

from marketplace.platform.core.folding import fold, shown_file_name
from marketplace.platform.media.keeping import open_file
from marketplace.platform.media.models import FileKind, KeptFile
from marketplace.platform.media.stores import NoSuchFile


def file_answer(file: KeptFile) -> Response:
    """A kept file: a picture is shown, all else is saved. Who may have it was asked before."""
    try:
        data = open_file(file)
    except NoSuchFile:
        abort(404)
    return document_answer(data, file.file_name, file.kind)


def document_answer(data: bytes, file_name: str, kind: FileKind) -> Response:
    """Bytes as a private download under this name, with the kind's ending."""
    answer = Response(data, mimetype=kind.media_type)
    shown = shown_file_name(file_name)
    stem = shown.rpartition(".")[0] or shown
    plain = "".join(c if c.isalnum() or c in "-_. " else "-" for c in fold(stem)) or "file"
    way = "inline" if kind is FileKind.JPEG else "attachment"
    answer.headers["Content-Disposition"] = (
        f'{way}; filename="{plain.encode("ascii", "replace").decode()}.{kind}"; '
        f"filename*=UTF-8''{quote(f'{stem}.{kind}', safe='')}"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
