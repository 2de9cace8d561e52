"""The worker's part: staff are told of what is placed and can no longer be shown."""

from datetime import datetime

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import transaction
from marketplace.trade.promotion.queries import list_untold
from marketplace.trade.promotion.services import tell_staff
from marketplace.trade.promotion.standing import STAFF_ARE_TOLD, goods_of, hindrance


def watch(at: datetime) -> int:
    """Tell staff, once for each placement, that it gives way to the next; answers of how many. Called every minute."""
    on = day_of(at)
    untold = list_untold(on)
    if not untold:
        return 0
    goods = goods_of(untold, on=on, hidden=frozenset())
    found = [(each, why) for each in untold if (why := hindrance(each, goods)) in STAFF_ARE_TOLD]
    told = 0
    for placement, why in found:
        with transaction():
            told += tell_staff(placement=placement, why=str(why), at=at)
    return told
