"""The office plans business meetings for a fair; the campaign's own pages do the rest."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.verbs import perform
from marketplace.trade.fair_meetings.services import open_meetings
from marketplace.trade.fairs.policies import RUN_FAIRS

bp = Blueprint("office_fair_meetings", __name__, url_prefix="/office/fairs/<code>")


@bp.post("/meetings")
@allow(RUN_FAIRS)
def plan(code: str) -> Any:
    done = _("Đã lập nháp và mời các gian hàng đã xác nhận. Xem lại giờ, số bàn, mời nơi phân phối rồi mở.")
    came = perform(partial(open_meetings, code=code, by=current_actor(), at=now()), done)
    for words in came.errors.values():
        flash(words, "bad")
    if not came.made:
        return redirect(url_for("office_fairs.fair", code=code))
    return redirect(f"/office/matchmaking/campaigns/{came.value.code}")
