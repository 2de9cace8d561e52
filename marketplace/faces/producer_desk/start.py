"""A new producer's way onto the market, step by step: what is done, what is next, who does it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from marketplace.faces.producer_desk.shelves import Shelf
from marketplace.people.producers.models import Producer
from marketplace.shop.catalog.models import ListingState


@dataclass(frozen=True)
class Step:
    """One step: `state` is done, now or next; `link` leads to where it is done, if the producer does it."""

    state: str
    what: str
    when: str
    link: str = ""
    label: str = ""


def steps(producer: Producer, shelves: Sequence[Shelf]) -> list[Step]:
    """The five steps; empty once the goods are on the market."""
    published = [shelf for shelf in shelves if shelf.listing.state is ListingState.PUBLISHED]
    certified = any(shelf.seal is not None and shelf.seal.state in ("in_force", "expiring") for shelf in shelves)
    stocked = any(units or variant.weight_g is None for shelf in shelves for variant, units in shelf.variants)
    done = [True, producer.verified_at is not None, certified, bool(published), stocked]
    if all(done):
        return []
    now = done.index(False)
    texts = (
        (_("Địa chỉ thư đã xác nhận"), "", "", ""),
        (
            _("Tỉnh xác minh cơ sở"),
            _("Khai sáu bước ngắn rồi gửi; cán bộ tỉnh đối chiếu với giấy tờ và trả lời bằng thư."),
            "/producer/onboarding",
            _("Khai các bước"),
        ),
        (
            _("Sản phẩm có chứng nhận còn hiệu lực"),
            _("Cán bộ tỉnh ghi quyết định và chứng nhận vào sổ. Đã có giấy mà chưa thấy ở đây? Gọi cho tỉnh."),
            "/verify",
            _("Tra chứng nhận"),
        ),
        (
            _("Trang bán của sản phẩm lên chợ"),
            _("Tên, hình, mô tả và giá cho người mua xem."),
            "/producer/listings/",
            _("Xem trang bán"),
        ),
        (
            _("Khai số hàng trong kho"),
            _("Hết hàng thì người mua xem được nhưng không đặt được."),
            "/producer/stock",
            _("Khai kho"),
        ),
    )
    return [
        Step("done" if ok else "now" if i == now else "next", what, "" if ok else when, "" if ok else link, label)
        for i, (ok, (what, when, link, label)) in enumerate(zip(done, texts, strict=True))
    ]
