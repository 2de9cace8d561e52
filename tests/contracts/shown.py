"""A showcase point with all that belongs to it for the table of access, and more of it for the table of costs."""

from collections.abc import Mapping
from datetime import datetime

from marketplace.people.accounts.models import User
from marketplace.platform.core.db import transaction
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.intake import take_in
from marketplace.platform.media.keeping import put_document
from marketplace.shop.catalog.models import Variant
from marketplace.trade.showcase.models import MoveKind
from marketplace.trade.showcase.queries import get_point, list_visits
from marketplace.trade.showcase.services import VisitFacts, add_photo, close_on, put_on_display, record_visit
from tests.builders import BY, make_offer
from tests.platform.media.drawing import photo, saved
from tests.showing import POINT_TYPED, fetch_order, make_point, send_there, write_move

OFFICE, DESK = "POST /office/showcase", "POST /point/{spot}"
PARCEL = f"{DESK}/parcels/{{spotorder}}/1"
SHOWN_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    f"{OFFICE}/new": POINT_TYPED,
    f"{OFFICE}/{{spotdraft}}/edit": POINT_TYPED,
    f"{OFFICE}/{{spot}}/hours": {"day-0": "8:00-17:00"},
    f"{OFFICE}/{{spot}}/closures": {"first_day": "24/12/2030", "last_day": "24/12/2030"},
    f"{OFFICE}/{{spot}}/goods": {"listing": "{listing}"},
    f"{OFFICE}/{{spot}}/pickup": {"fee": "0"},
    f"{OFFICE}/{{spot}}/visits": {"visited_on": "20/11/2026", "visitors": "Lò A", "findings": "Sạch"},
    f"{DESK}/moves": {"kind": "received", "sku": "{sku}", "units": "1", "day": "20/11/2026", "key": "new"},
    f"{DESK}/moves/{{spotmove}}/undo": {"reason": "Nhầm"},
    f"{DESK}/goods": {"listing": "{listing}"},
    f"{PARCEL}/handed": {"code": "{spotcode}"},
    f"{PARCEL}/unfetched": {"reason": "Không tới"},
}


def shown(people: Mapping[str, User], variant: Variant, at: datetime) -> dict[str, str]:
    """A point in the commune that the distributor keeps, a draft one, and an order of the producer's sent there."""
    keeper, by = people["distributor"], people["province"].actor()
    point = make_point(at=at, keeper=keeper, pickup=0)
    draft = make_point(at=at, keeper=keeper, opened=False, name="Điểm nháp")
    made, shot = take_in(saved(photo(330, 330))), take_document(saved(photo(330, 330)), "a.jpg")
    put_document(shot, at=at)
    with transaction():
        add_photo(slug=point.slug, made=made, alt="Quầy", alt_en="", by=by, at=at)
        close_on(slug=point.slug, first_day=at.date(), last_day=at.date(), reason="", by=by, at=at)
    with transaction():
        visit = record_visit(slug=point.slug, facts=VisitFacts(at.date(), "Lò A", "Sạch"), photos=[shot], by=by, at=at)
    goods = make_offer("Chè ở điểm", at=at)
    move = write_move(point, keeper, goods, MoveKind.RECEIVED, 5, at=at)
    order = fetch_order(point, (variant, 1), at=at)
    send_there(order, people["producer"], at=at)
    (file,) = list_visits(point.id)[0].photos
    assert visit.point_id == point.id
    return {
        "spot": point.slug,
        "spotdraft": draft.slug,
        "spotphoto": made.name,
        "spotclosure": get_point(point.slug, by=by).closures[0].code,
        "spotfile": file.file.code,
        "spotgood": goods.listing.slug,
        "spotmove": move.code,
        "spotorder": order.number,
        "spotcode": order.pickup_code or "",
    }


def grow_shown(
    there: Mapping[str, str], keeper: User, seller: User, goods: Variant, at: datetime, name: str
) -> dict[str, str]:
    """One more point, and at the first one more of everything."""
    make_point(at=at, keeper=keeper, pickup=0, name=f"Điểm {name}")
    slug = there.get("spot") or make_point(at=at, keeper=keeper, pickup=0, name="Điểm đầu").slug
    point = get_point(slug, by=BY)
    made = take_in(saved(photo(330, 330)))
    with transaction():
        if len(point.photos) < 8:
            add_photo(slug=slug, made=made, alt="Quầy", alt_en="", by=BY, at=at)
        close_on(slug=slug, first_day=at.date(), last_day=at.date(), reason=name, by=BY, at=at)
        record_visit(slug=slug, facts=VisitFacts(at.date(), name, "Sạch"), by=BY, at=at)
        put_on_display(slug=slug, listing=goods.listing.slug, by=BY, at=at)
    variant = make_offer(f"Hàng {name}", at=at)
    write_move(point, keeper, variant, MoveKind.RECEIVED, 5, at=at)
    write_move(point, keeper, variant, MoveKind.SOLD, 1, at=at)
    send_there(fetch_order(point, (goods, 1), at=at), seller, at=at)
    return {"spot": slug, "spotgood": goods.listing.slug}
