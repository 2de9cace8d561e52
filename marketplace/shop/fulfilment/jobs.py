"""The worker's part: closing what was delivered a week ago."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.platform.core.db import transaction
from marketplace.shop.fulfilment.services import complete_part


def complete(payload: Mapping[str, Any], at: datetime) -> None:
    """Handle the job `orders.complete`."""
    with transaction():
        complete_part(number=payload["number"], position=payload["position"], at=at)
