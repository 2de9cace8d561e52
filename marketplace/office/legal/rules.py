"""How long a legal page may be."""

LONGEST = 40_000  # characters of one page
