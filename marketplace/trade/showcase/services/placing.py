"""Where a point may say that it stands: a slip of one figure would put it, and the public map, far away."""

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.shop.delivery.rules import Place, great_circle_km

VIETNAM_SOUTH, VIETNAM_NORTH = 8.0, 24.0
VIETNAM_WEST, VIETNAM_EAST = 102.0, 110.0
FAR_KM = 40  # from a commune's middle: more than a point at its border needs, less than a slip of a whole degree


def misplaced(latitude: float | None, longitude: float | None, commune: AdministrativeUnit | None) -> Invalid | None:
    """What is wrong with these coordinates for a point of this commune, by field; None where nothing is."""
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        return Invalid({"longitude": N_("Ghi cả vĩ độ và kinh độ, hoặc bỏ trống cả hai.")})
    if not (VIETNAM_SOUTH <= latitude <= VIETNAM_NORTH and VIETNAM_WEST <= longitude <= VIETNAM_EAST):
        outside = N_("Tọa độ này không ở Việt Nam. Vĩ độ trước, kinh độ sau, như 22.39 và 103.46.")
        return Invalid({"latitude": outside})
    middle = _middle(commune)
    km = great_circle_km((latitude, longitude), middle) if middle else 0
    if commune is None or km <= FAR_KM:
        return None
    far = N_("Tọa độ này cách %(commune)s %(km)d km, quá xa. Xem lại vĩ độ, kinh độ, hoặc chọn xã, phường khác.")
    return Invalid({"latitude": far}, commune=commune.name, km=round(km))


def _middle(commune: AdministrativeUnit | None) -> Place | None:
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return commune.latitude, commune.longitude
