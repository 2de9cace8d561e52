"""One step of a distributor's verification: allowed, written down."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_
from marketplace.trade.distributors.models import TRANSITIONS, Distributor, DistributorStep, Standing


class NotNow(Conflict):
    """Where the verification stands, this cannot be done to it."""

    code = "distributor_standing"
    message = N_("Nơi phân phối này đang ở bước khác nên chưa làm được việc này. Hãy tải lại trang để xem.")


class ChangedMeanwhile(Conflict):
    """The distributor, or another officer, changed something after the page was opened."""

    code = "changed_meanwhile"
    message = N_("Hồ sơ vừa đổi sau khi bạn mở trang. Hãy xem lại rồi quyết định.")


def move(
    distributor: Distributor, to: Standing, *, verb: str, by: Actor, at: datetime, remark: str = "", told: str = ""
) -> None:
    """Take a held distributor one step further, written down in its history and in the trail; or NotNow.

    `remark` is the officer's word that stays on its page; `told` says in the history what was done, where that is
    not a remark.
    """
    if to not in TRANSITIONS[distributor.standing]:
        raise NotNow
    distributor.standing, distributor.remark = to, remark
    if to is Standing.WAITING:
        distributor.sent_at = at
    words = remark or told
    db.session.add(DistributorStep(distributor_id=distributor.id, at=at, standing=to, actor_name=by.name, remark=words))
    detail = {"remark": words} if words else {}
    slug = distributor.organisation.slug
    record(by=by, action=f"distributor.{verb}", subject_type="distributor", subject=slug, at=at, detail=detail)
    db.session.flush()
