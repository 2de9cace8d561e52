"""The worker's part: at the start and the end of a flash sale the index learns the new price."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import transaction


def turn_sale(payload: Mapping[str, Any], at: datetime) -> None:
    """Handle the job `pricing.sale_turns`."""
    with transaction():
        changed("listing", int(payload["listing"]), at=at)
