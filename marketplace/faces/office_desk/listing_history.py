"""What a listing has said from instant to instant, at the office's desk; an officer brings back at once."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.storefront.past import past_of, version_of
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page
from marketplace.shop.catalog.policies import KEEP_LISTINGS
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.services import restore_revision

bp = Blueprint("office_history", __name__, url_prefix="/office/listings/<slug>/history")


@bp.get("")
@allow(KEEP_LISTINGS)
def history(slug: str) -> str:
    found = get_kept(slug, by=current_actor())
    past = past_of(found, page=read_page())
    return render_template("office_desk/listing_history.html", listing=found, past=past)


@bp.get("/<int(max=999999):number>")
@allow(KEEP_LISTINGS)
def revision(slug: str, number: int) -> str:
    found = get_kept(slug, by=current_actor())
    return render_template(
        "office_desk/listing_revision.html", listing=found, version=version_of(found, number, looked_at=False)
    )


@bp.post("/<int(max=999999):number>/restore")
@allow(KEEP_LISTINGS)
def restore(slug: str, number: int) -> Response:
    try:
        with transaction():
            restore_revision(slug=slug, number=number, by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_("Trang nói lại như bản %(n)d.", n=number), "ok")
    return redirect(url_for("office_history.history", slug=slug))
