"""The verbs of stock. Each changes it by conditional UPDATEs whose row counts are checked; CHECKs stand behind them."""

from marketplace.shop.inventory.services.keeping import (
    MOST_UNITS,
    BatchFacts,
    NotCounted,
    SeveralBatches,
    StockMoved,
    correct_stock,
    count_stock,
    receive_batch,
    set_low_mark,
    write_off,
)
from marketplace.shop.inventory.services.opening import open_stock
from marketplace.shop.inventory.services.trading import OutOfStock, TooManyBack, put_back, take
from marketplace.shop.inventory.services.watching import warn_of_ends

__all__ = [
    "MOST_UNITS",
    "BatchFacts",
    "NotCounted",
    "OutOfStock",
    "SeveralBatches",
    "StockMoved",
    "TooManyBack",
    "correct_stock",
    "count_stock",
    "open_stock",
    "put_back",
    "receive_batch",
    "set_low_mark",
    "take",
    "warn_of_ends",
    "write_off",
]
