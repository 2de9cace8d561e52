"""Both sides of trade for the table of access and the table of costs: distributors, demands, wholesale offers."""

from collections.abc import Mapping
from datetime import datetime

from marketplace.people.accounts.models import User
from marketplace.platform.core.db import transaction
from marketplace.shop.catalog.models import Variant
from marketplace.trade.demands.services import pause_demand
from marketplace.trade.distributors.queries import list_files
from marketplace.trade.distributors.services import suspend
from tests.builders import BY
from tests.trading import distributor_of, make_demand, make_distributor, make_wholesale

DEMAND = {"title": "Miến", "sets": "I.3.b", "unit": "kg", "volume_from": "100", "wanted_from": "2026-12-01"}
OFFER = {"sku": "{sku}", "unit": "kg", "each_capacity": "100", "least_order": "5", "lead_days": "3"}
SIDES_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    "POST /distributor/profile": {"name": "Siêu thị Núi", "kind": "shop", "sure": "1"},
    "POST /distributor/demands/new": DEMAND,
    "POST /distributor/demands/{demand}/edit": DEMAND,
    "POST /distributor/demands/{demand}/close": {"reason": "Đã tìm được"},
    "POST /office/demands/{demand}/close": {"reason": "Trùng"},
    "POST /office/distributors/{asking}/approve": {"seen": "{askseen}"},
    "POST /office/distributors/{asking}/return": {"seen": "{askseen}", "remark": "Sửa"},
    "POST /office/distributors/{seller}/suspend": {"seen": "{sellerseen}", "remark": "Ngừng"},
    "POST /office/distributors/{stopped}/lift": {"seen": "{stopseen}"},
    "POST /producer/offers/{listing}": OFFER,
}


def sides(people: Mapping[str, User], listed: Variant, hidden: Variant, at: datetime) -> dict[str, str]:
    """A verified distributor with demands in every state, one that waits, one suspended; two wholesale offers."""
    own = make_distributor(at=at, user=people["distributor"])
    asking = make_distributor("Đang chờ", at=at, verified=False)
    stopped = make_distributor("Bị ngừng", at=at)
    halted = make_demand(own, at=at)
    seen = distributor_of(stopped)
    with transaction():
        pause_demand(code=halted.code, by=own.actor(), at=at)
        suspend(slug=seen.organisation.slug, remark="x", seen=seen.version, by=BY, at=at)
    make_wholesale(people["producer"], listed, at=at, opened=False)
    make_wholesale(people["producer"], hidden, at=at)
    names = {"demand": make_demand(own, at=at).code, "drafted": make_demand(own, at=at, opened=False).code}
    names |= {"halted": halted.code, "elsewhere": make_demand(asking, at=at).code}
    for key, user in (("seller", own), ("asking", asking), ("stopped", stopped)):
        names[key] = distributor_of(user).organisation.slug
    names |= {"sellerseen": str(distributor_of(own).version), "askseen": str(distributor_of(asking).version)}
    names["stopseen"] = str(distributor_of(stopped).version)
    names["ownpaper"] = list_files(distributor_of(own).id)[0].file.code
    names["askpaper"] = list_files(distributor_of(asking).id)[0].file.code
    return names


def grow_sides(own: User, maker: User, listed: Variant, at: datetime, name: str) -> str:
    """One more distributor of each standing, demand and wholesale offer; answers a demand's code."""
    if name == "a0":
        make_distributor(at=at, user=own)
    other = make_distributor(f"Nơi mua {name}", at=at)
    make_distributor(f"Chờ {name}", at=at, verified=False)
    make_wholesale(maker, listed, at=at)
    make_demand(other, at=at, places=("2025:03388",))
    return make_demand(own, at=at, places=("2025:03390",)).code
