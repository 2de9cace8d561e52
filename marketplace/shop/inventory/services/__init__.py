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
from marketplace.shop.inventory.services.many import (
    Correction,
    correct_many,
    hold_stocks,
    open_stock,
    set_low_marks,
)
from marketplace.shop.inventory.services.trading import OutOfStock, TooManyBack, put_back, take
from marketplace.shop.inventory.services.watching import warn_of_ends

__all__ = [
    "MOST_UNITS",
    "BatchFacts",
    "Correction",
    "NotCounted",
    "OutOfStock",
    "SeveralBatches",
    "StockMoved",
    "TooManyBack",
    "correct_many",
    "correct_stock",
    "count_stock",
    "hold_stocks",
    "open_stock",
    "put_back",
    "receive_batch",
    "set_low_mark",
    "set_low_marks",
    "take",
    "warn_of_ends",
    "write_off",
]
