"""Wider markets: what a product sheet is made of, and what each market abroad asks of a product."""
