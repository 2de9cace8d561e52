"""Producers of every kind, and whether the office has verified them."""
