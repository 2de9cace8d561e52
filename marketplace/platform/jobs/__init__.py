"""Background work: rows written in the block, done by the worker, at least once."""
