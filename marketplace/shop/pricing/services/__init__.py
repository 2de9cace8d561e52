"""The verbs of prices."""

from marketplace.shop.pricing.services.agreeing import AgreedGone, agree, use_agreed
from marketplace.shop.pricing.services.keeping import NoWholesale, change_price, replace_tiers, set_terms, set_tiers
from marketplace.shop.pricing.services.sales import (
    SALE_TURNS,
    SaleFacts,
    SaleOver,
    SaleSoldOut,
    end_sale,
    plan_sale,
    put_back_sold,
    sell,
)

__all__ = [
    "SALE_TURNS",
    "AgreedGone",
    "NoWholesale",
    "SaleFacts",
    "SaleOver",
    "SaleSoldOut",
    "agree",
    "change_price",
    "end_sale",
    "plan_sale",
    "put_back_sold",
    "replace_tiers",
    "sell",
    "set_terms",
    "set_tiers",
    "use_agreed",
]
