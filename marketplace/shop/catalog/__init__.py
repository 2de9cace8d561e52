"""Listings and variants, and the one query that decides what the public sees."""
