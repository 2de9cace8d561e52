"""The communes of a province, for the address form."""

from flask import Blueprint, render_template

from marketplace.people.places.queries import list_communes
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.errors import NotFound

bp = Blueprint("places", __name__)


@bp.get("/places/<province_code>/communes")
@allow(PUBLIC)
def communes(province_code: str) -> str:
    """The options of a select, for the province just chosen."""
    units = list_communes(province_code)
    if not units:
        raise NotFound
    return render_template("places/communes.html", units=units)
