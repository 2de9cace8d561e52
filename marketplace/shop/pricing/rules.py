"""A producer's terms, and what an order lacks of them."""

from dataclasses import dataclass

from marketplace.platform.core.money import Money


@dataclass(frozen=True)
class Terms:
    """The least amount of goods in one order, and the days (from, until) from the order to the carrier."""

    minimum_order: Money
    ready_days: tuple[int, int]

    def missing(self, goods: Money) -> Money:
        """How much more must be ordered; zero dong where it is enough."""
        return max(self.minimum_order - goods, Money(0))


USUAL = Terms(Money(0), (1, 2))
