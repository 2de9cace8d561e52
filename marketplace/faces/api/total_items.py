"""What the API says goods cost together."""

from marketplace.faces.api.items import Shape


class TotalLine(Shape):
    """Goods at the price of this quantity. `available`: whether so many may be ordered now."""

    sku: str
    quantity: int
    unit_vnd: int
    total_vnd: int
    available: bool


class TotalPart(Shape):
    """What one producer (its slug) sends; goods and shipping add up to the total."""

    producer: str
    lines: list[TotalLine]
    goods_vnd: int
    shipping_vnd: int
    total_vnd: int


class TotalsDocument(Shape):
    """Parts add up to the whole, to the dong."""

    parts: list[TotalPart]
    goods_vnd: int
    shipping_vnd: int
    total_vnd: int
