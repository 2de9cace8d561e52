"""Whether orders, providers and the bank tell the same: every row matched, or in exactly one bucket with a name."""
