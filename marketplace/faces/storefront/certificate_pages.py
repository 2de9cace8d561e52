"""Beside `/verify`: the record of a certificate on paper, and the public key that checks what labels carry."""

from flask import Blueprint, Response, current_app
from flask_babel import gettext

from marketplace.faces.storefront.record import record as record_of
from marketplace.faces.storefront.stamp import printed_keys
from marketplace.faces.storefront.standing import verify
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.glue import limiter

bp = Blueprint("certificate_pages", __name__, url_prefix="/verify")


@bp.get("/<code>/record.pdf")
@allow(PUBLIC)
@limiter.limit("30 per minute")
def record(code: str) -> Response:
    """What the register says of one certificate today, to print."""
    today = day_of(now())
    one = next((each for each in verify(code, on=today) if each.certificate.code == code), None)
    if one is None:
        raise NotFound
    made = record_of(one, site_name=current_app.config["SETTINGS"].site_name, on=today)
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{code}.pdf"'
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/key")
@allow(PUBLIC)
def key() -> Response:
    """The public keys, today's first, and how anybody checks a label with them."""
    today, *before = printed_keys()
    lines = [f"ed25519 {today}", *(f"ed25519 {each} before" for each in before), "", _how()]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _how() -> str:
    words: str = gettext(
        "Khóa công khai Ed25519 (base64) của chữ ký trên tem. Để tự kiểm: lấy phần sau “?s=” trong mã QR, giải mã "
        "base64url thành 90 byte; 64 byte cuối là chữ ký (RFC 8032) trên chuỗi “ocop-stamp:” nối với 26 byte đầu. "
        "26 byte ấy là: phiên bản (1), mã giấy (10), mã sản phẩm (10), số sao (1), ngày cấp (2), ngày hết hạn (2), "
        "số viết big-endian; ngày đếm từ 01/01/2018. Khóa ghi “before” là khóa cũ: tem in bằng khóa ấy vẫn đúng. "
        "Chữ ký cho biết tem do ai in; giấy còn giá trị hay không, sổ nói."
    )
    return words
