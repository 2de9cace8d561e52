"""Goods brought in by file: listings, variants and opening stock of certified products, written in one block."""
