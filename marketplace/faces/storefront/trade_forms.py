"""What the forms of trade share: whole numbers as people write them, and what there is to choose from."""

from flask_babel import gettext as _
from wtforms import SelectChoice

from marketplace.faces.storefront.product_page import unit_name
from marketplace.faces.storefront.trade_words import STORAGE_NAMES
from marketplace.platform.core.money import Money, ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import Form
from marketplace.trade.demands.rules import DEMAND_UNITS
from marketplace.trade.distributors.rules import KIND_NAMES

MOST_DIGITS = 12


class FiguresForm(Form):
    """A form whose numbers are typed as text, so that what was typed stays where it is none."""

    def whole(self, name: str, wrong: dict[str, str]) -> int | None:
        """The whole number of a field, None where nothing was typed; what is none is said in `wrong`."""
        typed = (self[name].data or "").removesuffix("₫").removesuffix("%").strip()
        if not typed:
            return None
        digits = ungroup(typed)
        if digits is None or len(digits) > MOST_DIGITS:
            wrong[name] = N_("Nhập bằng chữ số.")
            return None
        return int(digits)


def shown(figure: int | Money | None) -> str:
    """A figure as it is typed; None is nothing."""
    return "" if figure is None else str(figure.amount if isinstance(figure, Money) else figure)


def offered_units() -> list[SelectChoice]:
    """The units that demands and offers count in."""
    return [SelectChoice(unit.value, unit_name(unit)) for unit in DEMAND_UNITS]


def offered_storages() -> list[SelectChoice]:
    """How goods may be kept."""
    return [SelectChoice(storage.value, _(name)) for storage, name in STORAGE_NAMES.items()]


def offered_kinds() -> list[SelectChoice]:
    """Every kind of distributor."""
    return [SelectChoice(kind.value, _(name)) for kind, name in KIND_NAMES.items()]
