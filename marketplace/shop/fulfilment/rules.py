"""Who carries a parcel."""

from marketplace.platform.core.folding import fold

OWN = frozenset({"tu giao", "nha giao", "ban giao", "self", "self delivery", "own delivery"})


def is_own_delivery(carrier: str) -> bool:
    """Whether the producer brings the goods itself, as it typed it: the cash is then in its own hands."""
    return " ".join(fold(carrier).split()) in OWN
