"""What the register says of one certificate, on paper: a tagged PDF in the reader's language, with the signed QR."""

from datetime import date

from flask_babel import gettext as _

from marketplace.faces.storefront.findable import address, site
from marketplace.faces.storefront.stamp import signed_address
from marketplace.faces.storefront.standing import Verified
from marketplace.platform.web.language import language
from marketplace.platform.web.printing import typeset
from marketplace.platform.web.qr import picture
from marketplace.platform.web.templates import dmy
from marketplace.registry.certification.rules import Standing

STAR = "M0 -40L10 -13.8L38 -12.4L16.2 5.3L23.5 32.4L0 17L-23.5 32.4L-16.2 5.3L-38 -12.4L-10 -13.8Z"


def record(one: Verified, *, site_name: str, on: date) -> bytes:
    """The PDF of one certificate as it stands on the day; takes some 50 ms, so outside any write block."""
    c = one.certificate
    facts = {
        "lang": language(),
        "site": site_name,
        "title": _("Bản ghi trong sổ chứng nhận OCOP"),
        "nature": _("Bản ghi trong sổ của tỉnh, không thay giấy chứng nhận."),
        "holds": one.standing is Standing.IN_FORCE,
        "standing": _standing(one),
        "why": _why(one),
        "maker": f"{c.product.producer.name}, {c.product.producer.commune.name}",
        "name": (c.product.name_en if language() == "en" else "") or c.product.name,
        "stars_words": _("%(n)d trên 5 sao", n=c.stars),
        "facts": _facts(one),
        "code_words": _("Mã tra cứu"),
        "code": c.code,
        "qr_words": _("Mã QR dẫn tới trang tra giấy %(code)s", code=c.code),
        "scan": _("Quét mã để xem tình trạng hôm nay. Mã mang chữ ký của tỉnh, nên mã tự chế hay bị sửa sẽ lộ ngay."),
        "address": address(f"/verify/{c.code}", language()),
        "shown_address": f"{site()}/verify/{c.code}",
        "foot": _(
            "In ngày %(day)s từ %(at)s. Bản ghi trong sổ của tỉnh, không thay giấy chứng nhận. "
            "Tình trạng có thể đổi sau ngày in.",
            day=dmy(on),
            at=site(),
        ),
    }
    files = {"stars": drawn_stars(c.stars), "qr": picture(signed_address(c), "svg").decode()}
    return typeset("record", facts, kind="pdf", files=files)


def _facts(one: Verified) -> list[list[str]]:
    c, english = one.certificate, language() == "en"
    granted, decision = c.granted_as, c.decision
    rows = [
        [_("Làm bởi"), c.product.producer.name],
        [_("Xã, phường"), c.product.producer.commune.name],
        [_("Bộ sản phẩm"), f"{granted.name_en if english else granted.name} ({granted.decision})"],
        [_("Số quyết định"), decision.number],
        [_("Nơi cấp"), decision.authority],
        [_("Ngày cấp"), dmy(c.issued_on)],
        [_("Hết hạn"), dmy(c.expires_on)],
    ]
    if c.potential_five:
        told = _("Tiềm năng 5 sao: tỉnh chấm từ 90 điểm, bộ chưa quyết định. Đến nay sản phẩm có 4 sao.")
        rows.append([_("Ghi chú"), told])
    if c.printed_number:
        rows.append([_("Số in trên giấy"), c.printed_number])
    return rows


def _standing(one: Verified) -> str:
    """The standing in large words; what no longer counts says so before all else."""
    words: dict[Standing, str] = {
        Standing.IN_FORCE: _("Còn hiệu lực"),
        Standing.LAPSED: _("Đã hết hạn"),
        Standing.REVOKED: _("Đã bị thu hồi"),
        Standing.SUPERSEDED: _("Đã được thay"),
        Standing.NOT_YET: _("Chưa đến ngày hiệu lực"),
    }
    return words[one.standing]


def _why(one: Verified) -> str:
    c = one.certificate
    if one.standing is Standing.REVOKED:
        assert c.revocation is not None
        assert c.revoked_on is not None
        told = _("Quyết định thu hồi %(number)s ngày %(day)s", number=c.revocation.number, day=dmy(c.revoked_on))
        return f"{told}. {c.revocation_reason}"
    words: dict[Standing, str] = {
        Standing.IN_FORCE: _("Đến hết ngày %(day)s.", day=dmy(c.expires_on)),
        Standing.LAPSED: _("Từ sau ngày %(day)s sản phẩm không được mang sao này nữa.", day=dmy(c.expires_on)),
        Standing.SUPERSEDED: _("Đã có quyết định mới hơn; số sao đúng hôm nay xem ở trang tra giấy."),
        Standing.NOT_YET: _("Có hiệu lực từ ngày %(day)s.", day=dmy(c.issued_on)),
    }
    return words[one.standing]


def drawn_stars(count: int) -> str:
    """Five stars, `count` of them filled: the rest are outlines."""
    drawn = "".join(
        f'<path d="{STAR}" transform="translate({45 + i * 92} 45)" stroke="#BF2F1A" stroke-width="4"'
        f' fill="{"#BF2F1A" if i < count else "none"}"/>'
        for i in range(5)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 90">{drawn}</svg>'
