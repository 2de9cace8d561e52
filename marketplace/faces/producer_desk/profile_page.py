"""Who the producer is, as buyers are told by law, and its story; beside it the support that the office wrote down."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import Length, NumberRange, Optional

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.support_words import SUPPORT_KINDS
from marketplace.office.support.queries import list_of_producer
from marketplace.people.producers.queries import get_own
from marketplace.people.producers.services import ProducerProfile, save_profile
from marketplace.platform.core.access import Actor, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import Form, LineField, TextField, told_on
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP

bp = Blueprint("producer_profile", __name__, url_prefix="/producer/profile")


class ProfileForm(Form):
    """What the producer says of itself; what the office checks is said on the way to verification."""

    street = LineField(_l("Thôn, bản, số nhà"), validators=[Length(max=200)])
    founded_year = IntegerField(
        _l("Làm nghề từ năm"), validators=[Optional(), NumberRange(1500, 2100, _l("Nhập năm bằng bốn chữ số."))]
    )
    story = TextField(_l("Câu chuyện của nơi làm"), validators=[Length(max=6000)])
    story_en = TextField(_l("Câu chuyện, tiếng Anh"), validators=[Length(max=6000)])

    def profile(self) -> ProducerProfile:
        """What was typed."""
        return ProducerProfile(
            street=self.street.data,
            founded_year=self.founded_year.data,
            story=self.story.data,
            story_en=self.story_en.data,
        )


@bp.route("/", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def profile() -> Any:
    by = current_actor()
    own = get_own(by)
    form = ProfileForm(obj=own)
    if form.validate_on_submit():
        with told_on(form), transaction():
            save_profile(profile=form.profile(), by=by, at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("producer_profile.profile"))
    return _page(form, own.id, by), 422 if form.errors else 200


def _page(form: ProfileForm, producer_id: int, by: Actor) -> str:
    return render_template(
        "producer_desk/profile.html",
        form=form,
        support=list_of_producer(producer_id),
        support_kinds=SUPPORT_KINDS,
        **desk(by),
    )
