"""Database and write block, change rows, money, clock, errors, access, ids, text folding."""
