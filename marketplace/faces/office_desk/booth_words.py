"""Reasons of placings in words: why one stands there, why one stands nowhere."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.trade.allocations.parts import Part
from marketplace.trade.allocations.problem import Gathering, Need
from marketplace.trade.allocations.reasons import Why

PARTS = {
    Part.WISH: _l("đúng nguyện vọng"),
    Part.CORNER: _l("gian góc như mong muốn"),
    Part.OWED: _l("lần trước đứng chỗ khuất, lần này được chỗ tốt"),
    Part.THRIFT: _l("không chiếm điện, nước, lạnh mà mình không cần"),
    Part.STAY: _l("giữ chỗ của lượt xếp trước"),
}
NEEDS = {Need.POWER: _l("điện"), Need.WATER: _l("nước"), Need.COLD: _l("kho lạnh"), Need.AREA: _l("diện tích")}
GATHERINGS = {
    Gathering.FREE: _l("Không ép"),
    Gathering.SPREAD: _l("Rải mỗi bộ sản phẩm ra các khu"),
    Gathering.GROUPED: _l("Gom mỗi bộ sản phẩm vào một khu"),
}
WEIGHTS = {
    "wish": _l("Nguyện vọng"),
    "corner": _l("Gian góc"),
    "owed": _l("Bù cho chỗ khuất lần trước"),
    "thrift": _l("Không phí điện, nước, lạnh"),
    "stay": _l("Ít xê dịch so với lượt trước"),
    "gather": _l("Rải hoặc gom bộ sản phẩm"),
    "apart": _l("Đối thủ không đứng cạnh nhau"),
}


def needs_words(needs: list[str]) -> str:
    """`điện, kho lạnh`."""
    return ", ".join(str(NEEDS[Need(each)]) for each in needs)


def why_words(told: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Sentences of one placing, the weightiest first; `names`: exhibitors by key."""
    said = []
    if told["pinned"]:
        said.append(_("Văn phòng đã ghim."))
    if told["against"]:
        said.append(_("Ghim dù gian này thiếu: %(needs)s.", needs=needs_words(told["against"])))
    if told["met"]:
        said.append(_("Có đủ thứ bắt buộc: %(needs)s.", needs=needs_words(told["met"])))
    for each in told["parts"]:
        points = f"{each['share'] * each['weight']:.0f}/{each['weight']}"
        said.append(_("%(part)s (%(points)s điểm).", part=str(PARTS[Part(each["part"])]).capitalize(), points=points))
    if told["beside"]:
        rivals = ", ".join(names.get(key, key) for key in told["beside"])
        said.append(_("Đứng cạnh nơi bán cùng loại: %(names)s.", names=rivals))
    return said


def left_words(told: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """Why somebody stands nowhere."""
    why, needs = Why(told["why"]), needs_words(told["needs"])
    if why is Why.NOTHING_FITS:
        return str(_("Không gian nào có: %(needs)s.", needs=needs))
    if why is Why.TOO_FEW:
        facts = {"needs": needs, "there": told["there"], "wanting": told["wanting"]}
        return str(_("Chỉ %(there)d gian có %(needs)s, mà %(wanting)d nơi cần.", **facts))
    if why is Why.QUOTA:
        place = places.get(told["place"], told["place"])
        return str(
            ngettext(
                "%(place)s đã đủ %(num)d gian theo chỉ tiêu.",
                "%(place)s đã đủ %(num)d gian theo chỉ tiêu.",
                told["there"],
                place=place,
            )
        )
    return str(_("Đã hết gian phù hợp; nơi được điểm cao hơn đứng trước."))
